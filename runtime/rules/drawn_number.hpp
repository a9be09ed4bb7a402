// The number of a rule as it applies to one node or one pair: fixed, or a Parameter's value there.
#pragma once
#include <cstdint>

#include "runtime/rules/node_index.hpp"
#include "runtime/rules/rule.hpp"
#include "runtime/values/draw_site.hpp"

namespace volley::runtime {

/// The degree of `node`, drawn at `site`, for fixed_indegree and fixed_outdegree; a Parameter's value is rounded,
/// negative ones count as 0. `free` nodes may be at the other end. Errors: BadProperty, whose place is the node, when a
/// drawn degree cannot be met.
std::uint64_t degree_at(const rule_spec& spec, std::uint64_t node, const draw_site& site, std::uint64_t free);

/// Throws BadProperty, whose place is the target, for a drawn mean of pairwise_poisson that is above max_degree or no
/// number.
[[noreturn]] void refuse_mean(double mean, std::uint64_t target);

/// A Parameter's value for each pair of one target, sources in order.
class pair_values {
 public:
  /// `spec` must outlive this; its number is a Parameter.
  explicit pair_values(const rule_spec& spec) : spec_(spec) {}
  /// Values for `target` and sources first, first + 1, ... by position.
  void evaluate(std::uint64_t target, const node_index& sources, std::uint32_t first, std::span<double> out);

 private:
  const rule_spec& spec_;
  std::vector<std::uint32_t> source_ids_;
};

}  // namespace volley::runtime
