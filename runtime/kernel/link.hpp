// How connections that were asked for get to the shards.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "runtime/connections/connection_trial.hpp"
#include "runtime/growth/element_counts.hpp"
#include "runtime/kernel/network.hpp"
#include "runtime/kernel/outcome.hpp"
#include "runtime/kernel/synapse_values.hpp"
#include "runtime/rules/projection.hpp"
#include "runtime/shard/tap.hpp"

namespace volley::runtime {

/// A rule whose connections occupy synaptic elements.
struct occupying_rule {
  std::shared_ptr<const rule_spec> rule;
  element_names elements;
};

/// What a Connect call adds.
struct new_connections {
  std::vector<projection> projections;
  std::vector<planned_connections> plans;  ///< of the projections
  std::vector<connection_trial> trials;    ///< of the projections
  std::vector<tap> taps;
  std::map<recorder_ordinal, id_intervals> sampled;  ///< nodes of meters
  std::vector<element_use> uses;                     ///< synaptic elements that they occupy
  std::vector<occupying_rule> occupying;             ///< of their connections link() counts the uses
  std::map<std::uint64_t, double> trains;            ///< of generators by id: what their n_trains grows by
  std::uint32_t ordinal = 0;                         ///< among the calls that connect
};

/// Asks all shards for the connections, after a check of what only draws and the machine's memory can show.
outcome link(network&, new_connections made);

/// Recorders are connected.
void note_taps(network&, const std::vector<tap>& made);

/// Generators have trains for more connections.
void note_trains(network&, const std::map<std::uint64_t, double>& made);

/// Asks all shards to remove connections; `what` begins messages, `uses`: what they leave. REQUIRES: their columns are
/// legal.
outcome remove_connections(network&, std::string what, connection_columns list, std::vector<element_use> uses);

/// Goes on with `then` once no connection waits to be placed.
outcome when_built(network&, std::function<outcome()> then);

}  // namespace volley::runtime
