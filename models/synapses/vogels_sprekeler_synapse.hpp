// Symmetric spike-timing dependent plasticity that balances excitation by inhibition (Vogels, Sprekeler et al. 2011):
// each pair of spikes, in whichever order, makes the weight larger; each spike of the source makes it smaller.
//
//   the target spikes:  |w| grows by eta Kplus, to |Wmax| at most
//   the source spikes:  |w| grows by eta K_minus, to |Wmax| at most, and shrinks by alpha eta, to 0 at most
//   Kplus' = -Kplus / tau, + 1 with each spike of the source
//   K_minus: the same of the target's spikes, with its tau_minus
#pragma once
#include "models/core/lanes.hpp"
#include "models/core/math.hpp"
#include "models/core/synapse.hpp"

namespace volley::synapses {
using namespace models::declare;

struct vogels_sprekeler_synapse {
  template <class V> struct params { V tau = 20, eta = 0.001, alpha = 0.12, Wmax = 1; };
  template <class V> struct traces { V Kplus = 0; };
  using P = params<double>;
  using T = traces<double>;

  static constexpr std::string_view name = "vogels_sprekeler_synapse";
  static constexpr std::string_view meaning = "symmetric spike-timing dependent plasticity with constant depression";
  static constexpr bool common_parameters = false, common_weight = false;
  static constexpr auto variants = labelled | compact;
  static constexpr double default_weight = 0.5;
  static constexpr auto fields =
      table(param("tau", &P::tau, ms, "time constant of the source's trace"), param("eta", &P::eta, none, "step size"),
            param("alpha", &P::alpha, none, "depression by a spike of the source, in steps"),
            param("Wmax", &P::Wmax, none, "largest weight, of the weight's sign"),
            variable("Kplus", &T::Kplus, none, "trace of the source's spikes", non_negative));
  static_assert(models::covers<P>(fields, models::part::params) && models::covers<T>(fields, models::part::state));

  static const char* check(const P& p, const T&, double weight) {
    return (weight < 0) != (p.Wmax < 0) ? "weight and Wmax must have the same sign, where that of 0 is positive"
                                        : nullptr;
  }

  template <class V> static traces<V> decayed(const params<V>& p, const traces<V>& k, V since_pre_ms) {
    return {k.Kplus * models::exp(since_pre_ms * (-1.0 / p.tau))};
  }

  /// Of magnitude `size`, which is not below zero, and the sign of Wmax.
  template <class V> static V with_sign(const params<V>& p, V size) {
    return models::select(p.Wmax < 0, V(0) - size, size);
  }

  template <class V> static V grown(const params<V>& p, V weight, V trace) {
    const V size = models::abs(weight) + p.eta * trace, most = models::abs(p.Wmax);
    return with_sign(p, models::select(size < most, size, most));
  }

  template <class V> static V on_post(const params<V>& p, const traces<V>& k, V weight) {
    return grown(p, weight, k.Kplus);
  }

  template <class V> static V on_pre(const params<V>& p, const traces<V>&, V weight, V K_minus) {
    const V size = models::abs(grown(p, weight, K_minus)) - p.alpha * p.eta;
    return with_sign(p, models::select(size > 0, size, V(0)));
  }

  template <class V> static traces<V> after_pre(const params<V>&, const traces<V>& k) { return {k.Kplus + 1}; }
};

}  // namespace volley::synapses
