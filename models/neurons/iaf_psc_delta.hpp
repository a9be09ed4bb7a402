// Leaky integrate-and-fire neuron whose membrane potential jumps by the weight (mV) of each spike, integrated exactly
// (Rotter & Diesmann 1999).
//
//   V_m' = -(V_m - E_L) / tau_m + (I_stim + I_e) / C_m;  V_m jumps by w (mV) with each spike
//   V_m >= V_th: a spike, then V_m = V_reset for t_ref
//   refractory_input: jumps that arrive meanwhile are kept, and shrink with tau_m until its end
//   V_m is never below V_min
#pragma once
#include <limits>

#include "models/core/neuron.hpp"

namespace volley::neurons {
using namespace models::declare;

struct iaf_psc_delta {
  template <class V> struct params {
    V tau_m = 10, C_m = 250, t_ref = 2, E_L = -70, I_e = 0, V_th = 15, V_reset = 0;
    V V_min = -std::numeric_limits<double>::max(), refractory_input = 0;
  };
  template <class V> struct state { V V_m = 0, I_stim = 0, refractory = 0, held_back = 0; };
  template <class V> struct derived { V decay, from_dc, refractory; };
  template <class V> struct input { V spikes, current; };
  using P = params<double>;
  using S = state<double>;
  using I = input<double>;

  static constexpr std::string_view name = "iaf_psc_delta";
  static constexpr std::string_view meaning = "leaky integrate-and-fire neuron with jumps of the membrane potential";
  static constexpr auto fields =
      table(param("tau_m", &P::tau_m, ms, "membrane time constant", positive),
            param("C_m", &P::C_m, pF, "membrane capacitance", positive),
            param("t_ref", &P::t_ref, ms, "refractory period", non_negative),
            param("E_L", &P::E_L, mV, "resting potential"), param("I_e", &P::I_e, pA, "constant input current"),
            param("V_th", &P::V_th, mV, "spike threshold", relative_to(&P::E_L)),
            param("V_reset", &P::V_reset, mV, "reset potential", relative_to(&P::E_L), below(&P::V_th)),
            param("V_min", &P::V_min, mV, "lowest membrane potential", relative_to(&P::E_L)),
            flag("refractory_input", &P::refractory_input,
                 "input that arrives in the refractory period acts, decayed, at its end"),
            variable("V_m", &S::V_m, mV, "membrane potential", relative_to(&P::E_L), recordable),
            internal("I_stim", &S::I_stim, pA, "current that arrived in the last step"),
            internal("refractory", &S::refractory, none, "steps of refractoriness left"),
            internal("held_back", &S::held_back, mV, "input of the refractory period, decayed"));
  static_assert(covers<P>(fields, part::params) && covers<S>(fields, part::state));
  static constexpr auto channels = inputs(sum(&I::spikes), current(&I::current));
  static constexpr auto threshold_member = &P::V_th;

  static derived<double> calibrate(const P& p, resolution h) {
    return {exp(-h.ms / p.tau_m), -p.tau_m / p.C_m * expm1(-h.ms / p.tau_m), h.steps(p.t_ref)};
  }

  template <class V> static mask_of<V> step(const params<V>& p, const derived<V>& d, state<V>& s, const input<V>& in) {
    const V integrated = (d.from_dc * (s.I_stim + p.I_e) + (in.spikes + s.held_back)) + d.decay * s.V_m;
    const auto resting = s.refractory > 0;
    s.V_m = select(resting, s.V_m, max(integrated, p.V_min));
    s.held_back = select(resting & (p.refractory_input > 0), (s.held_back + in.spikes) * d.decay, V(0));
    s.I_stim = in.current;
    const auto spike = s.V_m >= p.V_th;
    s.refractory = select(spike, d.refractory, max(s.refractory - 1, 0));
    s.V_m = select(spike, p.V_reset, s.V_m);
    return spike;
  }
};

}  // namespace volley::neurons
