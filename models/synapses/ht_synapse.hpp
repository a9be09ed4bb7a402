// Short-term depression by a pool of vesicles (Hill & Tononi 2005).
//
//   between spikes:     P' = (1 - P) / tau_P
//   the source spikes:  weight P is transmitted, then P shrinks by delta_P P
#pragma once
#include "models/core/math.hpp"
#include "models/core/synapse.hpp"

namespace volley::synapses {
using namespace models::declare;

struct ht_synapse {
  template <class V> struct params { V tau_P = 500, delta_P = 0.125; };
  template <class V> struct traces { V P = 1; };
  using P = params<double>;
  using T = traces<double>;

  static constexpr std::string_view name = "ht_synapse";
  static constexpr std::string_view meaning = "short-term depression by a pool of vesicles";
  static constexpr bool common_parameters = false, common_weight = false;
  static constexpr auto variants = labelled | compact;
  static constexpr auto fields =
      table(param("tau_P", &P::tau_P, ms, "time constant of the pool's recovery", positive),
            param("delta_P", &P::delta_P, none, "share of the pool that a spike takes", non_negative, at_most(1)),
            variable("P", &T::P, none, "how full the pool is", non_negative, at_most(1)));
  static_assert(models::covers<P>(fields, models::part::params) && models::covers<T>(fields, models::part::state));

  static const char* check(const P&, const T&, double) { return nullptr; }

  static T decayed(const P& p, const T& k, double since_last_ms) {
    return {1 - (1 - k.P) * models::exp(-since_last_ms / p.tau_P)};
  }
  static double release(const P&, const T& k) { return k.P; }
  static T after_pre(const P& p, const T& k) { return {k.P - p.delta_P * k.P}; }
};

}  // namespace volley::synapses
