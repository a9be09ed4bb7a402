// What the adaptive exponential neurons share: the membrane of Brette & Gerstner (2005) with its adaptation current.
// A model derives its params, state and derived constants from the structs here, begins its unknowns with V_m and w,
// and puts rows() at the beginning of its table.
//
//   C_m V_m' = -g_L (V_m - E_L) + g_L Delta_T exp((V_m - V_th) / Delta_T) - w + I                          (eq. 1, 2)
//   tau_w w' = a (V_m - E_L) - w                                                                           (eq. 3)
//   V_m >= V_peak: a spike, then V_m = V_reset for t_ref, and w grows by b                                 (eq. 4)
//   Delta_T = 0: no spike current, and V_th in place of V_peak
// A neuron whose V_m or w leaves what a membrane may reach is unstable, and ends the run.
#pragma once
#include "models/core/neuron.hpp"
#include "models/core/rkf45.hpp"

namespace volley::models::adex {

template <class V> struct params {
  V C_m = 281, V_th = -50.4, t_ref = 0, g_L = 30, E_L = -70.6, V_reset = -60, a = 4, b = 80.5, Delta_T = 2, tau_w = 144;
  V I_e = 0, V_peak = 0, gsl_error_tol = 1e-6;
};
template <class V> struct state { V V_m = -70.6, w = 0, I_stim = 0, refractory = 0, sub_step = 0; };
template <class V> struct derived { V per_C_m, per_tau_w, V_spike, I_spike, per_Delta_T, refractory, h; };

constexpr auto rows() {
  using namespace declare;
  using P = params<double>;
  using S = state<double>;
  return table(
      param("C_m", &P::C_m, pF, "membrane capacitance", positive),
      param("V_th", &P::V_th, mV, "potential at which the spike current takes over"),
      param("t_ref", &P::t_ref, ms, "refractory period", non_negative), param("g_L", &P::g_L, nS, "leak conductance"),
      param("E_L", &P::E_L, mV, "leak reversal potential"),
      param("V_reset", &P::V_reset, mV, "reset potential", below(&P::V_peak)),
      param("a", &P::a, nS, "adaptation to the potential"),
      param("b", &P::b, pA, "adaptation current that a spike adds"),
      param("Delta_T", &P::Delta_T, mV, "sharpness of the spike current; 0 = a sharp threshold", non_negative),
      param("tau_w", &P::tau_w, ms, "time constant of the adaptation current", positive),
      param("I_e", &P::I_e, pA, "constant input current"),
      param("V_peak", &P::V_peak, mV, "potential of a spike's peak"),
      param("gsl_error_tol", &P::gsl_error_tol, none, "error that a sub-step of the integrator may make", positive),
      variable("V_m", &S::V_m, mV, "membrane potential", recordable),
      variable("w", &S::w, pA, "adaptation current", recordable),
      internal("I_stim", &S::I_stim, pA, "current that arrived in the last step"),
      internal("refractory", &S::refractory, none, "steps of refractoriness left"),
      internal("sub_step", &S::sub_step, ms, "size of the integrator's last sub-step"));
}

// Beyond these a neuron is unstable.
inline constexpr double lowest_V_m = -1e3, largest_w = 1e6;

inline const char* check(const params<double>& p) {
  if (p.V_peak < p.V_th) return "V_peak must not be below V_th";
  constexpr double largest = 663;  // of what is raised to e: a spike current beyond 1e288 of its scale
  if (p.Delta_T > 0 && p.V_peak - p.V_th >= p.Delta_T * largest)
    return "V_peak is so far above V_th for this Delta_T that the spike current is no number";
  return nullptr;
}

inline derived<double> calibrate(const params<double>& p, resolution h) {
  const bool sharp = p.Delta_T == 0;
  // The step with the spike is counted too.
  const double resting = h.steps(p.t_ref);
  return {1 / p.C_m,
          1 / p.tau_w,
          sharp ? p.V_th : p.V_peak,
          p.g_L * p.Delta_T,
          sharp ? 0.0 : 1 / p.Delta_T,
          resting > 0 ? resting + 1 : 0,
          h.ms};
}

/// The potential that currents see. Below a sharp threshold it is free, so that a trial that crosses it stays smooth.
template <class V> V potential(const params<V>& p, const state<V>& s, V V_m) {
  return select(s.refractory > 0, p.V_reset, min(V_m, p.V_peak));
}

template <class V> struct slopes { V V_m, w; };

/// At the potential v of above, with the current of the synapses.
template <class V> slopes<V> membrane(const params<V>& p, const derived<V>& d, const state<V>& s, V v, V w, V I_syn) {
  const V I_spike = d.I_spike * exp((v - p.V_th) * d.per_Delta_T);
  const V I = I_spike - p.g_L * (v - p.E_L) - w + (s.I_stim + p.I_e) + I_syn;
  return {select(s.refractory > 0, V(0.0), I * d.per_C_m), (p.a * (v - p.E_L) - w) * d.per_tau_w};
}

/// What follows each sub-step of y = {V_m, w, ...}: the potential rests or spikes. What is left of the step after a
/// spike may bring another. jump(lanes) is what V_m jumps by in these, which do not rest.
template <class V, class Jump> struct resets {
  const params<V>& p;
  const derived<V>& d;
  state<V>& s;
  V& spikes;
  const Jump& jump;

  template <class Y> void operator()(Y& y, mask_of<V> lanes) const {
    const mask_of<V> lost = lanes & !((y[0] >= lowest_V_m) & (abs(y[1]) <= largest_w));
    const mask_of<V> resting = lanes & (s.refractory > 0);
    const mask_of<V> awake = lanes & !resting;
    const V V_m = y[0] + jump(awake);
    const mask_of<V> spike = awake & (V_m >= d.V_spike);
    y[0] = select(resting | spike, p.V_reset, V_m);
    y[1] = select(spike, y[1] + p.b, y[1]);
    s.refractory = select(spike, d.refractory, s.refractory);
    spikes = select(lost, V(stops::unstable), select(spike, spikes + 1.0, spikes));
    y[0] = select(lost, V(stops::unstable), y[0]);  // there is no further sub-step then
  }
};

/// The spikes of a step, unless the potential is no number: nothing was integrated then.
template <class V> V counted(V spikes, V V_m) { return select(V_m - V_m == 0.0, spikes, V(stops::unstable)); }

struct no_jump {
  template <class Mask> double operator()(const Mask&) const { return 0.0; }
};

/// Carries y over a step; returns how many spikes there were, or that it cannot go on.
template <std::size_t N, class V, class Slope, class Jump = no_jump>
V advance(const params<V>& p, const derived<V>& d, state<V>& s, std::array<V, N>& y, const Slope& slope,
          const Jump& jump = {}) {
  V spikes = 0.0;
  rkf45(y, s.sub_step, d.h, slope_control<V>{p.gsl_error_tol}, slope, resets<V, Jump>{p, d, s, spikes, jump});
  s.refractory = max(s.refractory - 1, 0);
  return counted(spikes, y[0]);
}

/// The same for any number of unknowns; see rkf45.
template <class V, class Slope> V advance(const params<V>& p, const derived<V>& d, state<V>& s, std::span<V> y,
                                          std::span<V> scratch, const Slope& slope) {
  V spikes = 0.0;
  const no_jump jump;
  rkf45(y, scratch, s.sub_step, d.h, slope_control<V>{p.gsl_error_tol}, slope,
        resets<V, no_jump>{p, d, s, spikes, jump});
  s.refractory = max(s.refractory - 1, 0);
  return counted(spikes, y[0]);
}

}  // namespace volley::models::adex
