// Hippocampal pyramidal cell of Traub & Miles (1991) in the reduced form of Brette et al. (2007): Hodgkin-Huxley
// currents, exponential synaptic conductances, V_T shifts the gates. Integrated by an adaptive Runge-Kutta-Fehlberg
// 4(5) scheme. A spike is a local maximum of the potential 30 mV above V_T or more, outside the refractory period;
// nothing is reset.
//
//   C_m V_m' = -g_Na m^3 h (V_m - E_Na) - g_K n^4 (V_m - E_K) - g_L (V_m - E_L)
//              - g_ex (V_m - E_ex) - g_in (V_m - E_in) + I_stim + I_e
//   x' = alpha_x (1 - x) - beta_x x  for  x = m (Act_m), h (Inact_h), n (Act_n);  v = V_m - V_T
//   alpha_n = 0.032 (v - 15) / (1 - exp(-(v - 15) / 5)),  beta_n = 0.5 exp(-(v - 10) / 40)
//   alpha_m = 0.32 (v - 13) / (1 - exp(-(v - 13) / 4)),   beta_m = 0.28 (40 - v) / (1 - exp(-(40 - v) / 5))
//   alpha_h = 0.128 exp(-(v - 17) / 18),                  beta_h = 4 / (1 + exp(-(v - 40) / 5))
//   g_s' = -g_s / tau_syn_s;  g_s jumps by |w| with each spike
//   a maximum of V_m at or above V_T + 30 mV: a spike, if the last one is t_ref ago
#pragma once
#include "models/core/neuron.hpp"
#include "models/core/relative_rate.hpp"
#include "models/core/rkf45.hpp"

namespace volley::neurons {
using namespace models::declare;

struct hh_cond_exp_traub {
  template <class V> struct params {
    V g_Na = 20000, g_K = 6000, g_L = 10, C_m = 200, E_Na = 50, E_K = -90, E_L = -60, V_T = -63;
    V E_ex = 0, E_in = -80, tau_syn_ex = 5, tau_syn_in = 10, t_ref = 2, I_e = 0;
  };
  // The gates start at the equilibrium that they would have at -60 mV without V_T.
  template <class V> struct state {
    V V_m = -60, Act_m = 9.895563096746586e-09, Inact_h = 0.999999999106396, Act_n = 2.551577051602551e-07;
    V g_ex = 0, g_in = 0, I_stim = 0, refractory = 0, sub_step = 0;
  };
  template <class V> struct derived { V per_C_m, rate_ex, rate_in, refractory, h; };
  template <class V> struct input { V ex, in, current; };
  using P = params<double>;
  using S = state<double>;
  using I = input<double>;

  static constexpr double tolerance = 1e-3;  // mV, nS and gates per sub-step
  static constexpr double above_V_T = 30;    // of a spike, mV

