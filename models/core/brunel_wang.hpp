// What the neurons of Brunel & Wang (2001) share: a leaky membrane with AMPA, GABA and NMDA synapses, the last blocked
// by magnesium. A model derives its params, state and derived constants from the structs here, begins its unknowns with
// V_m, s_AMPA and s_GABA, and puts rows() at the beginning of its table.
//
//   C_m V_m' = -g_L (V_m - E_L) - I_AMPA - I_GABA - I_NMDA + I_stim                                      (eq. 1, 2)
//   I_AMPA = (V_m - E_ex) s_AMPA,  I_GABA = (V_m - E_in) s_GABA                                          (eq. 3, 4)
//   I_NMDA = (V_m - E_ex) s_NMDA / (1 + conc_Mg2 exp(-0.062 V_m) / 3.57)                                 (eq. 5)
//   s_r' = -s_r / tau_r, and s_r jumps by the weight with each spike, for r = AMPA, GABA                 (eq. 6)
//   V_m >= V_th: a spike, then V_m = V_reset for t_ref
// What is recorded of currents is what they were at the end of the step, before spikes arrived and V_m was reset.
#pragma once
#include "models/core/neuron.hpp"
#include "models/core/rkf45.hpp"

namespace volley::models::brunel_wang {

template <class V> struct params {
  V E_L = -70, E_ex = 0, E_in = -70, V_th = -55, V_reset = -60, C_m = 500, g_L = 25, t_ref = 2, tau_AMPA = 2;
  V tau_GABA = 5, tau_decay_NMDA = 100, tau_rise_NMDA = 2, alpha = 0.5, conc_Mg2 = 1, gsl_error_tol = 1e-3;
};
template <class V> struct state {
  V V_m = -70, s_AMPA = 0, s_GABA = 0, I_AMPA = 0, I_GABA = 0, I_NMDA = 0, I_stim = 0, refractory = 0, sub_step = 0;
};
template <class V> struct derived { V per_C_m, rate_AMPA, rate_GABA, rate_NMDA, Mg, refractory, h; };
template <class V> struct input { V AMPA, GABA, current; };

/// `current`: what the rows of currents may be, beside being recorded.
template <class... Options> constexpr auto rows(Options... current) {
  using namespace declare;
  using P = params<double>;
  using S = state<double>;
  return table(
      param("E_L", &P::E_L, mV, "leak reversal potential"),
      param("E_ex", &P::E_ex, mV, "excitatory reversal potential"),
      param("E_in", &P::E_in, mV, "inhibitory reversal potential"), param("V_th", &P::V_th, mV, "spike threshold"),
      param("V_reset", &P::V_reset, mV, "reset potential", below(&P::V_th)),
      param("C_m", &P::C_m, pF, "membrane capacitance", positive), param("g_L", &P::g_L, nS, "leak conductance"),
      param("t_ref", &P::t_ref, ms, "refractory period", non_negative),
      param("tau_AMPA", &P::tau_AMPA, ms, "time constant of AMPA synapses", positive),
      param("tau_GABA", &P::tau_GABA, ms, "time constant of GABA synapses", positive),
      param("tau_decay_NMDA", &P::tau_decay_NMDA, ms, "decay time of NMDA synapses", positive),
      param("tau_rise_NMDA", &P::tau_rise_NMDA, ms, "rise time of NMDA synapses", positive),
      param("alpha", &P::alpha, "1/ms", "how fast NMDA channels open", positive),
      param("conc_Mg2", &P::conc_Mg2, "mM", "concentration of magnesium", positive),
      param("gsl_error_tol", &P::gsl_error_tol, none, "error that a sub-step of the integrator may make", positive),
      variable("V_m", &S::V_m, mV, "membrane potential", recordable),
      variable("s_AMPA", &S::s_AMPA, nS, "AMPA conductance", recordable),
      variable("s_GABA", &S::s_GABA, nS, "GABA conductance", recordable),
      variable("I_AMPA", &S::I_AMPA, pA, "AMPA current", recordable, current...),
      variable("I_GABA", &S::I_GABA, pA, "GABA current", recordable, current...),
      variable("I_NMDA", &S::I_NMDA, pA, "NMDA current", recordable, current...),
      internal("I_stim", &S::I_stim, pA, "current that arrived in the last step"),
      internal("refractory", &S::refractory, none, "steps of refractoriness left"),
      internal("sub_step", &S::sub_step, ms, "size of the integrator's last sub-step"));
}

inline constexpr auto receptor_types =
    declare::names_of_receptors(receptor_name{"AMPA", 1}, receptor_name{"GABA", 2}, receptor_name{"NMDA", 3});

inline derived<double> calibrate(const params<double>& p, resolution h) {
  return {1 / p.C_m, 1 / p.tau_AMPA, 1 / p.tau_GABA, 1 / p.tau_decay_NMDA, p.conc_Mg2 / 3.57, h.steps(p.t_ref), h.ms};
}

template <class V> struct currents { V AMPA, GABA, NMDA; };
template <class V>
currents<V> currents_at(const params<V>& p, const derived<V>& d, V V_m, V s_AMPA, V s_GABA, V s_NMDA) {
  return {(V_m - p.E_ex) * s_AMPA, (V_m - p.E_in) * s_GABA, (V_m - p.E_ex) * s_NMDA / (1.0 + d.Mg * exp(-0.062 * V_m))};
}

/// The slopes of V_m, s_AMPA and s_GABA, the first unknowns.
template <class V, class Y, class To>
void fall(const params<V>& p, const derived<V>& d, V I_stim, const Y& y, V s_NMDA, To& to) {
  const auto [AMPA, GABA, NMDA] = currents_at<V>(p, d, y[0], y[1], y[2], s_NMDA);
  to[0] = (I_stim - p.g_L * (y[0] - p.E_L) - AMPA - GABA - NMDA) * d.per_C_m;
  to[1] = -y[1] * d.rate_AMPA;
  to[2] = -y[2] * d.rate_GABA;
}

/// What follows the integration of a step: currents as they are, then the threshold, then what arrived.
template <class V, class Y>
mask_of<V> end_step(const params<V>& p, const derived<V>& d, state<V>& s, const Y& y, V s_NMDA, const input<V>& in) {
  const auto [AMPA, GABA, NMDA] = currents_at<V>(p, d, y[0], y[1], y[2], s_NMDA);
  const auto resting = s.refractory > 0;
  const auto spike = (y[0] >= p.V_th) & !resting;
  s = {select(resting | spike, p.V_reset, y[0]),
       y[1] + in.AMPA,
       y[2] + in.GABA,
       AMPA,
       GABA,
       NMDA,
       in.current,
       select(spike, d.refractory, max(s.refractory - 1, 0)),
       s.sub_step};
  return spike;
}

}  // namespace volley::models::brunel_wang
