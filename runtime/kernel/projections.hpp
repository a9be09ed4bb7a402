// What becomes of the pairs that a rule or a list connects: rows of connections, taps of recorders, or samples of
// meters.
#pragma once
#include <memory>
#include <vector>

#include "runtime/base/unknown_keys.hpp"
#include "runtime/kernel/link.hpp"
#include "runtime/kernel/network.hpp"
#include "runtime/kernel/pairs.hpp"
#include "runtime/kernel/synapse_values.hpp"
#include "runtime/rules/projection.hpp"

namespace volley::runtime {

/// A rule with the synapses that it makes of each pair, checked.
struct checked_rule {
  std::shared_ptr<const rule_spec> rule;
  std::vector<pair_group> groups;
  std::vector<synapse_spec> specs;  ///< several are collocated
};

/// The rule of a call, which is about positions or not. Errors: those of parse_rule or parse_rule_in_space, and of
/// check_synapses_in_space.
rule_spec rule_of(const network&, const dictionary& spec, const node_set& sources, const node_set& targets,
                  const std::vector<dictionary>& synapses, std::uint32_t call, unknown_keys& unknown);

/// What a syn_spec may say of connections in space (contract, section 13.4). Errors: ValueError, and those of
/// require_of_pairs.
void check_synapses_in_space(const spatial_rule& space, const std::vector<dictionary>& synapses);

/// Errors: those of groups_of, parse_synapse and check_rule; BadProperty for too many or no synapses, NotImplemented
/// for values that both directions of a symmetric rule would draw.
checked_rule check(const network&, std::shared_ptr<const rule_spec> rule, const std::vector<dictionary>& synapses,
                   unknown_keys& unknown);

/// True when the rule or a value of its synapses is drawn.
bool draws(const rule_spec& rule, const std::vector<dictionary>& synapses);

/// Adds the connections of a rule to those of a call. `first_spec`: the place of its first synapse among those of the
/// call. Errors: IllegalConnection of meters, BadDelay, MemoryError.
void add_connections(const network&, const checked_rule& of, std::size_t first_spec, new_connections& to);

/// Connections by a synapse specification, of pairs still to be named.
projection projection_of(const network&, const synapse_spec& spec);
/// Adds those between the nodes of each group.
void add_groups(const network&, projection p, const synapse_spec& spec, const std::vector<pair_group>& groups,
                new_connections& to);

}  // namespace volley::runtime
