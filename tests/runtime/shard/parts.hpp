// Parts of a shard, made by hand: for tests that drive one of them.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/base/contract.hpp"
#include "runtime/devices/built_in_devices.hpp"
#include "runtime/shard/model_catalog.hpp"
#include "runtime/shard/shard_parts.hpp"

namespace volley::runtime::tests {

inline attributes prototype(std::string_view neuron) {
  return attributes(*std::ranges::find(built_in_models().neurons, neuron, &models::neuron_model::name));
}
inline const models::synapse_model& synapse(std::string_view name) {
  return *std::ranges::find(built_in_models().synapses, name, &models::synapse_model::name);
}

/// A generator of these spikes, active for ever.
inline stimulator train(std::uint64_t id, const std::vector<timed_spike>& spikes) {
  const time_grid grid;
  parameters_of<devices::spike_generator> p;
  for (const auto& spike : spikes) {
    p.spike_times.push_back(grid.to_ms(spike.stamp));
    p.spike_weights.push_back(spike.weight);
    p.spike_multiplicities.push_back(spike.multiplicity);
  }
  return {id, p, grid};
}
/// A recorder that listens for ever.
inline recorder_spec listener(std::uint64_t id) {
  recorder_spec spec;
  spec.id = id;
  spec.window = {-1, 1000000};
  return spec;
}
inline tap tap_of(recorder_ordinal recorder, std::uint64_t recorder_id, node_set nodes) {
  tap t;
  t.recorder = recorder;
  t.recorder_id = recorder_id;
  t.nodes = std::move(nodes);
  return t;
}

/// All to all, into the first store.
inline projection all_to_all(node_set sources, node_set targets, double weight, double delay_ms,
                             const models::synapse_model& model = synapse("static_synapse")) {
  auto rule = std::make_shared<rule_spec>();
  rule->sources = std::move(sources);
  rule->targets = std::move(targets);
  projection p;
  p.rule = std::move(rule);
  p.weight = weight;
  p.delay_ms = delay_ms;
  p.defaults.assign(model.defaults.begin(), model.defaults.end());
  return p;
}

inline node_set ids(std::uint64_t first, std::uint64_t last) { return {0, {{first, last, 1}}}; }

}  // namespace volley::runtime::tests
