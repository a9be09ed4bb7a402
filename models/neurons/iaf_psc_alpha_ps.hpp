// Leaky integrate-and-fire neuron with alpha-shaped synaptic currents and precise spike times (Morrison, Straube,
// Plesser & Diesmann 2007). What it does at the threshold: models/core/precise_membrane.hpp.
//
//   V_m' = -(V_m - E_L) / tau_m + (I_syn_ex + I_syn_in + I_stim + I_e) / C_m
//   I_syn_s(t) = sum over spikes of w (e / tau_syn_s) t exp(-t / tau_syn_s), t since the spike's arrival
//   V_m >= V_th: a spike, then V_m = V_reset for t_ref
//   V_m is never below V_min
#pragma once
#include <numbers>

#include "models/core/precise_membrane.hpp"
#include "models/core/propagators.hpp"

namespace volley::neurons {
using namespace models::declare;

struct iaf_psc_alpha_ps {
  template <class V> struct params : models::precise::params<V> { V tau_syn_ex = 2, tau_syn_in = 2; };
  template <class V> struct state : models::precise::state<V> { V dI_ex = 0, I_ex = 0, dI_in = 0, I_in = 0; };
  template <class V> struct alpha { V decay, t_decay, from_dI, from_I; };  // one synaptic current
  template <class V> struct passage : models::precise::passage<V> { alpha<V> ex, in; };
  template <class V> struct derived : models::precise::derived<V> {
    V jump_ex, jump_in;
    passage<V> step;
  };
  template <class V> using input = models::precise::input<V>;
  using P = params<double>;
  using S = state<double>;

  static constexpr std::string_view name = "iaf_psc_alpha_ps";
  static constexpr std::string_view meaning =
      "leaky integrate-and-fire neuron with alpha-shaped synaptic currents and precise spike times";
  static constexpr bool per_cell = true;
  static constexpr auto fields =
      join(models::precise::rows(),
           table(param("tau_syn_ex", &P::tau_syn_ex, ms, "rise time of excitatory currents", positive),
                 param("tau_syn_in", &P::tau_syn_in, ms, "rise time of inhibitory currents", positive),
                 variable("I_syn_ex", &S::I_ex, pA, "excitatory synaptic current", read_only, recordable),
                 variable("I_syn_in", &S::I_in, pA, "inhibitory synaptic current", read_only, recordable),
                 variable("dI_syn_ex", &S::dI_ex, "pA/ms", "slope variable of I_syn_ex", read_only),
                 variable("dI_syn_in", &S::dI_in, "pA/ms", "slope variable of I_syn_in", read_only)));
  static_assert(covers<P>(fields, part::params) && covers<S>(fields, part::state));
  static constexpr auto channels = models::precise::channels;

  static const char* check(const P& p) { return models::precise::check_refractory(p); }
  static derived<double> calibrate(const P& p, resolution h) {
    return {models::precise::calibrate(p, h), std::numbers::e / p.tau_syn_ex, std::numbers::e / p.tau_syn_in,
            over(p, h.ms)};
  }
  template <class V>
  static void step(const params<V>& p, const derived<V>& d, state<V>& s, const input<V>& in, cell_step<V>& now) {
    models::precise::step<iaf_psc_alpha_ps>(p, d, s, in, now);
  }

  template <class V> static alpha<V> current_over(const params<V>& p, V tau, V ms) {
    const V decay = exp(-ms / tau);
    return {decay, ms * decay, models::propagator_alpha(tau, p.tau_m, p.C_m, ms),
            models::propagator_exp(tau, p.tau_m, p.C_m, ms)};
  }
  template <class V> static passage<V> over(const params<V>& p, V ms) {
    return {models::precise::membrane_over(p, ms), current_over(p, p.tau_syn_ex, ms),
            current_over(p, p.tau_syn_in, ms)};
  }
  template <class V> static V potential(const params<V>& p, const passage<V>& over, const state<V>& s) {
    const V ex = over.ex.from_dI * s.dI_ex + over.ex.from_I * s.I_ex;
    const V in = over.in.from_dI * s.dI_in + over.in.from_I * s.I_in;
    return models::precise::potential(p, over, s, ex + in);
  }
  template <class V> static void decay(const passage<V>& over, state<V>& s) {
    s.I_ex = over.ex.t_decay * s.dI_ex + over.ex.decay * s.I_ex;
    s.dI_ex = over.ex.decay * s.dI_ex;
    s.I_in = over.in.t_decay * s.dI_in + over.in.decay * s.I_in;
    s.dI_in = over.in.decay * s.dI_in;
  }
  template <class V>
  static bool receive(const params<V>&, const derived<V>& d, state<V>& s, V above, V below, bool /*resting*/) {
    s.dI_ex += d.jump_ex * above;
    s.dI_in += d.jump_in * below;
    return false;
  }
};

}  // namespace volley::neurons
