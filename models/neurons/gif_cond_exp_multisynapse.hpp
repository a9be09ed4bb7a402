// Generalised integrate-and-fire neuron with escape noise (Mensi et al. 2012; Pozzorini et al. 2015) and any
// number of receptors, whose exponential conductances have a time constant each, integrated by an adaptive
// Runge-Kutta-Fehlberg 4(5) scheme.
//
//   C_m V_m' = -g_L (V_m - E_L) - I_stc - sum over k of g_k (V_m - E_rev_k) + I_stim + I_e
//   g_k' = -g_k / tau_syn_k;  g_k jumps by w with each spike on receptor k
//   I_stc = sum over j of eta_j;  eta_j' = -eta_j / tau_stc_j;  eta_j jumps by q_stc_j with each spike
//   E_sfa = V_T_star + sum over i of gamma_i;  gamma_i' = -gamma_i / tau_sfa_i;  gamma_i jumps by q_sfa_i
//   spikes come at the rate lambda_0 exp((V_m - E_sfa) / Delta_V);  then V_m = V_reset for t_ref
#pragma once
#include "models/core/escape_noise.hpp"
#include "models/core/rkf45.hpp"

namespace volley::neurons {
using namespace models::declare;

struct gif_cond_exp_multisynapse {
  template <class V> struct params : models::gif::params<V> { V gsl_error_tol = 1e-3; };
  template <class V> struct state : models::gif::state<V> { V sub_step = 0; };
  template <class V> struct derived : models::gif::derived<V> { V per_C_m, h; };
  template <class V> struct input { V current; };
  using P = params<double>;
  using S = state<double>;
  using I = input<double>;

  struct receptor {
    template <class V> struct params { V E_rev = 0, tau_syn = 2; };
    template <class V> struct state { V g = 0; };
    template <class V> struct derived { V rate; };
    template <class V> struct input { V spikes; };

    static constexpr std::string_view length_key = "n_receptors", lock_key = "has_connections";
    static constexpr auto fields =
        table(param("E_rev", &params<double>::E_rev, mV, "reversal potentials"),
              param("tau_syn", &params<double>::tau_syn, ms, "decay times of the conductances", positive),
              variable("g", &state<double>::g, nS, "conductances", read_only));
    static constexpr auto defaults() { return std::array{params<double>()}; }
    static constexpr auto channels = inputs(sum(&input<double>::spikes, 1));

    static derived<double> calibrate(const P&, const params<double>& r, resolution) { return {1 / r.tau_syn}; }
  };
  using lists = models::lists_of<models::gif::sfa, models::gif::stc, receptor>;

  static constexpr std::string_view name = "gif_cond_exp_multisynapse";
  static constexpr std::string_view meaning =
      "generalised integrate-and-fire neuron with exponential conductances of several receptors";
  static constexpr auto fields = join(
      models::gif::rows(), table(param("gsl_error_tol", &P::gsl_error_tol, none,
                                       "error that a sub-step of the integrator may make", positive),
                                 internal("sub_step", &S::sub_step, ms, "size of the integrator's last sub-step")));
  static_assert(covers<P>(fields, part::params) && covers<S>(fields, part::state));
  static constexpr auto channels = inputs(current(&I::current));

  static derived<double> calibrate(const P& p, resolution h) { return {models::gif::calibrate(p, h), 1 / p.C_m, h.ms}; }

  template <class V, class Sfa, class Stc, class Receptors, class Draws>
  static V step(const params<V>& p, const derived<V>& d, state<V>& s, const input<V>& in, Sfa& sfa, Stc& stc,
                Receptors& receptors, Draws& random) {
    models::gif::recover<V>(p, s, sfa, stc);
    const auto resting = s.refractory > 0;
    const std::size_t n = 1 + receptors.size();
    const auto room = receptors.scratch((1 + models::open_scratch) * n);
    const auto y = room.first(n);
    const auto slope = [&](std::span<V> at, std::span<V> to) {
      V I = (s.I_stim + p.I_e - s.I_stc) - p.g_L * (at[0] - p.E_L);
      std::size_t i = 1;
      receptors.read([&](const auto& of, const auto& rates, const auto&) {
        I = I - at[i] * (at[0] - of.E_rev);
        to[i] = -at[i] * rates.rate;
        ++i;
      });
      to[0] = select(resting, V(0.0), I * d.per_C_m);
    };
    y[0] = s.V_m;
    std::size_t i = 1;
    receptors.read([&](const auto&, const auto&, const auto& r) { y[i++] = r.g; });
    models::rkf45(y, room.subspan(n), s.sub_step, d.h, models::own_control<V>{p.gsl_error_tol}, slope,
                  [](const auto&, const auto&) {});
    i = 1;
    mask_of<V> refused = s.V_m < s.V_m;  // none so far
    receptors.receive([&](const auto&, const auto&, auto& r, const auto& arrived) {
      refused = refused | (arrived.spikes < 0);
      r.g = y[i++] + arrived.spikes;
    });
    const auto spike = models::gif::fire<V>(p, d, s, y[0], sfa, stc, random);
    s.I_stim = in.current;
    return select(refused, V(models::stops::negative_input), select(spike, V(1.0), V(0.0)));
  }
};

}  // namespace volley::neurons
