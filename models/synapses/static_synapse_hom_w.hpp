// A fixed weight that all connections of the model share.
#pragma once
#include "models/core/synapse.hpp"

namespace volley::synapses {
using namespace models::declare;

struct static_synapse_hom_w {
  template <class V> struct params {};
  template <class V> struct traces {};
  static constexpr std::string_view name = "static_synapse_hom_w";
  static constexpr std::string_view meaning = "transmits with a fixed weight that all connections of the model share";
  static constexpr auto fields = table();
  static constexpr bool common_parameters = false, common_weight = true;
  static constexpr auto variants = labelled | compact;
  static const char* check(const params<double>&, const traces<double>&, double) { return nullptr; }
};

}  // namespace volley::synapses