  static constexpr std::string_view name = "hh_cond_exp_traub";
  static constexpr std::string_view meaning = "Hodgkin-Huxley neuron of Traub and Miles with exponential conductances";
  static constexpr auto fields = table(
      param("g_Na", &P::g_Na, nS, "peak sodium conductance"), param("g_K", &P::g_K, nS, "peak potassium conductance"),
      param("g_L", &P::g_L, nS, "leak conductance"), param("C_m", &P::C_m, pF, "membrane capacitance", positive),
      param("E_Na", &P::E_Na, mV, "sodium reversal potential"),
      param("E_K", &P::E_K, mV, "potassium reversal potential"), param("E_L", &P::E_L, mV, "leak reversal potential"),
      param("V_T", &P::V_T, mV, "origin of the potential in the rates of the gates"),
      param("E_ex", &P::E_ex, mV, "excitatory reversal potential"),
      param("E_in", &P::E_in, mV, "inhibitory reversal potential"),
      param("tau_syn_ex", &P::tau_syn_ex, ms, "decay time of the excitatory conductance", positive),
      param("tau_syn_in", &P::tau_syn_in, ms, "decay time of the inhibitory conductance", positive),
      param("t_ref", &P::t_ref, ms, "time after a spike without another", non_negative),
      param("I_e", &P::I_e, pA, "constant input current"),
      variable("V_m", &S::V_m, mV, "membrane potential", recordable),
      variable("Act_m", &S::Act_m, none, "activation of sodium", non_negative, recordable),
      variable("Inact_h", &S::Inact_h, none, "inactivation of sodium", non_negative, recordable),
      variable("Act_n", &S::Act_n, none, "activation of potassium", non_negative, recordable),
      internal("g_ex", &S::g_ex, nS, "excitatory conductance", recordable),
      internal("g_in", &S::g_in, nS, "inhibitory conductance", recordable),
      internal("I_stim", &S::I_stim, pA, "current that arrived in the last step"),
      internal("refractory", &S::refractory, none, "steps without a spike left"),
      internal("sub_step", &S::sub_step, ms, "size of the integrator's last sub-step"));
  static_assert(covers<P>(fields, part::params) && covers<S>(fields, part::state));
  static constexpr auto channels = inputs(by_sign(&I::ex, &I::in), current(&I::current));

  static derived<double> calibrate(const P& p, resolution h) {
    return {1 / p.C_m, 1 / p.tau_syn_ex, 1 / p.tau_syn_in, h.steps(p.t_ref), h.ms};
  }

  template <class V> struct gates { V m, h, n; };

  /// Slopes of the gates, per ms, at a potential `v` above V_T.
  template <class V> static gates<V> gate_slopes(V v, const gates<V>& y) {
    const auto rate = [](V x) { return models::relative_rate(x, exp(-x)); };  // x / (1 - exp(-x))
    const V alpha_m = 1.28 * rate((v - 13) * 0.25), beta_m = 1.4 * rate((40 - v) * 0.2);
    const V alpha_h = 0.128 * exp((17 - v) * (1.0 / 18)), beta_h = 4 / (1 + exp((40 - v) * 0.2));
    const V alpha_n = 0.16 * rate((v - 15) * 0.2), beta_n = 0.5 * exp((10 - v) * 0.025);
    return {alpha_m * (1 - y.m) - beta_m * y.m, alpha_h * (1 - y.h) - beta_h * y.h, alpha_n * (1 - y.n) - beta_n * y.n};
  }

  template <class V> static mask_of<V> step(const params<V>& p, const derived<V>& d, state<V>& s, const input<V>& in) {
    const auto slope = [&](const std::array<V, 6>& y) -> std::array<V, 6> {
      const auto& [V_m, m, h, n, g_ex, g_in] = y;
      const gates<V> g = gate_slopes(V_m - p.V_T, gates<V>{m, h, n});
      const V n2 = n * n;
      const V I_Na = p.g_Na * (m * m * m * h) * (V_m - p.E_Na), I_K = p.g_K * (n2 * n2) * (V_m - p.E_K);
      const V I_syn = g_ex * (V_m - p.E_ex) + g_in * (V_m - p.E_in);
      const V I = (s.I_stim + p.I_e) - (I_Na + I_K + p.g_L * (V_m - p.E_L)) - I_syn;
      return {I * d.per_C_m, g.m, g.h, g.n, -g_ex * d.rate_ex, -g_in * d.rate_in};
    };
    std::array<V, 6> y{s.V_m, s.Act_m, s.Inact_h, s.Act_n, s.g_ex, s.g_in};
    models::rkf45(y, s.sub_step, d.h, tolerance, slope);
    const auto spike = (y[0] >= p.V_T + above_V_T) & (s.V_m > y[0]) & !(s.refractory > 0);
    s.refractory = select(spike, d.refractory, max(s.refractory - 1, 0));
    s = {y[0], y[1], y[2], y[3], y[4] + in.ex, y[5] - in.in, in.current, s.refractory, s.sub_step};
    return spike;
  }
};

}  // namespace volley::neurons
