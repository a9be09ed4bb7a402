// The synapses that structural plasticity makes and removes: the kernel attribute structural_plasticity_synapses.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "runtime/base/unknown_keys.hpp"
#include "runtime/connections/delay_limits.hpp"
#include "runtime/kernel/kernel_settings.hpp"
#include "runtime/kernel/model_registry.hpp"
#include "runtime/kernel/synapse_values.hpp"

namespace volley::runtime {

struct structural_synapse {
  std::string name;
  dictionary given;  ///< a syn_spec
  store_ordinal store;
  element_names elements;
  bool allow_autapses = true, allow_multapses = true;
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(name, given, store, elements, allow_autapses, allow_multapses);
  }
};

/// The table that users give: a syn_spec a synapse, with allow_autapses and allow_multapses. `limits`: of delays.
/// Errors: TypeMismatch; BadProperty without the names of both elements, for a Parameter, and for a delay that is not
/// the model's where the extrema of delays follow the network; those of parse_synapse.
std::vector<structural_synapse> parse_structural_synapses(const value& table, const model_registry& models,
                                                          const kernel_settings& settings, const delay_limits& limits,
                                                          unknown_keys& unknown);
/// What the connections of a synapse would have now.
synapse_spec spec_of(const structural_synapse& synapse, const model_registry& models, const kernel_settings& settings,
                     const delay_limits& limits);
/// As users read it.
dictionary values_of(const std::vector<structural_synapse>& synapses, const model_registry& models);

/// The elements that connections of a synapse model occupy; nothing where it is not in the table.
std::optional<element_names> elements_of(const std::vector<structural_synapse>& synapses, store_ordinal store);

}  // namespace volley::runtime
