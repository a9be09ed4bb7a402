// Generalised integrate-and-fire neuron with escape noise (Mensi et al. 2012; Pozzorini et al. 2015) and exponential
// synaptic currents, integrated exactly.
//
//   C_m V_m' = -g_L (V_m - E_L) - I_stc + I_syn_ex + I_syn_in + I_stim + I_e
//   I_syn_s' = -I_syn_s / tau_syn_s;  I_syn_s jumps by w with each spike
//   I_stc = sum over j of eta_j;  eta_j' = -eta_j / tau_stc_j;  eta_j jumps by q_stc_j with each spike
//   E_sfa = V_T_star + sum over i of gamma_i;  gamma_i' = -gamma_i / tau_sfa_i;  gamma_i jumps by q_sfa_i
//   spikes come at the rate lambda_0 exp((V_m - E_sfa) / Delta_V);  then V_m = V_reset for t_ref
#pragma once
#include "models/core/escape_noise.hpp"
#include "models/core/propagators.hpp"

namespace volley::neurons {
using namespace models::declare;

struct gif_psc_exp {
  template <class V> struct params : models::gif::params<V> { V tau_syn_ex = 2, tau_syn_in = 2; };
  template <class V> struct state : models::gif::state<V> { V I_ex = 0, I_in = 0; };
  template <class V> struct derived : models::gif::derived<V> {
    V decay, to_E_L, from_dc, decay_ex, from_ex, decay_in, from_in;
  };
  template <class V> struct input { V ex, in, current; };
  using P = params<double>;
  using S = state<double>;
  using I = input<double>;
  using lists = models::lists_of<models::gif::sfa, models::gif::stc>;

  static constexpr std::string_view name = "gif_psc_exp";
  static constexpr std::string_view meaning =
      "generalised integrate-and-fire neuron with exponential synaptic currents";
  static constexpr auto fields = join(
      models::gif::rows(), table(param("tau_syn_ex", &P::tau_syn_ex, ms, "decay time of excitatory currents", positive),
                                 param("tau_syn_in", &P::tau_syn_in, ms, "decay time of inhibitory currents", positive),
                                 internal("I_syn_ex", &S::I_ex, pA, "excitatory synaptic current", recordable),
                                 internal("I_syn_in", &S::I_in, pA, "inhibitory synaptic current", recordable)));
  static_assert(covers<P>(fields, part::params) && covers<S>(fields, part::state));
  static constexpr auto channels = inputs(by_sign(&I::ex, &I::in), current(&I::current));

  static derived<double> calibrate(const P& p, resolution h) {
    const double tau_m = p.C_m / p.g_L, left = -expm1(-h.ms / tau_m);
    return {models::gif::calibrate(p, h),
            exp(-h.ms / tau_m),
            left * p.E_L,
            left / p.g_L,
            exp(-h.ms / p.tau_syn_ex),
            models::propagator_exp(p.tau_syn_ex, tau_m, p.C_m, h.ms),
            exp(-h.ms / p.tau_syn_in),
            models::propagator_exp(p.tau_syn_in, tau_m, p.C_m, h.ms)};
  }

  template <class V, class Sfa, class Stc, class Draws> static mask_of<V> step(const params<V>& p, const derived<V>& d,
                                                                               state<V>& s, const input<V>& in,
                                                                               Sfa& sfa, Stc& stc, Draws& random) {
    models::gif::recover<V>(p, s, sfa, stc);
    s.I_ex = in.ex + d.decay_ex * s.I_ex;
    s.I_in = in.in + d.decay_in * s.I_in;
    const V I = d.from_dc * (s.I_stim + p.I_e - s.I_stc) + (d.from_ex * s.I_ex + d.from_in * s.I_in);
    const auto spike = models::gif::fire<V>(p, d, s, I + d.to_E_L + d.decay * s.V_m, sfa, stc, random);
    s.I_stim = in.current;
    return spike;
  }
};

}  // namespace volley::neurons
