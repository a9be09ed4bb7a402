#include "runtime/rules/drawn_number.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "runtime/base/error.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::runtime {

std::uint64_t degree_at(const rule_spec& spec, std::uint64_t node, const draw_site& site, std::uint64_t free) {
  if (const auto* const fixed = std::get_if<std::int64_t>(&spec.number)) return static_cast<std::uint64_t>(*fixed);
  const double drawn = std::floor(std::get<parameter_ref>(spec.number)->evaluate(site) + 0.5);
  const auto refuse = [&](const std::string& why) {
    throw api_error(
        error_kind::BadProperty,
        std::string("Connect: ") + to_string(spec.kind) + ": the drawn degree " + to_text(value(drawn)) + " " + why,
        node);
  };
  if (drawn <= 0) return 0;
  if (!(drawn <= static_cast<double>(max_degree))) refuse("must be at most " + std::to_string(max_degree));
  const auto degree = static_cast<std::uint64_t>(drawn);
  if (spec.allow_multapses ? free == 0 : degree > free)
    refuse("cannot be met: only " + std::to_string(free) + " nodes can be at the other end");
  return degree;
}

void refuse_mean(double mean, std::uint64_t target) {
  throw api_error(error_kind::BadProperty,
                  "Connect: pairwise_poisson: the drawn mean " + to_text(value(mean)) + " must be at most " +
                      std::to_string(max_degree),
                  target);
}

void pair_values::evaluate(std::uint64_t target, const node_index& sources, std::uint32_t first,
                           std::span<double> out) {
  source_ids_.resize(out.size());
  sources.low_ids(first, source_ids_);
  const draw_site site = connection_site(spec_.seed, spec_.call, 0, target, 0, 0);
  const draw_sites sites{
      site.key, {source_ids_, std::span(&site.owner[1], 1), std::span(&site.owner[2], 1)}, site.place};
  std::get<parameter_ref>(spec_.number)->evaluate(sites, out);
}

}  // namespace volley::runtime
