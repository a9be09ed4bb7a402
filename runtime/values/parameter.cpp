#include "runtime/values/parameter.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "runtime/base/error.hpp"
#include "runtime/values/column_evaluation.hpp"
#include "runtime/values/common_draws.hpp"
#include "runtime/values/term_rules.hpp"

namespace volley::runtime {
namespace {

std::uint8_t axis_bit(double axis) { return static_cast<std::uint8_t>(1u << (axis < 3 ? static_cast<int>(axis) : 3)); }

spatial_reads reads_of(const std::vector<term>& terms) {
  spatial_reads reads;
  for (const term& t : terms) {
    if (t.what == operation::position) {
      auto& axes = t.numbers[1] == 0 ? reads.node : t.numbers[1] == 1 ? reads.source : reads.target;
      axes |= axis_bit(t.numbers[0]);
    } else if (t.what == operation::distance) {
      if (t.numbers[0] == 0)
        reads.distance = true;
      else
        reads.apart |= axis_bit(t.numbers[0] - 1);
    } else if (is_spatial_function(t.what)) {
      reads.functions = true;
    }
  }
  return reads;
}

}  // namespace

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
      spatial_(std::ranges::any_of(terms_, [](const term& t) { return runtime::is_spatial(t.what); })),
      reads_(reads_of(terms_)) {}

// Sums and products of what is finite may be infinite, and infinite ones what is no number: these do not count, for
// their numbers are beyond any use.
bool parameter::is_number_everywhere() const {
  const auto is_constant = [](const term& t) { return t.what == operation::constant; };
  return std::ranges::none_of(terms_, [&](const term& t) {
    switch (t.what) {
      case operation::constant: return !std::isfinite(t.numbers[0]);
      case operation::divide: {
        const term& by = terms_[t.arguments[1]];
        return !is_constant(by) || by.numbers[0] == 0;
      }
      case operation::power: return t.numbers[0] < 0 || t.numbers[0] != std::floor(t.numbers[0]);
      case operation::gamma: return true;
      default: return false;
    }
  });
}

double parameter::evaluate(const draw_site& site) const { return program_.run(site); }

void parameter::evaluate(const draw_sites& sites, std::span<double> out) const {
  if (constant_) {
    std::ranges::fill(out, program_.run({sites.key, {}, sites.place}));
  } else if (out.empty() || draw_at_once(program_, sites, out) || evaluate_columns(program_, sites, out)) {
    return;
  } else {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = program_.run(sites[i]);
  }
}

void parameter::evaluate_both(const parameter& even, const parameter& odd, const draw_sites& sites,
                              std::span<double> even_out, std::span<double> odd_out) {
  if (even_out.empty() || draw_both_at_once(even.program_, odd.program_, sites, even_out, odd_out)) return;
  even.evaluate(sites, even_out);
  auto beside = sites;
  ++beside.place;
  odd.evaluate(beside, odd_out);
}

}  // namespace volley::runtime
