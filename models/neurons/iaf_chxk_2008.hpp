// Integrate-and-fire neuron of the thalamus (Casti et al. 2008) with alpha-shaped synaptic conductances. Neither is it
// reset by a spike, nor is it refractory: each spike opens an alpha-shaped conductance that draws it down. Integrated
// by an adaptive Runge-Kutta-Fehlberg 4(5) scheme.
//
//   C_m V_m' = -g_L (V_m - E_L) - I_syn_ex - I_syn_in - I_ahp + I_stim + I_e
//   I_s = g_s (V_m - E_s);  g_s' = dg_s - g_s / tau_s;  dg_s' = -dg_s / tau_s,  for s = ex, in, ahp
//   dg_s jumps by e |w| / tau_s with each spike that arrives, and peaks at |w|
//   V_m rises through V_th: a spike, at the time that lies on the line between the ends of the step; from then on
//   dg_ahp has e g_ahp / tau_ahp more. ahp_bug: what was left of g_ahp and dg_ahp before is lost
#pragma once
#include "models/core/neuron.hpp"
#include "models/core/rkf45.hpp"

namespace volley::neurons {
using namespace models::declare;

struct iaf_chxk_2008 {
  template <class V> struct params {
    V V_th = -45, g_L = 100, C_m = 1000, E_ex = 20, E_in = -90, E_L = -60, tau_syn_ex = 1, tau_syn_in = 1, I_e = 0;
    V tau_ahp = 0.5, E_ahp = -95, g_ahp = 443.8, ahp_bug = 0;
  };
  template <class V> struct state {
    V V_m = -60, dg_ex = 0, g_ex = 0, dg_in = 0, g_in = 0, dg_ahp = 0, g_ahp = 0, I_stim = 0, sub_step = 0;
  };
  template <class V> struct derived { V per_C_m, rate_ex, rate_in, rate_ahp, jump_ex, jump_in, jump_ahp, h; };
  template <class V> struct input { V ex, in, current; };
  using P = params<double>;
  using S = state<double>;
  using D = derived<double>;
  using I = input<double>;

  static constexpr double tolerance = 1e-3;  // mV, nS and nS/ms per sub-step
  static double I_syn_ex(const P& p, const D&, const S& s) { return s.g_ex * (s.V_m - p.E_ex); }
  static double I_syn_in(const P& p, const D&, const S& s) { return s.g_in * (s.V_m - p.E_in); }
  static double g_ahp_now(const P&, const D&, const S& s) { return s.g_ahp; }
  static double I_ahp(const P& p, const D&, const S& s) { return s.g_ahp * (s.V_m - p.E_ahp); }

