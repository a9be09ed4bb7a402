// Generalised integrate-and-fire neuron with escape noise (Mensi et al. 2012; Pozzorini et al. 2015) and exponential
// synaptic conductances, integrated by an adaptive Runge-Kutta-Fehlberg 4(5) scheme.
//
//   C_m V_m' = -g_L (V_m - E_L) - I_stc - g_ex (V_m - E_ex) - g_in (V_m - E_in) + I_stim + I_e
//   g_s' = -g_s / tau_syn_s;  g_s jumps by |w| with each spike
//   I_stc = sum over j of eta_j;  eta_j' = -eta_j / tau_stc_j;  eta_j jumps by q_stc_j with each spike
//   E_sfa = V_T_star + sum over i of gamma_i;  gamma_i' = -gamma_i / tau_sfa_i;  gamma_i jumps by q_sfa_i
//   spikes come at the rate lambda_0 exp((V_m - E_sfa) / Delta_V);  then V_m = V_reset for t_ref
#pragma once
#include "models/core/escape_noise.hpp"
#include "models/core/rkf45.hpp"

namespace volley::neurons {
using namespace models::declare;

struct gif_cond_exp {
  template <class V> struct params : models::gif::params<V> {
    V tau_syn_ex = 2, tau_syn_in = 2, E_ex = 0, E_in = -85, gsl_error_tol = 1e-3;
  };
  template <class V> struct state : models::gif::state<V> { V g_ex = 0, g_in = 0, sub_step = 0; };
  template <class V> struct derived : models::gif::derived<V> { V per_C_m, rate_ex, rate_in, h; };
  template <class V> struct input { V ex, in, current; };
  using P = params<double>;
  using S = state<double>;
  using I = input<double>;
  using lists = models::lists_of<models::gif::sfa, models::gif::stc>;

  static constexpr std::string_view name = "gif_cond_exp";
  static constexpr std::string_view meaning =
      "generalised integrate-and-fire neuron with exponential synaptic conductances";
  static constexpr auto fields = join(
      models::gif::rows(),
      table(
          param("tau_syn_ex", &P::tau_syn_ex, ms, "decay time of the excitatory conductance", positive),
          param("tau_syn_in", &P::tau_syn_in, ms, "decay time of the inhibitory conductance", positive),
          param("E_ex", &P::E_ex, mV, "excitatory reversal potential"),
          param("E_in", &P::E_in, mV, "inhibitory reversal potential"),
          param("gsl_error_tol", &P::gsl_error_tol, none, "error that a sub-step of the integrator may make", positive),
          variable("g_ex", &S::g_ex, nS, "excitatory conductance", recordable),
          variable("g_in", &S::g_in, nS, "inhibitory conductance", recordable),
          internal("sub_step", &S::sub_step, ms, "size of the integrator's last sub-step")));
  static_assert(covers<P>(fields, part::params) && covers<S>(fields, part::state));
  static constexpr auto channels = inputs(by_sign(&I::ex, &I::in), current(&I::current));

  static derived<double> calibrate(const P& p, resolution h) {
    return {models::gif::calibrate(p, h), 1 / p.C_m, 1 / p.tau_syn_ex, 1 / p.tau_syn_in, h.ms};
  }

  template <class V, class Sfa, class Stc, class Draws> static mask_of<V> step(const params<V>& p, const derived<V>& d,
                                                                               state<V>& s, const input<V>& in,
                                                                               Sfa& sfa, Stc& stc, Draws& random) {
    models::gif::recover<V>(p, s, sfa, stc);
    const auto resting = s.refractory > 0;
    const auto slope = [&](const std::array<V, 3>& y) -> std::array<V, 3> {
      const auto& [V_m, g_ex, g_in] = y;
      const V I = (s.I_stim + p.I_e - s.I_stc) - p.g_L * (V_m - p.E_L) - g_ex * (V_m - p.E_ex) - g_in * (V_m - p.E_in);
      return {select(resting, V(0.0), I * d.per_C_m), -g_ex * d.rate_ex, -g_in * d.rate_in};
    };
    std::array<V, 3> y{s.V_m, s.g_ex, s.g_in};
    models::rkf45(y, s.sub_step, d.h, models::own_control<V>{p.gsl_error_tol}, slope, [](const auto&, const auto&) {});
    s.g_ex = y[1] + in.ex;
    s.g_in = y[2] - in.in;  // inhibitory weights are negative
    const auto spike = models::gif::fire<V>(p, d, s, y[0], sfa, stc, random);
    s.I_stim = in.current;
    return spike;
  }
};

}  // namespace volley::neurons
