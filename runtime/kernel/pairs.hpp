// Which pairs of nodes Connect may connect, and how the nodes of a call are told apart.
#pragma once
#include <memory>
#include <vector>

#include "models/core/device.hpp"
#include "runtime/kernel/network.hpp"
#include "runtime/kernel/synapse_values.hpp"
#include "runtime/rules/projection.hpp"
#include "runtime/shard/tap.hpp"

namespace volley::runtime {

/// Pairs of a call: sources that send one kind of thing (neurons send spikes of nodes), and targets that are all
/// neurons or all devices.
struct pair_group {
  models::device_output from;
  bool to_devices;
  node_set sources, targets;
  bool has_recorders() const { return to_devices || from == models::device_output::requests; }
  bool has_currents() const { return from == models::device_output::currents; }
};

/// Nodes whose ids may repeat.
node_set set_of(const network&, std::vector<std::uint64_t> ids);

/// The i-th source with the i-th target. REQUIRES: as many of both.
std::shared_ptr<const id_pairs> pairs_of(const network&, std::vector<std::uint64_t> sources,
                                         std::vector<std::uint64_t> targets);
/// The same on one of several ranks, which have `all` together.
std::shared_ptr<const id_pairs> pairs_of(const network&, std::vector<std::uint64_t> sources,
                                         std::vector<std::uint64_t> targets, listed_pairs all);

std::vector<pair_group> groups_of(const network&, const rule_spec& rule);
std::vector<pair_group> groups_of(const network&, const id_pairs& pairs);

/// Errors: IllegalConnection, UnknownReceptorType, IncompatibleReceptorType; NotImplemented where a rule cannot do it.
void check_rule(const network&, const rule_spec& rule, const std::vector<pair_group>& groups, const synapse_spec& spec);
void check_pairs(const network&, const std::vector<pair_group>& groups, const synapse_spec& spec);
/// True when only the connections can show whether their targets have the receptors. REQUIRES: check_pairs() passed,
/// and the targets are neurons.
bool receptors_need_trial(const network&, const pair_group& pairs, const connection_number& receptor);
/// The neuron model of all these nodes, as the catalog knows it; empty where they differ or are devices.
std::string_view common_model(const network&, const node_set& nodes);
/// What the connections of a detector end at. Errors: UnknownReceptorType.
void check_detected(const network&, const tap& t);
/// What a meter samples, also `in_this_call`. Errors: IllegalConnection.
void check_sampled(const network&, const tap& t, const std::map<recorder_ordinal, id_intervals>& in_this_call);

}  // namespace volley::runtime
