#include "runtime/rules/walk.hpp"

#include "runtime/rules/batch_sources.hpp"

namespace volley::runtime {
namespace {

std::unique_ptr<batch_source> walk(const rule_spec& spec, const layout& place) {
  if (draws_in_space(spec)) return walk_in_space(spec, place);
  switch (spec.kind) {
    case rule_kind::all_to_all: return walk_all_to_all(spec, place);
    case rule_kind::fixed_indegree: return walk_fixed_indegree(spec, place);
    case rule_kind::fixed_outdegree: return walk_fixed_outdegree(spec, place);
    case rule_kind::fixed_total_number: return walk_fixed_total_number(spec, place);
    case rule_kind::one_to_one: return walk_one_to_one(spec, place);
    case rule_kind::pairwise_bernoulli: return walk_pairwise_bernoulli(spec, place);
    case rule_kind::pairwise_poisson: return walk_pairwise_poisson(spec, place);
    case rule_kind::symmetric_pairwise_bernoulli: return walk_symmetric_pairwise_bernoulli(spec, place);
    case rule_kind::third_factor_bernoulli_with_pool: return walk_third_factor_bernoulli_with_pool(spec, place);
  }
  return nullptr;
}

}  // namespace

rule_walk::rule_walk(const rule_spec& spec, const layout& place) : source_(walk(spec, place)) {}

}  // namespace volley::runtime
