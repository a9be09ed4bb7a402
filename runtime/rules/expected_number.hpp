// How many connections a rule makes, told without drawing them.
#pragma once
#include <vector>

#include "runtime/rules/rule.hpp"

namespace volley::runtime {

/// The number over all VPs: exact for all_to_all, one_to_one and fixed numbers, the expectation for random ones. A
/// Parameter as the rule's number is sampled. Errors: as parameter::evaluate.
double expected_connections(const rule_spec& rule);

/// Values of a spatial Parameter for some pairs that the mask of a rule with space lets through. Errors: as
/// parameter::evaluate.
std::vector<double> sampled_in_space(const rule_spec& rule, const parameter& p);

}  // namespace volley::runtime
