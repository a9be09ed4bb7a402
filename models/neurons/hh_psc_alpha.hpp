// Squid axon of Hodgkin & Huxley (1952) with alpha-shaped synaptic currents, integrated by an adaptive
// Runge-Kutta-Fehlberg 4(5) scheme. A spike is a local maximum of the membrane potential above 0 mV outside the
// refractory period; nothing is reset.
//
//   C_m V_m' = -g_Na m^3 h (V_m - E_Na) - g_K n^4 (V_m - E_K) - g_L (V_m - E_L) + I_syn_ex + I_syn_in + I_stim + I_e
//   x' = alpha_x (1 - x) - beta_x x  for  x = m (Act_m), h (Inact_h), n (Act_n)
//   alpha_n = 0.01 (V + 55) / (1 - exp(-(V + 55) / 10)),  beta_n = 0.125 exp(-(V + 65) / 80)
//   alpha_m = 0.1 (V + 40) / (1 - exp(-(V + 40) / 10)),   beta_m = 4 exp(-(V + 65) / 18)
//   alpha_h = 0.07 exp(-(V + 65) / 20),                   beta_h = 1 / (1 + exp(-(V + 35) / 10))
//   I_syn_s(t) = sum over spikes of w (e / tau_syn_s) t exp(-t / tau_syn_s)
//   a maximum of V_m at or above 0 mV: a spike, if the last one is t_ref ago
#pragma once
#include <numbers>

#include "models/core/neuron.hpp"
#include "models/core/relative_rate.hpp"
#include "models/core/rkf45.hpp"

namespace volley::neurons {
using namespace models::declare;

struct hh_psc_alpha {
  template <class V> struct params {
    V t_ref = 2, g_Na = 12000, g_K = 3600, g_L = 30, C_m = 100, E_Na = 50, E_K = -77, E_L = -54.402;
    V tau_syn_ex = 0.2, tau_syn_in = 2, I_e = 0;
  };
  // The gates start at their equilibrium at -65 mV.
  template <class V> struct state {
    V V_m = -65, Act_m = 0.05293248525724958, Inact_h = 0.5961207535084603, Act_n = 0.3176769140606974;
    V dI_ex = 0, I_ex = 0, dI_in = 0, I_in = 0, I_stim = 0, refractory = 0, sub_step = 0;
  };
  template <class V> struct derived { V per_C_m, rate_ex, rate_in, jump_ex, jump_in, refractory, h; };
  template <class V> struct input { V ex, in, current; };
  using P = params<double>;
  using S = state<double>;
  using I = input<double>;

  static constexpr double tolerance = 1e-3;  // mV, pA, pA/ms and gates per sub-step

  static constexpr std::string_view name = "hh_psc_alpha";
  static constexpr std::string_view meaning = "Hodgkin-Huxley neuron with alpha-shaped synaptic currents";
  static constexpr auto fields = table(
      param("t_ref", &P::t_ref, ms, "time after a spike without another", non_negative),
      param("g_Na", &P::g_Na, nS, "peak sodium conductance", non_negative),
      param("g_K", &P::g_K, nS, "peak potassium conductance", non_negative),
      param("g_L", &P::g_L, nS, "leak conductance", non_negative),
      param("C_m", &P::C_m, pF, "membrane capacitance", positive),
      param("E_Na", &P::E_Na, mV, "sodium reversal potential"),
      param("E_K", &P::E_K, mV, "potassium reversal potential"), param("E_L", &P::E_L, mV, "leak reversal potential"),
      param("tau_syn_ex", &P::tau_syn_ex, ms, "rise time of excitatory currents", positive),
      param("tau_syn_in", &P::tau_syn_in, ms, "rise time of inhibitory currents", positive),
      param("I_e", &P::I_e, pA, "constant input current"),
      variable("V_m", &S::V_m, mV, "membrane potential", recordable),
      variable("Act_m", &S::Act_m, none, "activation of sodium", non_negative, recordable),
      variable("Inact_h", &S::Inact_h, none, "inactivation of sodium", non_negative, recordable),
      variable("Act_n", &S::Act_n, none, "activation of potassium", non_negative, recordable),
      internal("I_syn_ex", &S::I_ex, pA, "excitatory synaptic current", recordable),
      internal("I_syn_in", &S::I_in, pA, "inhibitory synaptic current", recordable),
      internal("dI_ex", &S::dI_ex, "pA/ms", "slope variable of I_syn_ex"),
      internal("dI_in", &S::dI_in, "pA/ms", "slope variable of I_syn_in"),
      internal("I_stim", &S::I_stim, pA, "current that arrived in the last step"),
      internal("refractory", &S::refractory, none, "steps without a spike left"),
      internal("sub_step", &S::sub_step, ms, "size of the integrator's last sub-step"));
  static_assert(covers<P>(fields, part::params) && covers<S>(fields, part::state));
  static constexpr auto channels = inputs(by_sign(&I::ex, &I::in), current(&I::current));

