// Adaptive exponential integrate-and-fire neuron (Brette & Gerstner 2005) with exponential synaptic conductances,
// integrated by an adaptive Runge-Kutta-Fehlberg 4(5) scheme.
//
//   C_m V_m' = -g_L (V_m - E_L) + g_L Delta_T exp((V_m - V_th) / Delta_T) - w
//              - g_ex (V_m - E_ex) - g_in (V_m - E_in) + I_stim + I_e                                       (eq. 1, 2)
//   tau_w w' = a (V_m - E_L) - w                                                                           (eq. 3)
//   g_s' = -g_s / tau_syn_s;  g_s jumps by |w_s| with each spike of weight w_s
//   V_m >= V_peak: a spike, then V_m = V_reset for t_ref, and w grows by b                                 (eq. 4)
#pragma once
#include "models/core/adaptive_exponential.hpp"

namespace volley::neurons {
using namespace models::declare;

struct aeif_cond_exp {
  template <class V> struct params : models::adex::params<V> {
    V E_ex = 0, E_in = -85, tau_syn_ex = 0.2, tau_syn_in = 2;
  };
  template <class V> struct state : models::adex::state<V> { V g_ex = 0, g_in = 0; };
  template <class V> struct derived : models::adex::derived<V> { V rate_ex, rate_in; };
  template <class V> struct input { V ex, in, current; };
  using P = params<double>;
  using S = state<double>;
  using I = input<double>;

  static constexpr std::string_view name = "aeif_cond_exp";
  static constexpr std::string_view meaning =
      "adaptive exponential integrate-and-fire neuron with exponential synaptic conductances";
  static constexpr auto fields =
      join(models::adex::rows(),
           table(param("E_ex", &P::E_ex, mV, "excitatory reversal potential"),
                 param("E_in", &P::E_in, mV, "inhibitory reversal potential"),
                 param("tau_syn_ex", &P::tau_syn_ex, ms, "decay time of the excitatory conductance", positive),
                 param("tau_syn_in", &P::tau_syn_in, ms, "decay time of the inhibitory conductance", positive),
                 variable("g_ex", &S::g_ex, nS, "excitatory conductance", non_negative, recordable),
                 variable("g_in", &S::g_in, nS, "inhibitory conductance", non_negative, recordable)));
  static_assert(covers<P>(fields, part::params) && covers<S>(fields, part::state));
  static constexpr auto channels = inputs(by_sign(&I::ex, &I::in), current(&I::current));

  static const char* check(const P& p) { return models::adex::check(p); }
  static derived<double> calibrate(const P& p, resolution h) {
    return {models::adex::calibrate(p, h), 1 / p.tau_syn_ex, 1 / p.tau_syn_in};
  }

  template <class V> static V step(const params<V>& p, const derived<V>& d, state<V>& s, const input<V>& in) {
    const auto slope = [&](const std::array<V, 4>& y) -> std::array<V, 4> {
      const auto& [V_m, w, g_ex, g_in] = y;
      const V v = models::adex::potential<V>(p, s, V_m);
      const auto m = models::adex::membrane<V>(p, d, s, v, w, -g_ex * (v - p.E_ex) - g_in * (v - p.E_in));
      return {m.V_m, m.w, -g_ex * d.rate_ex, -g_in * d.rate_in};
    };
    std::array<V, 4> y{s.V_m, s.w, s.g_ex, s.g_in};
    const V spikes = models::adex::advance<4, V>(p, d, s, y, slope);
    s.V_m = y[0];
    s.w = y[1];
    s.g_ex = y[2] + in.ex;
    s.g_in = y[3] - in.in;  // inhibitory weights are negative
    s.I_stim = in.current;
    return spikes;
  }
};

}  // namespace volley::neurons
