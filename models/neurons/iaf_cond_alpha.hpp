// Leaky integrate-and-fire neuron with alpha-shaped synaptic conductances (Meffin, Burkitt & Grayden 2004), whose peak
// is the weight. Integrated by an adaptive Runge-Kutta-Fehlberg 4(5) scheme.
//
//   C_m V_m' = -g_L (V_m - E_L) - g_ex (V_m - E_ex) - g_in (V_m - E_in) + I_stim + I_e
//   g_s' = dg_s - g_s / tau_syn_s;  dg_s' = -dg_s / tau_syn_s;  dg_s jumps by e |w| / tau_syn_s with each spike
//   V_m >= V_th: a spike, then V_m = V_reset for t_ref
#pragma once
#include "models/core/neuron.hpp"
#include "models/core/rkf45.hpp"

namespace volley::neurons {
using namespace models::declare;

struct iaf_cond_alpha {
  template <class V> struct params {
    V V_th = -55, V_reset = -60, t_ref = 2, g_L = 16.6667, C_m = 250, E_ex = 0, E_in = -85, E_L = -70;
    V tau_syn_ex = 0.2, tau_syn_in = 2, I_e = 0;
  };
  template <class V> struct state {
    V V_m = -70, dg_ex = 0, g_ex = 0, dg_in = 0, g_in = 0, I_stim = 0, refractory = 0, sub_step = 0;
  };
  template <class V> struct derived { V per_C_m, rate_ex, rate_in, jump_ex, jump_in, refractory, h; };
  template <class V> struct input { V ex, in, current; };
  using P = params<double>;
  using S = state<double>;
  using D = derived<double>;
  using I = input<double>;

  static constexpr double tolerance = 1e-3;  // mV, nS and nS/ms per sub-step
  static double t_ref_remaining(const P&, const D& d, const S& s) { return s.refractory * d.h; }

  static constexpr std::string_view name = "iaf_cond_alpha";
  static constexpr std::string_view meaning = "leaky integrate-and-fire neuron with alpha-shaped synaptic conductances";
  static constexpr auto fields =
      table(param("V_th", &P::V_th, mV, "spike threshold"),
            param("V_reset", &P::V_reset, mV, "reset potential", below(&P::V_th)),
            param("t_ref", &P::t_ref, ms, "refractory period", non_negative),
            param("g_L", &P::g_L, nS, "leak conductance"), param("C_m", &P::C_m, pF, "membrane capacitance", positive),
            param("E_ex", &P::E_ex, mV, "excitatory reversal potential"),
            param("E_in", &P::E_in, mV, "inhibitory reversal potential"),
            param("E_L", &P::E_L, mV, "leak reversal potential"),
            param("tau_syn_ex", &P::tau_syn_ex, ms, "rise time of the excitatory conductance", positive),
            param("tau_syn_in", &P::tau_syn_in, ms, "rise time of the inhibitory conductance", positive),
            param("I_e", &P::I_e, pA, "constant input current"),
            variable("V_m", &S::V_m, mV, "membrane potential", recordable),
            variable("g_ex", &S::g_ex, nS, "excitatory conductance", recordable),
            variable("g_in", &S::g_in, nS, "inhibitory conductance", recordable),
            variable("dg_ex", &S::dg_ex, "nS/ms", "slope of the excitatory conductance before decay"),
            variable("dg_in", &S::dg_in, "nS/ms", "slope of the inhibitory conductance before decay"),
            computed<t_ref_remaining>("t_ref_remaining", ms, "refractory time left", recordable),
            internal("I_stim", &S::I_stim, pA, "current that arrived in the last step"),
            internal("refractory", &S::refractory, none, "steps of refractoriness left"),
            internal("sub_step", &S::sub_step, ms, "size of the integrator's last sub-step"));
  static_assert(covers<P>(fields, part::params) && covers<S>(fields, part::state));
  static constexpr auto channels = inputs(by_sign(&I::ex, &I::in), current(&I::current));

  static D calibrate(const P& p, resolution h) {
    const double rate_ex = 1 / p.tau_syn_ex, rate_in = 1 / p.tau_syn_in;
    return {1 / p.C_m, rate_ex, rate_in, exp(1.0) * rate_ex, exp(1.0) * rate_in, h.steps(p.t_ref), h.ms};
  }

  template <class V> static mask_of<V> step(const params<V>& p, const derived<V>& d, state<V>& s, const input<V>& in) {
    const auto resting = s.refractory > 0;
    const auto slope = [&](const std::array<V, 5>& y) -> std::array<V, 5> {
      const auto& [V_m, dg_ex, g_ex, dg_in, g_in] = y;
      const V v = select(resting, p.V_reset, min(V_m, p.V_th));
      const V I = (s.I_stim + p.I_e) - p.g_L * (v - p.E_L) - g_ex * (v - p.E_ex) - g_in * (v - p.E_in);
      return {select(resting, V(0), I * d.per_C_m), -dg_ex * d.rate_ex, dg_ex - g_ex * d.rate_ex, -dg_in * d.rate_in,
              dg_in - g_in * d.rate_in};
    };
    std::array<V, 5> y{s.V_m, s.dg_ex, s.g_ex, s.dg_in, s.g_in};
    models::rkf45(y, s.sub_step, d.h, tolerance, slope);
    const auto spike = (y[0] >= p.V_th) & !resting;
    s.refractory = select(spike, d.refractory, max(s.refractory - 1, 0));
    s = {select(resting | spike, p.V_reset, y[0]),
         y[1] + d.jump_ex * in.ex,
         y[2],
         y[3] - d.jump_in * in.in,  // inhibitory weights are negative
         y[4],
         in.current,
         s.refractory,
         s.sub_step};
    return spike;
  }
};

}  // namespace volley::neurons
