// A fixed weight for each connection, and a delay that need not be whole steps (Morrison et al. 2007): neurons that
// take spikes between two steps get them that long after they were sent. Connect rounds a delay that it gets, as for
// all models; one that is set with SetDefaults, CopyModel or at a connection is kept.
#pragma once
#include "models/core/synapse.hpp"

namespace volley::synapses {
using namespace models::declare;

struct cont_delay_synapse {
  template <class V> struct params { V lead = 0; };  ///< ms by which the delay is shorter than its whole steps
  template <class V> struct traces {};
  static constexpr std::string_view name = "cont_delay_synapse";
  static constexpr std::string_view meaning = "transmits spikes with a fixed weight and a delay between two steps";
  static constexpr auto fields = table();
  static constexpr auto lead = &params<double>::lead;
  static constexpr bool common_parameters = false, common_weight = false;
  static constexpr auto variants = labelled | compact;
  static const char* check(const params<double>&, const traces<double>&, double) { return nullptr; }
};

}  // namespace volley::synapses