  static derived<double> calibrate(const P& p, resolution h) {
    using std::numbers::e;
    return {1 / p.C_m, 1 / p.tau_syn_ex, 1 / p.tau_syn_in, e / p.tau_syn_ex, e / p.tau_syn_in, h.steps(p.t_ref), h.ms};
  }

  template <class V> struct gates { V m, h, n; };

  /// Slopes of the gates, per ms. The rates' exponentials are powers of two of them.
  template <class V> static gates<V> gate_slopes(V V_m, const gates<V>& y) {
    const V per_80 = exp((V_m + 65) * (-1.0 / 80)), per_40 = per_80 * per_80, per_20 = per_40 * per_40,
            per_10 = per_20 * per_20;
    const V per_18 = exp((V_m + 65) * (-1.0 / 18));
    constexpr double e_1 = std::numbers::e, e_2_5 = 12.182493960703473, e_3 = 20.085536923187668;
    const V alpha_n = 0.1 * models::relative_rate((V_m + 55) * 0.1, per_10 * e_1), beta_n = 0.125 * per_80;
    const V alpha_m = models::relative_rate((V_m + 40) * 0.1, per_10 * e_2_5), beta_m = 4 * per_18;
    const V alpha_h = 0.07 * per_20, beta_h = 1 / (1 + per_10 * e_3);
    return {alpha_m * (1 - y.m) - beta_m * y.m, alpha_h * (1 - y.h) - beta_h * y.h, alpha_n * (1 - y.n) - beta_n * y.n};
  }

  template <class V> static mask_of<V> step(const params<V>& p, const derived<V>& d, state<V>& s, const input<V>& in) {
    const auto slope = [&](const std::array<V, 8>& y) -> std::array<V, 8> {
      const auto& [V_m, m, h, n, dI_ex, I_ex, dI_in, I_in] = y;
      const gates<V> g = gate_slopes(V_m, gates<V>{m, h, n});
      const V n2 = n * n;
      const V I_ion =
          p.g_Na * (m * m * m * h) * (V_m - p.E_Na) + p.g_K * (n2 * n2) * (V_m - p.E_K) + p.g_L * (V_m - p.E_L);
      return {((s.I_stim + p.I_e) + I_ex + I_in - I_ion) * d.per_C_m,
              g.m,
              g.h,
              g.n,
              -dI_ex * d.rate_ex,
              dI_ex - I_ex * d.rate_ex,
              -dI_in * d.rate_in,
              dI_in - I_in * d.rate_in};
    };
    std::array<V, 8> y{s.V_m, s.Act_m, s.Inact_h, s.Act_n, s.dI_ex, s.I_ex, s.dI_in, s.I_in};
    models::rkf45(y, s.sub_step, d.h, tolerance, slope);
    const auto spike = (y[0] >= 0) & (s.V_m > y[0]) & !(s.refractory > 0);
    s.refractory = select(spike, d.refractory, max(s.refractory - 1, 0));
    s = {y[0], y[1],       y[2],         y[3],      y[4] + d.jump_ex * in.ex, y[5], y[6] + d.jump_in * in.in,
         y[7], in.current, s.refractory, s.sub_step};
    return spike;
  }
};

}  // namespace volley::neurons
