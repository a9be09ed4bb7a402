// Leaky integrate-and-fire neuron with any number of receptors, whose alpha-shaped currents have a time constant each,
// integrated exactly (Rotter & Diesmann 1999).
//
//   V_m' = -(V_m - E_L) / tau_m + (I_syn + I_stim + I_e) / C_m
//   I_syn = sum over k of I_syn_k,
//   I_syn_k(t) = sum over spikes on receptor k of w (e / tau_syn_k) t exp(-t / tau_syn_k)
//   V_m never falls below V_min;  V_m >= V_th: a spike, then V_m = V_reset for t_ref
#pragma once
#include <limits>
#include <numbers>

#include "models/core/lists.hpp"
#include "models/core/neuron.hpp"
#include "models/core/propagators.hpp"

namespace volley::neurons {
using namespace models::declare;

struct iaf_psc_alpha_multisynapse {
  template <class V> struct params {
    V tau_m = 10, C_m = 250, t_ref = 2, E_L = -70, I_e = 0, V_th = 15, V_reset = 0;
    V V_min = -std::numeric_limits<double>::infinity();
  };
  template <class V> struct state { V V_m = 0, I_syn = 0, I_stim = 0, refractory = 0; };
  template <class V> struct derived { V decay, from_dc, refractory; };
  template <class V> struct input { V current; };
  using P = params<double>;
  using S = state<double>;
  using I = input<double>;

  struct receptor {
    template <class V> struct params { V tau_syn = 2; };
    template <class V> struct state { V dI = 0, I = 0; };
    template <class V> struct derived { V decay, h_decay, from_dI, from_I, jump; };
    template <class V> struct input { V spikes; };

    static constexpr std::string_view length_key = "n_synapses", lock_key = "has_connections";
    static constexpr auto fields =
        table(param("tau_syn", &params<double>::tau_syn, ms, "rise times of the receptors' currents", positive),
              internal("dI", &state<double>::dI, "pA/ms", "slope variable of the current of a receptor"),
              internal("I", &state<double>::I, pA, "current of a receptor", recordable_as("I_syn_")));
    static constexpr auto defaults() { return std::array{params<double>()}; }
    static constexpr auto channels = inputs(sum(&input<double>::spikes, 1));

    static derived<double> calibrate(const P& p, const params<double>& r, resolution h) {
      const double decay = exp(-h.ms / r.tau_syn);
      return {decay, h.ms * decay, models::propagator_alpha(r.tau_syn, p.tau_m, p.C_m, h.ms),
              models::propagator_exp(r.tau_syn, p.tau_m, p.C_m, h.ms), std::numbers::e / r.tau_syn};
    }
  };
  using lists = models::lists_of<receptor>;

  static constexpr std::string_view name = "iaf_psc_alpha_multisynapse";
  static constexpr std::string_view meaning =
      "leaky integrate-and-fire neuron with alpha-shaped currents of several receptors";
  static constexpr auto fields =
      table(param("tau_m", &P::tau_m, ms, "membrane time constant", positive),
            param("C_m", &P::C_m, pF, "membrane capacitance", positive),
            param("t_ref", &P::t_ref, ms, "refractory period", non_negative),
            param("E_L", &P::E_L, mV, "resting potential"), param("I_e", &P::I_e, pA, "constant input current"),
            param("V_th", &P::V_th, mV, "spike threshold", relative_to(&P::E_L)),
            param("V_reset", &P::V_reset, mV, "reset potential", relative_to(&P::E_L), below(&P::V_th)),
            param("V_min", &P::V_min, mV, "lowest membrane potential", relative_to(&P::E_L)),
            variable("V_m", &S::V_m, mV, "membrane potential", relative_to(&P::E_L), recordable),
            internal("I_syn", &S::I_syn, pA, "current of all receptors", recordable),
            internal("I_stim", &S::I_stim, pA, "current that arrived in the last step"),
            internal("refractory", &S::refractory, none, "steps of refractoriness left"));
  static_assert(covers<P>(fields, part::params) && covers<S>(fields, part::state));
  static constexpr auto channels = inputs(current(&I::current));

  static derived<double> calibrate(const P& p, resolution h) {
    return {exp(-h.ms / p.tau_m), -p.tau_m / p.C_m * expm1(-h.ms / p.tau_m), h.steps(p.t_ref)};
  }

  template <class V, class Receptors> static mask_of<V> step(const params<V>& p, const derived<V>& d, state<V>& s,
                                                             const input<V>& in, Receptors& receptors) {
    V to_V_m = 0.0;
    s.I_syn = 0.0;
    receptors.receive([&](const auto&, const auto& of, auto& r, const auto& arrived) {
      to_V_m = to_V_m + (of.from_dI * r.dI + of.from_I * r.I);
      r.I = of.h_decay * r.dI + of.decay * r.I;
      r.dI = of.jump * arrived.spikes + of.decay * r.dI;
      s.I_syn = s.I_syn + r.I;
    });
    const V integrated = (d.from_dc * (s.I_stim + p.I_e) + to_V_m) + d.decay * s.V_m;
    s.V_m = select(s.refractory > 0, s.V_m, max(integrated, p.V_min));
    s.I_stim = in.current;
    const auto spike = s.V_m >= p.V_th;
    s.refractory = select(spike, d.refractory, max(s.refractory - 1, 0));
    s.V_m = select(spike, p.V_reset, s.V_m);
    return spike;
  }
};

}  // namespace volley::neurons
