// What only the connections of a call can show, each with the numbers that are drawn or given for it: it is tried on
// every VP before the call counts.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "models/core/synapse_model.hpp"
#include "runtime/base/layout.hpp"
#include "runtime/base/time.hpp"
#include "runtime/connections/delay_limits.hpp"
#include "runtime/connections/receptor_rules.hpp"
#include "runtime/rules/projection.hpp"

namespace volley::runtime {

struct connection_trial {
  std::string what;  ///< begins messages: "Connect: stdp_synapse"
  time_grid time;
  std::optional<delay_limits> delays;  ///< for drawn delays
  bool weights = false;                ///< some may be no numbers
  bool values = false;                 ///< the model may refuse some weight together with the parameters
  bool receptors = false;              ///< targets may lack the receptors of their connections
  std::string from = {};               ///< see check_payload
  std::uint64_t nodes_prepared = 0;    ///< so many were prepared for a run: see check_entries_stay
  bool targets = false;                ///< some are none for a compact model
  bool rule = false;                   ///< the rule may be one that cannot be met

  bool has_numbers() const { return delays || weights || values || receptors || targets; }
  bool is_needed() const { return has_numbers() || rule; }
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(what, time, delays, weights, values, receptors, from, nodes_prepared, targets, rule);
  }
};

/// A target of a connection; none where it is a device.
using target_node = std::function<std::optional<receiver>(std::uint64_t id)>;

/// Draws what is to be tried for all connections of the call on this VP. `model`: that of the connections. Errors:
/// those of the rule's walk, and else the one of the lowest target: BadDelay, BadProperty, TypeMismatch for a receptor
/// that is no whole number, those of check_receptor, check_payload, check_entries_stay and check_compact.
void try_connections(const projection& p, const layout& place, const connection_trial& trial,
                     const models::synapse_model& model, const target_node& node_of);

/// True when a drawn delay may be illegal, as far as its bounds tell.
bool may_be_illegal(const parameter& delay_ms, const time_grid& time, const delay_limits& limits);

/// True when some weight or parameter may be one that the model refuses, as far as the bounds of the drawn ones tell.
/// `members`: numbers by member of the parameter set; the others are those of `set`.
bool may_be_illegal(const models::synapse_model& model, std::vector<double> set, const connection_number& weight,
                    const std::vector<std::pair<std::uint32_t, connection_number>>& members);

}  // namespace volley::runtime
