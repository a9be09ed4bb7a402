// Adaptive exponential integrate-and-fire neuron (Brette & Gerstner 2005) whose potential jumps with each spike,
// integrated by an adaptive Runge-Kutta-Fehlberg 4(5) scheme.
//
//   C_m V_m' = -g_L (V_m - E_L) + g_L Delta_T exp((V_m - V_th) / Delta_T) - w + I_stim + I_e                (eq. 1, 2)
//   tau_w w' = a (V_m - E_L) - w                                                                           (eq. 3)
//   V_m jumps by the weight of each spike;  what arrives in the refractory period is dropped or, with
//   refractory_input, added at its end, decayed by exp(-time left g_L / C_m)
//   V_m >= V_peak: a spike, then V_m = V_reset for t_ref, and w grows by b                                 (eq. 4)
#pragma once
#include "models/core/adaptive_exponential.hpp"

namespace volley::neurons {
using namespace models::declare;

struct aeif_psc_delta {
  template <class V> struct params : models::adex::params<V> { V refractory_input = 0; };
  template <class V> struct state : models::adex::state<V> { V kept = 0; };
  template <class V> struct derived : models::adex::derived<V> { V leak; };
  template <class V> struct input { V spikes, current; };
  using P = params<double>;
  using S = state<double>;
  using I = input<double>;

  static constexpr std::string_view name = "aeif_psc_delta";
  static constexpr std::string_view meaning =
      "adaptive exponential integrate-and-fire neuron with delta-shaped synaptic currents";
  static constexpr auto fields =
      join(models::adex::rows(),
           table(flag("refractory_input", &P::refractory_input, "input during refractoriness acts at its end, decayed"),
                 internal("kept", &S::kept, mV, "input of the refractory period, decayed to its end")));
  static_assert(covers<P>(fields, part::params) && covers<S>(fields, part::state));
  static constexpr auto channels = inputs(sum(&I::spikes), current(&I::current));

  static const char* check(const P& p) { return models::adex::check(p); }
  static derived<double> calibrate(const P& p, resolution h) {
    return {models::adex::calibrate(p, h), -h.ms * p.g_L / p.C_m};
  }

  template <class V> static V step(const params<V>& p, const derived<V>& d, state<V>& s, const input<V>& in) {
    const auto slope = [&](const std::array<V, 2>& y) -> std::array<V, 2> {
      const V v = models::adex::potential<V>(p, s, y[0]);
      const auto m = models::adex::membrane<V>(p, d, s, v, y[1], V(0.0));
      return {m.V_m, m.w};
    };
    // What arrives acts after the first sub-step.
    const auto resting = s.refractory > 0;
    const V at_end = s.kept + in.spikes * exp(s.refractory * d.leak);
    V left = s.kept + in.spikes;
    const auto jump = [&](mask_of<V> lanes) {
      const V now = select(lanes, left, V(0));
      left = left - now;
      return now;
    };
    std::array<V, 2> y{s.V_m, s.w};
    const V spikes = models::adex::advance<2, V>(p, d, s, y, slope, jump);
    s.kept = select(resting & (p.refractory_input > 0), at_end, V(0));
    s.V_m = y[0];
    s.w = y[1];
    s.I_stim = in.current;
    return spikes;
  }
};

}  // namespace volley::neurons
