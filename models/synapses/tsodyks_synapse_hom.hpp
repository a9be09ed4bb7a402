// Short-term depression and facilitation (Tsodyks, Uziel & Markram 2000) with one weight and one set of parameters for
// all connections of the model.
//
//   x + y + z = 1: resources that are recovered, active, inactive
//   between spikes:     x' = z / tau_rec,  y' = -y / tau_psc,  u' = -u / tau_fac (0 where tau_fac is)
//   the source spikes:  u grows by U (1 - u); then u x becomes active, and weight u x is transmitted
#pragma once
#include "models/core/short_term.hpp"
#include "models/core/synapse.hpp"

namespace volley::synapses {
using namespace models::declare;

struct tsodyks_synapse_hom : models::three_states {
  static constexpr std::string_view name = "tsodyks_synapse_hom";
  static constexpr std::string_view meaning =
      "short-term depression and facilitation with three states of resources, equal weights and parameters";
  static constexpr bool common_parameters = true, common_weight = true;
  static constexpr auto variants = labelled | compact;
  static constexpr auto fields = rows();
  static_assert(models::covers<P>(fields, models::part::params) && models::covers<T>(fields, models::part::state));
};

}  // namespace volley::synapses
