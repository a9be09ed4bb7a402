// Leaky integrate-and-fire neuron with exponential synaptic currents and two refractory periods, integrated exactly
// (Tsodyks, Uziel & Markram 2000; Rotter & Diesmann 1999; Hill 1936): the membrane is clamped during the absolute one,
// and cannot fire during the total one.
//
//   V_m' = -(V_m - E_L) / tau_m + (I_syn_ex + I_syn_in + I_stim + I_e) / C_m
//   I_syn_s' = -I_syn_s / tau_syn_s;  I_syn_s jumps by w with each spike
//   V_m >= V_th: a spike, if the last one is t_ref_tot ago;  V_m = V_reset for t_ref_abs after it
#pragma once
#include "models/core/neuron.hpp"
#include "models/core/propagators.hpp"

namespace volley::neurons {
using namespace models::declare;

struct iaf_psc_exp_htum {
  template <class V> struct params {
    V tau_m = 10, C_m = 250, t_ref_abs = 2, t_ref_tot = 2, E_L = -70, I_e = 0, V_th = 15, V_reset = 0;
    V tau_syn_ex = 2, tau_syn_in = 2;
  };
  template <class V> struct state { V V_m = 0, I_ex = 0, I_in = 0, I_stim = 0, clamped = 0, silent = 0; };
  template <class V> struct derived { V decay, from_dc, clamped, silent, decay_ex, from_ex, decay_in, from_in; };
  template <class V> struct input { V ex, in, current; };
  using P = params<double>;
  using S = state<double>;
  using I = input<double>;

  static constexpr std::string_view name = "iaf_psc_exp_htum";
  static constexpr std::string_view meaning =
      "leaky integrate-and-fire neuron with exponential synaptic currents and two refractory periods";
  static constexpr auto fields =
      table(param("tau_m", &P::tau_m, ms, "membrane time constant", positive),
            param("C_m", &P::C_m, pF, "membrane capacitance", positive),
            param("t_ref_abs", &P::t_ref_abs, ms, "time after a spike with the potential clamped", positive),
            param("t_ref_tot", &P::t_ref_tot, ms, "time after a spike without another", positive),
            param("E_L", &P::E_L, mV, "resting potential"), param("I_e", &P::I_e, pA, "constant input current"),
            param("V_th", &P::V_th, mV, "spike threshold", relative_to(&P::E_L)),
            param("V_reset", &P::V_reset, mV, "reset potential", relative_to(&P::E_L), below(&P::V_th)),
            param("tau_syn_ex", &P::tau_syn_ex, ms, "decay time of excitatory currents", positive),
            param("tau_syn_in", &P::tau_syn_in, ms, "decay time of inhibitory currents", positive),
            // Multimeters show it relative to E_L: measured on the reference.
            variable("V_m", &S::V_m, mV, "membrane potential", relative_to(&P::E_L), recordable_as_stored),
            internal("I_syn_ex", &S::I_ex, pA, "excitatory synaptic current", recordable),
            internal("I_syn_in", &S::I_in, pA, "inhibitory synaptic current", recordable),
            internal("I_stim", &S::I_stim, pA, "current that arrived in the last step"),
            internal("clamped", &S::clamped, none, "steps of absolute refractoriness left"),
            internal("silent", &S::silent, none, "steps of total refractoriness left"));
  static_assert(covers<P>(fields, part::params) && covers<S>(fields, part::state));
  static constexpr auto channels = inputs(by_sign(&I::ex, &I::in), current(&I::current));

  static const char* check(const P& p) {
    return p.t_ref_abs > p.t_ref_tot ? "t_ref_tot must not be shorter than t_ref_abs" : nullptr;
  }

  static derived<double> calibrate(const P& p, resolution h) {
    return {.decay = exp(-h.ms / p.tau_m),
            .from_dc = -p.tau_m / p.C_m * expm1(-h.ms / p.tau_m),
            .clamped = h.steps(p.t_ref_abs),
            .silent = h.steps(p.t_ref_tot),
            .decay_ex = exp(-h.ms / p.tau_syn_ex),
            .from_ex = models::propagator_exp(p.tau_syn_ex, p.tau_m, p.C_m, h.ms),
            .decay_in = exp(-h.ms / p.tau_syn_in),
            .from_in = models::propagator_exp(p.tau_syn_in, p.tau_m, p.C_m, h.ms)};
  }

  template <class V> static mask_of<V> step(const params<V>& p, const derived<V>& d, state<V>& s, const input<V>& in) {
    const V I = d.from_dc * (s.I_stim + p.I_e) + (d.from_ex * s.I_ex + d.from_in * s.I_in);
    s.V_m = select(s.clamped > 0, s.V_m, I + d.decay * s.V_m);
    s.I_ex = in.ex + d.decay_ex * s.I_ex;
    s.I_in = in.in + d.decay_in * s.I_in;
    s.I_stim = in.current;
    const auto spike = (s.V_m >= p.V_th) & !(s.silent > 0);
    s.clamped = select(spike, d.clamped, max(s.clamped - 1, 0));
    s.silent = select(spike, d.silent, max(s.silent - 1, 0));
    s.V_m = select(spike, p.V_reset, s.V_m);
    return spike;
  }
};

}  // namespace volley::neurons
