// Generalised integrate-and-fire neuron with escape noise (Mensi et al. 2012; Pozzorini et al. 2015) and any
// number of receptors, whose exponential currents have a time constant each, integrated exactly.
//
//   C_m V_m' = -g_L (V_m - E_L) - I_stc + sum over k of I_syn_k + I_stim + I_e
//   I_syn_k' = -I_syn_k / tau_syn_k;  I_syn_k jumps by w with each spike on receptor k
//   I_stc = sum over j of eta_j;  eta_j' = -eta_j / tau_stc_j;  eta_j jumps by q_stc_j with each spike
//   E_sfa = V_T_star + sum over i of gamma_i;  gamma_i' = -gamma_i / tau_sfa_i;  gamma_i jumps by q_sfa_i
//   spikes come at the rate lambda_0 exp((V_m - E_sfa) / Delta_V);  then V_m = V_reset for t_ref
#pragma once
#include "models/core/escape_noise.hpp"
#include "models/core/propagators.hpp"

namespace volley::neurons {
using namespace models::declare;

struct gif_psc_exp_multisynapse {
  template <class V> struct params : models::gif::params<V> {};
  template <class V> struct state : models::gif::state<V> {};
  template <class V> struct derived : models::gif::derived<V> { V decay, to_E_L, from_dc; };
  template <class V> struct input { V current; };
  using P = params<double>;
  using S = state<double>;
  using I = input<double>;

  struct receptor {
    template <class V> struct params { V tau_syn = 2; };
    template <class V> struct state { V I = 0; };
    template <class V> struct derived { V decay, from_I; };
    template <class V> struct input { V spikes; };

    static constexpr std::string_view length_key = "n_receptors", lock_key = "has_connections";
    static constexpr auto fields =
        table(param("tau_syn", &params<double>::tau_syn, ms, "decay times of the receptors' currents", positive),
              internal("I", &state<double>::I, pA, "current of a receptor"));
    static constexpr auto defaults() { return std::array{params<double>()}; }
    static constexpr auto channels = inputs(sum(&input<double>::spikes, 1));

    static derived<double> calibrate(const P& p, const params<double>& r, resolution h) {
      return {exp(-h.ms / r.tau_syn), models::propagator_exp(r.tau_syn, p.C_m / p.g_L, p.C_m, h.ms)};
    }
  };
  using lists = models::lists_of<models::gif::sfa, models::gif::stc, receptor>;

  static constexpr std::string_view name = "gif_psc_exp_multisynapse";
  static constexpr std::string_view meaning =
      "generalised integrate-and-fire neuron with exponential currents of several receptors";
  static constexpr auto fields = models::gif::rows();
  static_assert(covers<P>(fields, part::params) && covers<S>(fields, part::state));
  static constexpr auto channels = inputs(current(&I::current));

  static derived<double> calibrate(const P& p, resolution h) {
    const double tau_m = p.C_m / p.g_L, left = -expm1(-h.ms / tau_m);
    return {models::gif::calibrate(p, h), exp(-h.ms / tau_m), left * p.E_L, left / p.g_L};
  }

  template <class V, class Sfa, class Stc, class Receptors, class Draws>
  static mask_of<V> step(const params<V>& p, const derived<V>& d, state<V>& s, const input<V>& in, Sfa& sfa, Stc& stc,
                         Receptors& receptors, Draws& random) {
    models::gif::recover<V>(p, s, sfa, stc);
    V to_V_m = 0.0;
    receptors.receive([&](const auto&, const auto& of, auto& r, const auto& arrived) {
      to_V_m = to_V_m + of.from_I * r.I;
      r.I = arrived.spikes + of.decay * r.I;
    });
    const V I = d.from_dc * (s.I_stim + p.I_e - s.I_stc) + to_V_m;
    const auto spike = models::gif::fire<V>(p, d, s, I + d.to_E_L + d.decay * s.V_m, sfa, stc, random);
    s.I_stim = in.current;
    return spike;
  }
};

}  // namespace volley::neurons
