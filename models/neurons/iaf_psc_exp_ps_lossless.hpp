// Leaky integrate-and-fire neuron with exponential synaptic currents and precise spike times that misses no spike
// (Krishnan, Porta Mana, Helias, Diesmann & Di Napoli 2018): the time constants of both currents are equal, so that the
// potential has one extremum between two events, and its time is known.
//
//   V_m' = -(V_m - E_L) / tau_m + (I_syn + I_stim + I_e) / C_m
//   I_syn' = -I_syn / tau_syn;  I_syn = I_syn_ex + I_syn_in jumps by w with each spike
//   V_m > V_th at any time: a spike when it reaches V_th, then V_m = V_reset for t_ref
//   V_m is never below V_min
#pragma once
#include "models/core/precise_exp.hpp"

namespace volley::neurons {
using namespace models::declare;

struct iaf_psc_exp_ps_lossless : models::precise::exponential {
  static double I_syn(const P&, const S& s) { return s.I_ex + s.I_in; }
  static double offset(const P&, const S& s) { return s.returns; }

  static constexpr std::string_view name = "iaf_psc_exp_ps_lossless";
  static constexpr std::string_view meaning =
      "leaky integrate-and-fire neuron with exponential synaptic currents and precise spike times, none of them missed";
  static constexpr auto fields =
      join(models::precise::rows(),
           table(param("tau_syn_ex", &P::tau_syn_ex, ms, "decay time of excitatory currents", positive),
                 param("tau_syn_in", &P::tau_syn_in, ms, "decay time of inhibitory currents; the same", positive),
                 variable("I_syn_ex", &S::I_ex, pA, "excitatory synaptic current", recordable),
                 variable("I_syn_in", &S::I_in, pA, "inhibitory synaptic current", recordable),
                 computed<I_syn>("I_syn", pA, "synaptic current", recordable),
                 computed<offset>("offset", ms, "of the last spike, before the end of its step")));
  static_assert(covers<P>(fields, part::params) && covers<S>(fields, part::state));

  static const char* check(const P& p) {
    if (p.tau_syn_ex != p.tau_syn_in) return "tau_syn_ex and tau_syn_in must be equal";
    if (p.tau_syn_ex == p.tau_m) return "tau_m and tau_syn must differ";
    return models::precise::check(p);
  }
  template <class V>
  static void step(const params<V>& p, const derived<V>& d, state<V>& s, const input<V>& in, cell_step<V>& now) {
    models::precise::step<iaf_psc_exp_ps_lossless>(p, d, s, in, now);
  }
  /// The potential is A + B exp(-t / tau_m) + C exp(-t / tau_syn).
  template <class V> static V peak(const params<V>& p, const state<V>& s, V ms) {
    const V at_rest = (s.I_stim + p.I_e) * p.tau_m / p.C_m;
    const V C = (s.I_ex + s.I_in) * p.tau_m * p.tau_syn_ex / (p.C_m * (p.tau_syn_ex - p.tau_m));
    const V B = s.V_m - at_rest - C;
    const V quotient = -(C * p.tau_m) / (B * p.tau_syn_ex);
    if (!(quotient > 0.0)) return ms;
    const V at = log(quotient) / (1.0 / p.tau_syn_ex - 1.0 / p.tau_m);
    return at > 0.0 && at < ms ? at : ms;
  }
};

}  // namespace volley::neurons
