// Leaky integrate-and-fire neuron with alpha-shaped synaptic currents, integrated exactly (Rotter & Diesmann 1999).
// A weight of w pA gives a current that peaks at w.
//
//   V_m' = -(V_m - E_L) / tau_m + (I_syn_ex + I_syn_in + I_stim + I_e) / C_m
//   I_syn_s(t) = sum over spikes of w (e / tau_syn_s) t exp(-t / tau_syn_s), t since the spike's arrival
//   w > 0: excitatory, w < 0: inhibitory
//   V_m >= V_th: a spike, then V_m = V_reset for t_ref
//   V_m is never below V_min
#pragma once
#include <limits>
#include <numbers>

#include "models/core/neuron.hpp"
#include "models/core/propagators.hpp"

namespace volley::neurons {
using namespace models::declare;

struct iaf_psc_alpha {
  template <class V> struct params {
    V tau_m = 10, C_m = 250, t_ref = 2, E_L = -70, I_e = 0, V_th = 15, V_reset = 0;
    V V_min = -std::numeric_limits<double>::infinity();
    V tau_syn_ex = 2, tau_syn_in = 2;
  };
  template <class V> struct state { V V_m = 0, dI_ex = 0, I_ex = 0, dI_in = 0, I_in = 0, I_stim = 0, refractory = 0; };
  template <class V> struct alpha { V decay, h_decay, from_dI, from_I, jump; };  // one synaptic current
  template <class V> struct derived {
    V decay, from_dc, refractory;
    alpha<V> ex, in;
  };
  template <class V> struct input { V ex, in, current; };
  using P = params<double>;
  using S = state<double>;
  using I = input<double>;

  static constexpr std::string_view name = "iaf_psc_alpha";
  static constexpr std::string_view meaning = "leaky integrate-and-fire neuron with alpha-shaped synaptic currents";
  static constexpr auto fields =
      table(param("tau_m", &P::tau_m, ms, "membrane time constant", positive),
            param("C_m", &P::C_m, pF, "membrane capacitance", positive),
            param("t_ref", &P::t_ref, ms, "refractory period", non_negative),
            param("E_L", &P::E_L, mV, "resting potential"), param("I_e", &P::I_e, pA, "constant input current"),
            param("V_th", &P::V_th, mV, "spike threshold", relative_to(&P::E_L)),
            param("V_reset", &P::V_reset, mV, "reset potential", relative_to(&P::E_L), below(&P::V_th)),
            param("V_min", &P::V_min, mV, "lowest membrane potential", relative_to(&P::E_L)),
            param("tau_syn_ex", &P::tau_syn_ex, ms, "rise time of excitatory currents", positive),
            param("tau_syn_in", &P::tau_syn_in, ms, "rise time of inhibitory currents", positive),
            variable("V_m", &S::V_m, mV, "membrane potential", relative_to(&P::E_L), recordable),
            internal("I_syn_ex", &S::I_ex, pA, "excitatory synaptic current", recordable),
            internal("I_syn_in", &S::I_in, pA, "inhibitory synaptic current", recordable),
            internal("dI_ex", &S::dI_ex, "pA/ms", "slope variable of I_syn_ex"),
            internal("dI_in", &S::dI_in, "pA/ms", "slope variable of I_syn_in"),
            internal("I_stim", &S::I_stim, pA, "current that arrived in the last step"),
            internal("refractory", &S::refractory, none, "steps of refractoriness left"));
  static_assert(covers<P>(fields, part::params) && covers<S>(fields, part::state));
  static constexpr auto channels = inputs(by_sign(&I::ex, &I::in), current(&I::current));

  static derived<double> calibrate(const P& p, resolution h) {
    const auto propagators = [&](double tau) -> alpha<double> {
      const double decay = exp(-h.ms / tau);
      return {decay, h.ms * decay, models::propagator_alpha(tau, p.tau_m, p.C_m, h.ms),
              models::propagator_exp(tau, p.tau_m, p.C_m, h.ms), std::numbers::e / tau};
    };
    return {exp(-h.ms / p.tau_m), -p.tau_m / p.C_m * expm1(-h.ms / p.tau_m), h.steps(p.t_ref),
            propagators(p.tau_syn_ex), propagators(p.tau_syn_in)};
  }

  template <class V> static mask_of<V> step(const params<V>& p, const derived<V>& d, state<V>& s, const input<V>& in) {
    const V I = d.from_dc * (s.I_stim + p.I_e) + (d.ex.from_dI * s.dI_ex + d.ex.from_I * s.I_ex) +
                (d.in.from_dI * s.dI_in + d.in.from_I * s.I_in);
    s.V_m = select(s.refractory > 0, s.V_m, max(I + d.decay * s.V_m, p.V_min));
    s.I_ex = d.ex.h_decay * s.dI_ex + d.ex.decay * s.I_ex;
    s.dI_ex = d.ex.decay * s.dI_ex + d.ex.jump * in.ex;  // what arrives acts from the next step on
    s.I_in = d.in.h_decay * s.dI_in + d.in.decay * s.I_in;
    s.dI_in = d.in.decay * s.dI_in + d.in.jump * in.in;
    s.I_stim = in.current;
    const auto spike = s.V_m >= p.V_th;
    s.refractory = select(spike, d.refractory, max(s.refractory - 1, 0));
    s.V_m = select(spike, p.V_reset, s.V_m);
    return spike;
  }
};

}  // namespace volley::neurons
