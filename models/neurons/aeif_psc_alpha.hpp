// Adaptive exponential integrate-and-fire neuron (Brette & Gerstner 2005) with alpha-shaped synaptic currents that peak
// at the weight, integrated by an adaptive Runge-Kutta-Fehlberg 4(5) scheme.
//
//   C_m V_m' = -g_L (V_m - E_L) + g_L Delta_T exp((V_m - V_th) / Delta_T) - w
//              + I_syn_ex - I_syn_in + I_stim + I_e                                                         (eq. 1, 2)
//   tau_w w' = a (V_m - E_L) - w                                                                           (eq. 3)
//   I_s' = dI_s - I_s / tau_syn_s;  dI_s' = -dI_s / tau_syn_s;  dI_s jumps by |w_s| e / tau_syn_s with each spike
//   V_m >= V_peak: a spike, then V_m = V_reset for t_ref, and w grows by b                                 (eq. 4)
#pragma once
#include <numbers>

#include "models/core/adaptive_exponential.hpp"

namespace volley::neurons {
using namespace models::declare;

struct aeif_psc_alpha {
  template <class V> struct params : models::adex::params<V> { V tau_syn_ex = 0.2, tau_syn_in = 2; };
  template <class V> struct state : models::adex::state<V> { V dI_ex = 0, I_ex = 0, dI_in = 0, I_in = 0; };
  template <class V> struct derived : models::adex::derived<V> { V rate_ex, rate_in, jump_ex, jump_in; };
  template <class V> struct input { V ex, in, current; };
  using P = params<double>;
  using S = state<double>;
  using I = input<double>;

  static constexpr std::string_view name = "aeif_psc_alpha";
  static constexpr std::string_view meaning =
      "adaptive exponential integrate-and-fire neuron with alpha-shaped synaptic currents";
  static constexpr auto fields =
      join(models::adex::rows(),
           table(param("tau_syn_ex", &P::tau_syn_ex, ms, "rise time of excitatory currents", positive),
                 param("tau_syn_in", &P::tau_syn_in, ms, "rise time of inhibitory currents", positive),
                 variable("dI_syn_ex", &S::dI_ex, "pA/ms", "slope of the excitatory current before it falls"),
                 variable("I_syn_ex", &S::I_ex, pA, "excitatory synaptic current", non_negative, recordable),
                 variable("dI_syn_in", &S::dI_in, "pA/ms", "slope of the inhibitory current before it falls"),
                 variable("I_syn_in", &S::I_in, pA, "inhibitory synaptic current", non_negative, recordable)));
  static_assert(covers<P>(fields, part::params) && covers<S>(fields, part::state));
  static constexpr auto channels = inputs(by_sign(&I::ex, &I::in), current(&I::current));

  static const char* check(const P& p) { return models::adex::check(p); }
  static derived<double> calibrate(const P& p, resolution h) {
    using std::numbers::e;
    return {models::adex::calibrate(p, h), 1 / p.tau_syn_ex, 1 / p.tau_syn_in, e / p.tau_syn_ex, e / p.tau_syn_in};
  }

  template <class V> static V step(const params<V>& p, const derived<V>& d, state<V>& s, const input<V>& in) {
    const auto slope = [&](const std::array<V, 6>& y) -> std::array<V, 6> {
      const auto& [V_m, w, dI_ex, I_ex, dI_in, I_in] = y;
      const V v = models::adex::potential<V>(p, s, V_m);
      const auto m = models::adex::membrane<V>(p, d, s, v, w, I_ex - I_in);
      return {m.V_m, m.w, -dI_ex * d.rate_ex, dI_ex - I_ex * d.rate_ex, -dI_in * d.rate_in, dI_in - I_in * d.rate_in};
    };
    std::array<V, 6> y{s.V_m, s.w, s.dI_ex, s.I_ex, s.dI_in, s.I_in};
    const V spikes = models::adex::advance<6, V>(p, d, s, y, slope);
    s.V_m = y[0];
    s.w = y[1];
    s.dI_ex = y[2] + d.jump_ex * in.ex;
    s.I_ex = y[3];
    s.dI_in = y[4] - d.jump_in * in.in;  // inhibitory weights are negative
    s.I_in = y[5];
    s.I_stim = in.current;
    return spikes;
  }
};

}  // namespace volley::neurons
