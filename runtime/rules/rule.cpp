#include "runtime/rules/rule.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "runtime/rules/node_index.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::runtime {
namespace {

constexpr std::array names{"all_to_all",
                           "fixed_indegree",
                           "fixed_outdegree",
                           "fixed_total_number",
                           "one_to_one",
                           "pairwise_bernoulli",
                           "pairwise_poisson",
                           "symmetric_pairwise_bernoulli",
                           "third_factor_bernoulli_with_pool"};

}  // namespace

const char* to_string(rule_kind kind) { return names[static_cast<std::size_t>(kind)]; }

std::vector<std::string> connection_rules() {
  return {names.begin(), names.begin() + static_cast<int>(rule_kind::third_factor_bernoulli_with_pool)};
}

bool draws_in_space(const rule_spec& spec) {
  if (spec.space == nullptr) return false;
  const auto* const drawn = std::get_if<parameter_ref>(&spec.number);
  return spec.space->mask.region != nullptr || spec.space->chance != nullptr ||
         (drawn != nullptr && (*drawn)->is_spatial());
}

bool may_be_refused(const rule_spec& spec) {
  const auto* const drawn = std::get_if<parameter_ref>(&spec.number);
  if (drawn == nullptr) return false;
  const auto [least, most] = (*drawn)->bounds();
  if (!(*drawn)->is_number_everywhere() || least > most) return true;
  if (spec.kind == rule_kind::pairwise_bernoulli) return false;
  double limit = static_cast<double>(max_degree);
  if (spec.has_fixed_degree()) {
    const bool one_is_banned = !spec.allow_autapses && share_nodes(spec.sources, spec.targets);
    const auto& others = spec.kind == rule_kind::fixed_indegree ? spec.sources : spec.targets;
    const auto free = static_cast<double>(others.size() - (one_is_banned ? 1 : 0));
    if (!spec.allow_multapses || free == 0) limit = std::min(limit, free);
  }
  return !(std::floor(most + 0.5) <= limit);
}

bool makes_both_directions(const rule_spec& spec) {
  return spec.make_symmetric || (spec.kind == rule_kind::all_to_all && same_nodes(spec.sources, spec.targets));
}

std::optional<array_shape> shape_of_arrays(const rule_spec& spec) {
  const std::uint64_t sources = spec.sources.size(), targets = spec.targets.size();
  const auto* const count = std::get_if<std::int64_t>(&spec.number);
  const auto per_node = static_cast<std::uint64_t>(count != nullptr ? *count : 0);
  switch (spec.kind) {
    case rule_kind::all_to_all: return array_shape{targets, sources};
    case rule_kind::one_to_one: return array_shape{0, sources};
    case rule_kind::fixed_indegree:
      return count != nullptr ? std::optional(array_shape{targets, per_node}) : std::nullopt;
    case rule_kind::fixed_outdegree:
      return count != nullptr ? std::optional(array_shape{sources, per_node}) : std::nullopt;
    case rule_kind::fixed_total_number: return array_shape{0, per_node};
    case rule_kind::pairwise_bernoulli:
    case rule_kind::pairwise_poisson:
    case rule_kind::symmetric_pairwise_bernoulli:
    case rule_kind::third_factor_bernoulli_with_pool: return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace volley::runtime
