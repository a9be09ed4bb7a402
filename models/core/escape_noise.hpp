// What the generalised integrate-and-fire neurons share (Mensi et al. 2012; Pozzorini et al. 2015): a threshold and a
// current that spikes move, each a sum of exponentials, and spikes by chance.
//
//   I_stc = sum over j of eta_j;  eta_j' = -eta_j / tau_stc_j;  eta_j jumps by q_stc_j with each spike
//   E_sfa = V_T_star + sum over i of gamma_i;  gamma_i' = -gamma_i / tau_sfa_i;  gamma_i jumps by q_sfa_i
//   spikes come at the rate lambda_0 exp((V_m - E_sfa) / Delta_V);  then V_m = V_reset for t_ref
#pragma once
#include "models/core/lists.hpp"
#include "models/core/neuron.hpp"

namespace volley::models::gif {

template <class V> struct params {
  V I_e = 0, E_L = -70, g_L = 4, C_m = 80, V_reset = -55, Delta_V = 0.5, V_T_star = -35, lambda_0 = 1, t_ref = 4;
};
template <class V> struct state { V V_m = -70, E_sfa = 0, I_stc = 0, I_stim = 0, refractory = 0; };
template <class V> struct derived { V chance, per_Delta_V, refractory; };  // chance of a spike in a step at threshold

constexpr auto rows() {
  using namespace declare;
  using P = params<double>;
  using S = state<double>;
  return table(
      param("I_e", &P::I_e, pA, "constant input current"), param("E_L", &P::E_L, mV, "leak reversal potential"),
      param("g_L", &P::g_L, nS, "leak conductance", positive),
      param("C_m", &P::C_m, pF, "membrane capacitance", positive), param("V_reset", &P::V_reset, mV, "reset potential"),
      param("Delta_V", &P::Delta_V, mV, "width of the threshold", positive),
      param("V_T_star", &P::V_T_star, mV, "threshold of a neuron that never fired"),
      param("lambda_0", &P::lambda_0, per_s, "rate of spikes at the threshold", non_negative),
      param("t_ref", &P::t_ref, ms, "refractory period", non_negative),
      variable("V_m", &S::V_m, mV, "membrane potential", recordable),
      variable("E_sfa", &S::E_sfa, mV, "threshold with what spikes moved it by", recordable, read_only),
      variable("I_stc", &S::I_stc, pA, "current that spikes set off", recordable, read_only),
      internal("I_stim", &S::I_stim, pA, "current that arrived in the last step"),
      internal("refractory", &S::refractory, none, "steps of refractoriness left"));
}

inline derived<double> calibrate(const params<double>& p, resolution h) {
  return {p.lambda_0 * 1e-3 * h.ms, 1 / p.Delta_V, h.steps(p.t_ref)};
}

/// How spikes move the threshold.
struct sfa {
  template <class V> struct params { V tau_sfa = 1, q_sfa = 0; };
  template <class V> struct state { V gamma = 0; };
  template <class V> struct derived { V decay, jump; };
  template <class V> struct input {};
  using E = params<double>;

  static constexpr auto fields = declare::table(
      declare::param("tau_sfa", &E::tau_sfa, declare::ms, "time constants of the threshold's moves", declare::positive),
      declare::param("q_sfa", &E::q_sfa, declare::mV, "what a spike moves the threshold by"),
      declare::internal("gamma", &state<double>::gamma, declare::mV, "what is left of it"));
  template <class P> static derived<double> calibrate(const P&, const E& e, resolution h) {
    return {exp(-h.ms / e.tau_sfa), e.q_sfa};
  }
};

/// The current that spikes set off.
struct stc {
  template <class V> struct params { V tau_stc = 1, q_stc = 0; };
  template <class V> struct state { V eta = 0; };
  template <class V> struct derived { V decay, jump; };
  template <class V> struct input {};
  using E = params<double>;

  static constexpr auto fields =
      declare::table(declare::param("tau_stc", &E::tau_stc, declare::ms, "time constants of the current after spikes",
                                    declare::positive),
                     declare::param("q_stc", &E::q_stc, declare::pA, "current that a spike sets off"),
                     declare::internal("eta", &state<double>::eta, declare::pA, "what is left of it"));
  template <class P> static derived<double> calibrate(const P&, const E& e, resolution h) {
    return {exp(-h.ms / e.tau_stc), e.q_stc};
  }
};

/// At the begin of a step: what spikes left behind acts, and decays.
template <class V, class Sfa, class Stc> void recover(const params<V>& p, state<V>& s, Sfa& threshold, Stc& current) {
  s.E_sfa = p.V_T_star;
  threshold.change([&](const auto&, const auto& d, auto& e) {
    s.E_sfa = s.E_sfa + e.gamma;
    e.gamma = e.gamma * d.decay;
  });
  s.I_stc = 0.0;
  current.change([&](const auto&, const auto& d, auto& e) {
    s.I_stc = s.I_stc + e.eta;
    e.eta = e.eta * d.decay;
  });
}

/// At its end, with the potential where it got: a spike is drawn. V_m stays above the threshold until the next step.
template <class V, class Sfa, class Stc, class Draws> mask_of<V> fire(const params<V>& p, const derived<V>& d,
                                                                      state<V>& s, V V_m, Sfa& threshold, Stc& current,
                                                                      Draws& random) {
  const mask_of<V> resting = s.refractory > 0;
  s.V_m = select(resting, p.V_reset, V_m);
  const V expected = d.chance * exp((V_m - s.E_sfa) * d.per_Delta_V);
  const mask_of<V> may = (expected > 0.0) & !resting;
  const mask_of<V> spike = may & (random.uniform(may) < -expm1(-expected));
  threshold.change([&](const auto&, const auto& of, auto& e) { e.gamma = select(spike, e.gamma + of.jump, e.gamma); });
  current.change([&](const auto&, const auto& of, auto& e) { e.eta = select(spike, e.eta + of.jump, e.eta); });
  s.refractory = select(spike, d.refractory, max(s.refractory - 1, 0));
  return spike;
}

}  // namespace volley::models::gif
