// Leaky membrane with exponential synaptic currents that is never reset, and a threshold that each spike raises on two
// time scales (Kobayashi, Tsubo & Shinomoto 2009), integrated exactly (Rotter & Diesmann 1999).
//
//   V_m' = -(V_m - E_L) / tau_m + (I_syn_ex + I_syn_in + I_stim + I_e) / C_m
//   I_syn_s' = -I_syn_s / tau_syn_s;  I_syn_s jumps by w with each spike
//   V_th = omega + V_th_alpha_1 + V_th_alpha_2;  V_th_alpha_i' = -V_th_alpha_i / tau_i
//   V_m >= V_th: a spike, if the last one is t_ref ago;  V_th_alpha_i jumps by alpha_i
#pragma once
#include "models/core/neuron.hpp"
#include "models/core/propagators.hpp"

namespace volley::neurons {
using namespace models::declare;

struct mat2_psc_exp {
  template <class V> struct params {
    V tau_m = 5, C_m = 100, t_ref = 2, E_L = -70, I_e = 0, tau_syn_ex = 1, tau_syn_in = 3;
    V tau_1 = 10, tau_2 = 200, alpha_1 = 37, alpha_2 = 2, omega = 19;
  };
  template <class V> struct state { V V_m = 0, I_ex = 0, I_in = 0, th_1 = 0, th_2 = 0, I_stim = 0, silent = 0; };
  template <class V> struct derived {
    V decay, from_dc, decay_ex, from_ex, decay_in, from_in, decay_1, decay_2, silent;
  };
  template <class V> struct input { V ex, in, current; };
  using P = params<double>;
  using S = state<double>;
  using I = input<double>;

  static double threshold(const P& p, const S& s) { return p.E_L + p.omega + s.th_1 + s.th_2; }

  static constexpr std::string_view name = "mat2_psc_exp";
  static constexpr std::string_view meaning = "neuron without reset, with a threshold of two adaptive time scales";
  static constexpr auto fields =
      table(param("tau_m", &P::tau_m, ms, "membrane time constant", positive),
            param("C_m", &P::C_m, pF, "membrane capacitance", positive),
            param("t_ref", &P::t_ref, ms, "time after a spike without another", positive),
            param("E_L", &P::E_L, mV, "resting potential"), param("I_e", &P::I_e, pA, "constant input current"),
            param("tau_syn_ex", &P::tau_syn_ex, ms, "decay time of excitatory currents", positive),
            param("tau_syn_in", &P::tau_syn_in, ms, "decay time of inhibitory currents", positive),
            param("tau_1", &P::tau_1, ms, "decay time of the threshold's fast part", positive),
            param("tau_2", &P::tau_2, ms, "decay time of the threshold's slow part", positive),
            param("alpha_1", &P::alpha_1, mV, "jump of the fast part at a spike"),
            param("alpha_2", &P::alpha_2, mV, "jump of the slow part at a spike"),
            param("omega", &P::omega, mV, "threshold at rest", relative_to(&P::E_L)),
            variable("V_m", &S::V_m, mV, "membrane potential", relative_to(&P::E_L), recordable),
            computed<threshold>("V_th", mV, "threshold", recordable),
            variable("V_th_alpha_1", &S::th_1, mV, "fast part of the threshold"),
            variable("V_th_alpha_2", &S::th_2, mV, "slow part of the threshold"),
            internal("I_syn_ex", &S::I_ex, pA, "excitatory synaptic current"),
            internal("I_syn_in", &S::I_in, pA, "inhibitory synaptic current"),
            internal("I_stim", &S::I_stim, pA, "current that arrived in the last step"),
            internal("silent", &S::silent, none, "steps without a spike left"));
  static_assert(covers<P>(fields, part::params) && covers<S>(fields, part::state));
  static constexpr auto channels = inputs(by_sign(&I::ex, &I::in), current(&I::current));

  static const char* check(const P& p) {
    return p.tau_m == p.tau_syn_ex || p.tau_m == p.tau_syn_in ? "tau_m must differ from tau_syn_ex and tau_syn_in"
                                                              : nullptr;
  }

  static derived<double> calibrate(const P& p, resolution h) {
    return {.decay = exp(-h.ms / p.tau_m),
            .from_dc = -p.tau_m / p.C_m * expm1(-h.ms / p.tau_m),
            .decay_ex = exp(-h.ms / p.tau_syn_ex),
            .from_ex = models::propagator_exp(p.tau_syn_ex, p.tau_m, p.C_m, h.ms),
            .decay_in = exp(-h.ms / p.tau_syn_in),
            .from_in = models::propagator_exp(p.tau_syn_in, p.tau_m, p.C_m, h.ms),
            .decay_1 = exp(-h.ms / p.tau_1),
            .decay_2 = exp(-h.ms / p.tau_2),
            .silent = h.steps(p.t_ref)};
  }

  template <class V> static mask_of<V> step(const params<V>& p, const derived<V>& d, state<V>& s, const input<V>& in) {
    const V I = d.from_dc * (s.I_stim + p.I_e) + (d.from_ex * s.I_ex + d.from_in * s.I_in);
    s.V_m = I + d.decay * s.V_m;
    s.I_ex = in.ex + d.decay_ex * s.I_ex;
    s.I_in = in.in + d.decay_in * s.I_in;
    s.I_stim = in.current;
    s.th_1 = d.decay_1 * s.th_1;
    s.th_2 = d.decay_2 * s.th_2;
    const auto spike = (s.V_m >= p.omega + s.th_1 + s.th_2) & !(s.silent > 0);
    s.silent = select(spike, d.silent, max(s.silent - 1, 0));
    s.th_1 = select(spike, s.th_1 + p.alpha_1, s.th_1);
    s.th_2 = select(spike, s.th_2 + p.alpha_2, s.th_2);
    return spike;
  }
};

}  // namespace volley::neurons