  static constexpr std::string_view name = "iaf_chxk_2008";
  static constexpr std::string_view meaning = "integrate-and-fire neuron with a conductance in place of a reset";
  static constexpr auto fields = table(
      param("V_th", &P::V_th, mV, "spike threshold"), param("g_L", &P::g_L, nS, "leak conductance"),
      param("C_m", &P::C_m, pF, "membrane capacitance", positive),
      param("E_ex", &P::E_ex, mV, "excitatory reversal potential"),
      param("E_in", &P::E_in, mV, "inhibitory reversal potential"),
      param("E_L", &P::E_L, mV, "leak reversal potential"),
      param("tau_syn_ex", &P::tau_syn_ex, ms, "rise time of the excitatory conductance", positive),
      param("tau_syn_in", &P::tau_syn_in, ms, "rise time of the inhibitory conductance", positive),
      param("I_e", &P::I_e, pA, "constant input current"),
      param("tau_ahp", &P::tau_ahp, ms, "rise time of the conductance after spikes", positive),
      param("E_ahp", &P::E_ahp, mV, "its reversal potential"), param("g_ahp", &P::g_ahp, nS, "its peak after a spike"),
      flag("ahp_bug", &P::ahp_bug, "only the last spike counts for it"),
      variable("V_m", &S::V_m, mV, "membrane potential", recordable),
      internal("dg_ex", &S::dg_ex, "nS/ms", "slope of the excitatory conductance before decay"),
      internal("g_ex", &S::g_ex, nS, "excitatory conductance", recordable),
      internal("dg_in", &S::dg_in, "nS/ms", "slope of the inhibitory conductance before decay"),
      internal("g_in", &S::g_in, nS, "inhibitory conductance", recordable),
      internal("dg_ahp", &S::dg_ahp, "nS/ms", "slope of the conductance after spikes before decay"),
      internal("g_ahp_now", &S::g_ahp, nS, "conductance after spikes"),
      computed<g_ahp_now>("g_ahp", nS, "conductance after spikes", recordable, hidden),
      computed<I_syn_ex>("I_syn_ex", pA, "excitatory synaptic current", recordable),
      computed<I_syn_in>("I_syn_in", pA, "inhibitory synaptic current", recordable),
      computed<I_ahp>("I_ahp", pA, "current after spikes", recordable),
      internal("I_stim", &S::I_stim, pA, "current that arrived in the last step"),
      internal("sub_step", &S::sub_step, ms, "size of the integrator's last sub-step"));
  static_assert(covers<P>(fields, part::params) && covers<S>(fields, part::state));
  static constexpr auto channels = inputs(by_sign(&I::ex, &I::in), current(&I::current));

  static D calibrate(const P& p, resolution h) {
    const double rate_ex = 1 / p.tau_syn_ex, rate_in = 1 / p.tau_syn_in, rate_ahp = 1 / p.tau_ahp, e = exp(1.0);
    return {1 / p.C_m, rate_ex, rate_in, rate_ahp, e * rate_ex, e * rate_in, e * rate_ahp * p.g_ahp, h.ms};
  }

  template <class V>
  static spikes_at<V> step(const params<V>& p, const derived<V>& d, state<V>& s, const input<V>& in) {
    const auto slope = [&](const std::array<V, 7>& y) -> std::array<V, 7> {
      const auto& [V_m, dg_ex, g_ex, dg_in, g_in, dg_ahp, g_ahp] = y;
      const V I = (s.I_stim + p.I_e) - p.g_L * (V_m - p.E_L) - g_ex * (V_m - p.E_ex) - g_in * (V_m - p.E_in) -
                  g_ahp * (V_m - p.E_ahp);
      return {I * d.per_C_m,
              -dg_ex * d.rate_ex,
              dg_ex - g_ex * d.rate_ex,
              -dg_in * d.rate_in,
              dg_in - g_in * d.rate_in,
              -dg_ahp * d.rate_ahp,
              dg_ahp - g_ahp * d.rate_ahp};
    };
    std::array<V, 7> y{s.V_m, s.dg_ex, s.g_ex, s.dg_in, s.g_in, s.dg_ahp, s.g_ahp};
    models::rkf45(y, s.sub_step, d.h, tolerance, slope);
    const auto spike = (s.V_m < p.V_th) & (y[0] >= p.V_th);
    // The threshold was crossed so long ago, and within the step.
    const V since = select(spike, min((y[0] - p.V_th) * d.h / (y[0] - s.V_m), d.h * (1 - 0x1p-52)), V(0.0));
    if (any(spike)) {
      const V dg_ahp = d.jump_ahp * exp(-since * d.rate_ahp), g_ahp = dg_ahp * since;
      const auto alone = p.ahp_bug > 0;
      y[5] = select(spike, select(alone, V(0.0), y[5]) + dg_ahp, y[5]);
      y[6] = select(spike, select(alone, V(0.0), y[6]) + g_ahp, y[6]);
    }
    // Inhibitory weights are negative.
    s = {y[0], y[1] + d.jump_ex * in.ex, y[2], y[3] - d.jump_in * in.in, y[4], y[5], y[6], in.current, s.sub_step};
    return {spike, since};
  }
};

}  // namespace volley::neurons
