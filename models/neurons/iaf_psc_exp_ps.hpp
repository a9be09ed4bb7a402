// Leaky integrate-and-fire neuron with exponential synaptic currents and precise spike times (Hanuschkin, Kunkel,
// Helias, Morrison & Diesmann 2010). What it does at the threshold: models/core/precise_membrane.hpp.
//
//   V_m' = -(V_m - E_L) / tau_m + (I_syn_ex + I_syn_in + I_stim + I_e) / C_m
//   I_syn_s' = -I_syn_s / tau_syn_s;  I_syn_s jumps by w with each spike
//   V_m >= V_th: a spike, then V_m = V_reset for t_ref
//   V_m is never below V_min
#pragma once
#include "models/core/precise_exp.hpp"

namespace volley::neurons {
using namespace models::declare;

struct iaf_psc_exp_ps : models::precise::exponential {
  static constexpr std::string_view name = "iaf_psc_exp_ps";
  static constexpr std::string_view meaning =
      "leaky integrate-and-fire neuron with exponential synaptic currents and precise spike times";
  static constexpr auto fields =
      join(models::precise::rows(),
           table(param("tau_syn_ex", &P::tau_syn_ex, ms, "decay time of excitatory currents", positive),
                 param("tau_syn_in", &P::tau_syn_in, ms, "decay time of inhibitory currents", positive),
                 variable("I_syn_ex", &S::I_ex, pA, "excitatory synaptic current"),
                 variable("I_syn_in", &S::I_in, pA, "inhibitory synaptic current")));
  static_assert(covers<P>(fields, part::params) && covers<S>(fields, part::state));

  static const char* check(const P& p) { return models::precise::check_refractory(p); }
  template <class V>
  static void step(const params<V>& p, const derived<V>& d, state<V>& s, const input<V>& in, cell_step<V>& now) {
    models::precise::step<iaf_psc_exp_ps>(p, d, s, in, now);
  }
};

}  // namespace volley::neurons
