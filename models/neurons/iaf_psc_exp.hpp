// Leaky integrate-and-fire neuron with exponential synaptic currents, integrated exactly (Tsodyks, Uziel & Markram
// 2000; Rotter & Diesmann 1999), with optional escape noise: above delta = 0 the threshold is soft, and the neuron
// fires at the rate rho exp((V_m - V_th) / delta).
//
//   V_m' = -(V_m - E_L) / tau_m + (I_syn_ex + I_syn_in + I_stim + I_e) / C_m
//   I_syn_s' = -I_syn_s / tau_syn_s;  I_syn_s jumps by w with each spike
//   a current that arrives on receptor 1 is filtered: it feeds I_syn_ex
//   delta = 0: V_m >= V_th is a spike;  delta > 0: spikes come at the rate rho exp((V_m - V_th) / delta)
//   after a spike V_m = V_reset for t_ref
#pragma once
#include "models/core/neuron.hpp"
#include "models/core/propagators.hpp"

namespace volley::neurons {
using namespace models::declare;

struct iaf_psc_exp {
  template <class V> struct params {
    V tau_m = 10, C_m = 250, t_ref = 2, E_L = -70, I_e = 0, V_th = 15, V_reset = 0, tau_syn_ex = 2, tau_syn_in = 2;
    V rho = 0.01, delta = 0;
  };
  template <class V> struct state { V V_m = 0, I_ex = 0, I_in = 0, I_stim = 0, I_filtered = 0, refractory = 0; };
  template <class V> struct derived {
    V decay, from_dc, refractory, decay_ex, from_ex, gain_filtered, decay_in, from_in;
    V chance, per_delta;  // of a spike in one step at threshold; 1 / delta, 0 when the threshold is hard
  };
  template <class V> struct input { V ex, in, current, filtered; };
  using P = params<double>;
  using S = state<double>;
  using I = input<double>;

  static constexpr std::string_view name = "iaf_psc_exp";
  static constexpr std::string_view meaning = "leaky integrate-and-fire neuron with exponential synaptic currents";
  static constexpr auto fields =
      table(param("tau_m", &P::tau_m, ms, "membrane time constant", positive),
            param("C_m", &P::C_m, pF, "membrane capacitance", positive),
            param("t_ref", &P::t_ref, ms, "refractory period", non_negative),
            param("E_L", &P::E_L, mV, "resting potential"), param("I_e", &P::I_e, pA, "constant input current"),
            param("V_th", &P::V_th, mV, "spike threshold", relative_to(&P::E_L)),
            param("V_reset", &P::V_reset, mV, "reset potential", relative_to(&P::E_L), below(&P::V_th)),
            param("tau_syn_ex", &P::tau_syn_ex, ms, "decay time of excitatory currents", positive),
            param("tau_syn_in", &P::tau_syn_in, ms, "decay time of inhibitory currents", positive),
            param("rho", &P::rho, per_s, "escape rate at threshold", non_negative),
            param("delta", &P::delta, mV, "width of the soft threshold; 0 = hard", non_negative),
            variable("V_m", &S::V_m, mV, "membrane potential", relative_to(&P::E_L), recordable),
            internal("I_syn_ex", &S::I_ex, pA, "excitatory synaptic current", recordable),
            internal("I_syn_in", &S::I_in, pA, "inhibitory synaptic current", recordable),
            internal("I_stim", &S::I_stim, pA, "current that arrived in the last step"),
            internal("I_filtered", &S::I_filtered, pA, "current that arrived in the last step on receptor 1"),
            internal("refractory", &S::refractory, none, "steps of refractoriness left"));
  static_assert(covers<P>(fields, part::params) && covers<S>(fields, part::state));
  static constexpr auto channels = inputs(by_sign(&I::ex, &I::in), current(0, &I::current), current(1, &I::filtered));

  static derived<double> calibrate(const P& p, resolution h) {
    const double decay_ex = exp(-h.ms / p.tau_syn_ex);
    const bool soft = p.delta >= 1e-10;
    return {.decay = exp(-h.ms / p.tau_m),
            .from_dc = -p.tau_m / p.C_m * expm1(-h.ms / p.tau_m),
            .refractory = h.steps(p.t_ref),
            .decay_ex = decay_ex,
            .from_ex = models::propagator_exp(p.tau_syn_ex, p.tau_m, p.C_m, h.ms),
            .gain_filtered = 1 - decay_ex,
            .decay_in = exp(-h.ms / p.tau_syn_in),
            .from_in = models::propagator_exp(p.tau_syn_in, p.tau_m, p.C_m, h.ms),
            .chance = p.rho * h.ms * 1e-3,
            .per_delta = soft ? 1 / p.delta : 0};
  }

  template <class V>
  static mask_of<V> step(const params<V>& p, const derived<V>& d, state<V>& s, const input<V>& in, draws<V>& random) {
    const V I = d.from_dc * (s.I_stim + p.I_e) + (d.from_ex * s.I_ex + d.from_in * s.I_in);
    const auto resting = s.refractory > 0;
    s.V_m = select(resting, s.V_m, I + d.decay * s.V_m);
    s.I_ex = (d.gain_filtered * s.I_filtered + in.ex) + d.decay_ex * s.I_ex;
    s.I_in = in.in + d.decay_in * s.I_in;
    s.I_stim = in.current;
    s.I_filtered = in.filtered;
    const auto spike = fires(p, d, s, resting, random);
    s.refractory = select(spike, d.refractory, max(s.refractory - 1, 0));
    s.V_m = select(spike, p.V_reset, s.V_m);
    return spike;
  }

  template <class V> static mask_of<V> fires(const params<V>& p, const derived<V>& d, const state<V>& s,
                                             mask_of<V> resting, draws<V>& random) {
    const auto crossed = s.V_m >= p.V_th;
    const auto soft = d.per_delta > 0;
    if (!any(soft)) return crossed;
    const auto may = soft & !resting;
    const auto escaped = random.uniform(may) < d.chance * exp((s.V_m - p.V_th) * d.per_delta);
    return (crossed & !soft) | (may & escaped);
  }
};

}  // namespace volley::neurons
