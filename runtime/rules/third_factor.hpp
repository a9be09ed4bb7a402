// Third factors: nodes that take part in the connections of another rule. Each primary connection from a source to a
// target throws a coin; with success, one node of the target's pool takes part, and two more connections are made:
// from the source into that node, and from that node out to the target.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "runtime/rules/rule.hpp"

namespace volley::runtime {

/// Names of all rules for third factors.
std::vector<std::string> third_factor_rules();

/// Errors: builtins.KeyError where third_factor_conn_spec has no "rule", builtins.TypeError where it is no text,
/// IllegalConnection where it is none of them.
void require_third_factor_rule(const dictionary& spec);

/// Reads third_factor_conn_spec for the connections of `primary`, which makes no second direction. Errors (contract,
/// section 10.3):
/// - those of require_third_factor_rule(), and IllegalConnection without nodes
/// - TypeMismatch: a value has another type
/// - BadProperty: p outside [0, 1]; a pool that is empty or larger than the nodes; an unknown pool_type; blocks that do
///   not fit the targets
/// - UnaccessedDictionaryEntry: a key the rule does not know, where `unknown` says so
std::shared_ptr<const third_factor> parse_third_factor(const dictionary& spec, std::shared_ptr<const rule_spec> primary,
                                                       node_set nodes, unknown_keys& unknown);

/// The connections from the primary sources into the nodes.
rule_spec into_third(std::shared_ptr<const third_factor> third);
/// The connections from the nodes out to the primary targets.
rule_spec out_of_third(std::shared_ptr<const third_factor> third);

}  // namespace volley::runtime
