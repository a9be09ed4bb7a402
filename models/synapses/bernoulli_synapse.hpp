// Spikes are transmitted with a probability, each for itself (Lefort et al. 2009).
#pragma once
#include <array>
#include <optional>

#include "models/core/synapse.hpp"

namespace volley::synapses {
using namespace models::declare;

struct bernoulli_synapse {
  template <class V> struct params { V p_transmit = 1; };
  template <class V> struct traces {};
  using P = params<double>;
  using T = traces<double>;
  using chances = P;

  static constexpr std::string_view name = "bernoulli_synapse";
  static constexpr std::string_view meaning = "transmits a spike with a probability";
  static constexpr bool common_parameters = false, common_weight = false;
  static constexpr auto variants = labelled | compact;
  static constexpr std::size_t draws = 1;
  static constexpr auto fields = table(
      param("p_transmit", &P::p_transmit, none, "probability of a spike's transmission", non_negative, at_most(1)));
  static_assert(models::covers<P>(fields, models::part::params));

  static const char* check(const P&, const T&, double) { return nullptr; }

  static chances at_spike(const P& p, const T&, double) { return p; }

  static std::optional<double> on_spike(const chances& c, double weight, const std::array<double, draws>& uniform) {
    if (uniform[0] >= c.p_transmit) return std::nullopt;
    return weight;
  }
};

}  // namespace volley::synapses
