// Leaky integrate-and-fire neuron with exponential synaptic conductances (Meffin, Burkitt & Grayden 2004) and two more
// that each spike opens: one for spike-frequency adaptation, one for relative refractoriness (Dayan & Abbott 2001).
// Integrated by an adaptive Runge-Kutta-Fehlberg 4(5) scheme.
//
//   C_m V_m' = -g_L (V_m - E_L) - g_ex (V_m - E_ex) - g_in (V_m - E_in)
//              - g_sfa (V_m - E_sfa) - g_rr (V_m - E_rr) + I_stim + I_e
//   g_s' = -g_s / tau_syn_s;  g_s jumps by |w| with each spike
//   g_x' = -g_x / tau_x for x = sfa, rr;  g_x jumps by q_x with each spike of the neuron itself
//   V_m >= V_th: a spike, then V_m = V_reset for t_ref
#pragma once
#include "models/core/neuron.hpp"
#include "models/core/rkf45.hpp"

namespace volley::neurons {
using namespace models::declare;

struct iaf_cond_exp_sfa_rr {
  template <class V> struct params {
    V V_th = -57, V_reset = -70, t_ref = 0.5, g_L = 28.95, C_m = 289.5, E_ex = 0, E_in = -75, E_L = -70;
    V tau_syn_ex = 1.5, tau_syn_in = 10, I_e = 0;
    V tau_sfa = 110, tau_rr = 1.97, E_sfa = -70, E_rr = -70, q_sfa = 14.48, q_rr = 3214;
  };
  template <class V> struct state {
    V V_m = -70, g_ex = 0, g_in = 0, g_sfa = 0, g_rr = 0, I_stim = 0, refractory = 0, sub_step = 0;
  };
  template <class V> struct derived { V per_C_m, rate_ex, rate_in, rate_sfa, rate_rr, refractory, h; };
  template <class V> struct input { V ex, in, current; };
  using P = params<double>;
  using S = state<double>;
  using I = input<double>;

  static constexpr double tolerance = 1e-3;  // mV and nS per sub-step

  static constexpr std::string_view name = "iaf_cond_exp_sfa_rr";
  static constexpr std::string_view meaning =
      "conductance-based integrate-and-fire neuron with spike-frequency adaptation and relative refractoriness";
  static constexpr auto fields =
      table(param("V_th", &P::V_th, mV, "spike threshold"),
            param("V_reset", &P::V_reset, mV, "reset potential", below(&P::V_th)),
            param("t_ref", &P::t_ref, ms, "refractory period", non_negative),
            param("g_L", &P::g_L, nS, "leak conductance"), param("C_m", &P::C_m, pF, "membrane capacitance", positive),
            param("E_ex", &P::E_ex, mV, "excitatory reversal potential"),
            param("E_in", &P::E_in, mV, "inhibitory reversal potential"),
            param("E_L", &P::E_L, mV, "leak reversal potential"),
            param("tau_syn_ex", &P::tau_syn_ex, ms, "decay time of the excitatory conductance", positive),
            param("tau_syn_in", &P::tau_syn_in, ms, "decay time of the inhibitory conductance", positive),
            param("I_e", &P::I_e, pA, "constant input current"),
            param("tau_sfa", &P::tau_sfa, ms, "decay time of the adaptation conductance", positive),
            param("tau_rr", &P::tau_rr, ms, "decay time of the refractory conductance", positive),
            param("E_sfa", &P::E_sfa, mV, "reversal potential of the adaptation conductance"),
            param("E_rr", &P::E_rr, mV, "reversal potential of the refractory conductance"),
            param("q_sfa", &P::q_sfa, nS, "adaptation conductance that a spike adds"),
            param("q_rr", &P::q_rr, nS, "refractory conductance that a spike adds"),
            variable("V_m", &S::V_m, mV, "membrane potential", recordable),
            variable("g_ex", &S::g_ex, nS, "excitatory conductance", recordable),
            variable("g_in", &S::g_in, nS, "inhibitory conductance", recordable),
            variable("g_sfa", &S::g_sfa, nS, "adaptation conductance", recordable),
            variable("g_rr", &S::g_rr, nS, "refractory conductance", recordable),
            internal("I_stim", &S::I_stim, pA, "current that arrived in the last step"),
            internal("refractory", &S::refractory, none, "steps of refractoriness left"),
            internal("sub_step", &S::sub_step, ms, "size of the integrator's last sub-step"));
  static_assert(covers<P>(fields, part::params) && covers<S>(fields, part::state));
  static constexpr auto channels = inputs(by_sign(&I::ex, &I::in), current(&I::current));

  static derived<double> calibrate(const P& p, resolution h) {
    return {1 / p.C_m, 1 / p.tau_syn_ex, 1 / p.tau_syn_in, 1 / p.tau_sfa, 1 / p.tau_rr, h.steps(p.t_ref), h.ms};
  }

  template <class V> static mask_of<V> step(const params<V>& p, const derived<V>& d, state<V>& s, const input<V>& in) {
    const auto resting = s.refractory > 0;
    const auto slope = [&](const std::array<V, 5>& y) -> std::array<V, 5> {
      const auto& [V_m, g_ex, g_in, g_sfa, g_rr] = y;
      const V v = select(resting, p.V_reset, min(V_m, p.V_th));
      const V I_syn = g_ex * (v - p.E_ex) + g_in * (v - p.E_in);
      const V I_spikes = g_sfa * (v - p.E_sfa) + g_rr * (v - p.E_rr);
      const V I = (s.I_stim + p.I_e) - p.g_L * (v - p.E_L) - I_syn - I_spikes;
      return {select(resting, V(0), I * d.per_C_m), -g_ex * d.rate_ex, -g_in * d.rate_in, -g_sfa * d.rate_sfa,
              -g_rr * d.rate_rr};
    };
    std::array<V, 5> y{s.V_m, s.g_ex, s.g_in, s.g_sfa, s.g_rr};
    models::rkf45(y, s.sub_step, d.h, tolerance, slope);
    const auto spike = (y[0] >= p.V_th) & !resting;
    s.V_m = select(resting | spike, p.V_reset, y[0]);
    s.refractory = select(spike, d.refractory, max(s.refractory - 1, 0));
    s.g_ex = y[1] + in.ex;
    s.g_in = y[2] - in.in;  // inhibitory weights are negative
    s.g_sfa = y[3] + select(spike, p.q_sfa, V(0));
    s.g_rr = y[4] + select(spike, p.q_rr, V(0));
    s.I_stim = in.current;
    return spike;
  }
};

}  // namespace volley::neurons
