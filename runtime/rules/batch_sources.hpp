// One way to walk for each rule; its file says how it draws.
#pragma once
#include <memory>

#include "runtime/rules/walk.hpp"

namespace volley::runtime {

std::unique_ptr<batch_source> walk_all_to_all(const rule_spec& spec, const layout& place);
std::unique_ptr<batch_source> walk_one_to_one(const rule_spec& spec, const layout& place);
std::unique_ptr<batch_source> walk_fixed_indegree(const rule_spec& spec, const layout& place);
std::unique_ptr<batch_source> walk_fixed_outdegree(const rule_spec& spec, const layout& place);
std::unique_ptr<batch_source> walk_fixed_total_number(const rule_spec& spec, const layout& place);
std::unique_ptr<batch_source> walk_pairwise_bernoulli(const rule_spec& spec, const layout& place);
std::unique_ptr<batch_source> walk_pairwise_poisson(const rule_spec& spec, const layout& place);
std::unique_ptr<batch_source> walk_symmetric_pairwise_bernoulli(const rule_spec& spec, const layout& place);
/// Any of the rules that can draw in space.
std::unique_ptr<batch_source> walk_in_space(const rule_spec& spec, const layout& place);
std::unique_ptr<batch_source> walk_degrees_in_space(const rule_spec& spec, const layout& place);
std::unique_ptr<batch_source> walk_third_factor_bernoulli_with_pool(const rule_spec& spec, const layout& place);

}  // namespace volley::runtime
