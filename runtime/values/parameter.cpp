#include "runtime/values/parameter.hpp"

#include <algorithm>
#include <utility>

#include "runtime/base/error.hpp"
#include "runtime/values/common_draws.hpp"
#include "runtime/values/term_rules.hpp"

namespace volley::runtime {

parameter_ref parameter::make(std::vector<term> terms) {
  if (terms.empty()) throw api_error(error_kind::BadParameter, "Parameter: malformed expression: it has no terms");
  for (std::size_t i = 0; i < terms.size(); ++i) check_term(terms[i], i);
  return parameter_ref(new parameter(std::move(terms)));
}

parameter_ref parameter::load(snapshot_reader& s) {
  std::vector<term> terms;
  s(terms);
  try {
    return make(std::move(terms));
  } catch (const api_error&) {
    s.refuse();
  }
}

parameter_ref parameter::make_constant(double value) { return make({{operation::constant, {}, {value}}}); }

parameter::parameter(std::vector<term> terms)
    : terms_(std::move(terms)),
      program_(terms_),
      constant_(
          std::ranges::none_of(terms_, [](const term& t) { return is_draw(t.what) || runtime::is_spatial(t.what); })),
      spatial_(std::ranges::any_of(terms_, [](const term& t) { return runtime::is_spatial(t.what); })) {}

double parameter::evaluate(const draw_site& site) const { return program_.run(site); }

void parameter::evaluate(const draw_sites& sites, std::span<double> out) const {
  if (constant_) {
    std::ranges::fill(out, program_.run({sites.key, {}, sites.place}));
  } else if (out.empty() || !draw_at_once(program_, sites, out)) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = program_.run(sites[i]);
  }
}

void parameter::evaluate_both(const parameter& even, const parameter& odd, const draw_sites& sites,
                              std::span<double> even_out, std::span<double> odd_out) {
  if (even_out.empty() || draw_both_at_once(even.program_, odd.program_, sites, even_out, odd_out)) return;
  even.evaluate(sites, even_out);
  odd.evaluate({sites.key, sites.owners, sites.place + 1}, odd_out);
}

}  // namespace volley::runtime
