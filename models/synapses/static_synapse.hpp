// A fixed weight for each connection.
#pragma once
#include "models/core/synapse.hpp"

namespace volley::synapses {
using namespace models::declare;

struct static_synapse {
  template <class V> struct params {};
  template <class V> struct traces {};
  static constexpr std::string_view name = "static_synapse";
  static constexpr std::string_view meaning = "transmits spikes and currents with a fixed weight";
  static constexpr auto fields = table();
  static constexpr bool common_parameters = false, common_weight = false;
  static constexpr auto variants = labelled | compact;
  static const char* check(const params<double>&, const traces<double>&, double) { return nullptr; }
};

}  // namespace volley::synapses
