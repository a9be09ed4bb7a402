// Leaky integrate-and-fire neuron with AMPA, GABA and NMDA synapses (Brunel & Wang 2001; Wang 1999). NMDA channels
// saturate with the spikes of their source; the source computes by how much they open, its spikes carry that amount,
// and others of this model take it on receptor NMDA. So all NMDA synapses of a neuron are one variable, and their rise
// is left out. Integrated by an adaptive Runge-Kutta-Fehlberg 4(5) scheme.
//
//   C_m V_m' = -g_L (V_m - E_L) - I_AMPA - I_GABA - I_NMDA + I_stim
//   V_m >= V_th: a spike, then V_m = V_reset for t_ref
//   I_AMPA = (V_m - E_ex) s_AMPA,  I_GABA = (V_m - E_in) s_GABA
//   I_NMDA = (V_m - E_ex) s_NMDA / (1 + conc_Mg2 exp(-0.062 V_m) / 3.57)
//   s_r' = -s_r / tau_r, and s_r jumps by the weight with each spike; s_NMDA by the weight times what the spike carries
//   of the sender: S' = -S / tau_decay_NMDA; with its spike S jumps by k0 + k1 S, and this is what the spike carries
//
// That is what the channels have opened, were they not to close, long after a spike of
//
//   S' = alpha x (1 - S) - S / tau_decay_NMDA,  x' = -x / tau_rise_NMDA, where x jumps to 1 with it
//   k0 = (alpha tau_rise)^(tau_rise / tau_decay) gamma(1 - tau_rise / tau_decay, alpha tau_rise)
//   k1 = exp(-alpha tau_rise) - 1; gamma is the lower incomplete gamma function
#pragma once
#include "models/core/brunel_wang.hpp"

namespace volley::neurons {
using namespace models::declare;

struct iaf_bw_2001 {
  template <class V> struct params : models::brunel_wang::params<V> {};
  template <class V> struct state : models::brunel_wang::state<V> { V s_NMDA = 0, S = 0; };
  template <class V> struct derived : models::brunel_wang::derived<V> { V decay, k0, k1; };
  template <class V> struct input : models::brunel_wang::input<V> { V NMDA; };
  using P = params<double>;
  using S = state<double>;
  using I = input<double>;

  static constexpr std::string_view name = "iaf_bw_2001";
  static constexpr std::string_view meaning = "leaky integrate-and-fire neuron with NMDA synapses that its spikes open";
  static constexpr auto fields =
      join(models::brunel_wang::rows(read_only),
           table(variable("s_NMDA", &S::s_NMDA, nS, "NMDA conductance without the block", recordable),
                 internal("S", &S::S, none, "share of the NMDA channels that it opened at its targets")));
  static_assert(covers<P>(fields, part::params) && covers<S>(fields, part::state));
  static constexpr auto receptor_types = models::brunel_wang::receptor_types;
  static constexpr auto channels =
      inputs(sum(&I::AMPA, 1), sum(&I::GABA, 2), payload(&I::NMDA, 3), current(&I::current));

  static const char* check(const P& p) {
    return p.tau_rise_NMDA < p.tau_decay_NMDA ? nullptr : "tau_rise_NMDA must be below tau_decay_NMDA";
  }

  /// Integral of t^(a - 1) e^-t over t in [0, x] for 0 < a <= 1, by its series (Abramowitz & Stegun 1964, 6.5.29).
  static double lower_gamma(double a, double x) {
    x = min(x, 40);  // beyond, there is nothing more
    double term = 1 / a, sum = term;
    for (double n = a + 1; term > sum * 0x1p-54; ++n) sum += term *= x / n;
    return sum * exp(a * log(x) - x);
  }

  static derived<double> calibrate(const P& p, resolution h) {
    const double x = p.alpha * p.tau_rise_NMDA, share = p.tau_rise_NMDA / p.tau_decay_NMDA;
    return {models::brunel_wang::calibrate(p, h), exp(-h.ms / p.tau_decay_NMDA),
            pow(x, share) * lower_gamma(1 - share, x), expm1(-x)};
  }

  template <class V>
  static spikes_with<V> step(const params<V>& p, const derived<V>& d, state<V>& s, const input<V>& in) {
    const auto slope = [&](const std::array<V, 4>& y) {
      std::array<V, 4> to;
      models::brunel_wang::fall<V>(p, d, s.I_stim, y, y[3], to);
      to[3] = -y[3] * d.rate_NMDA;
      return to;
    };
    std::array<V, 4> y{s.V_m, s.s_AMPA, s.s_GABA, s.s_NMDA};
    models::rkf45(y, s.sub_step, d.h, models::own_control<V>{p.gsl_error_tol}, slope, [](const auto&, const auto&) {});
    s.s_NMDA = y[3] + in.NMDA;
    s.S = s.S * d.decay;
    const auto spike = models::brunel_wang::end_step<V>(p, d, s, y, y[3], in);
    const V opened = select(spike, d.k0 + d.k1 * s.S, V(0.0));
    s.S = s.S + opened;
    return {spike, opened};
  }
};

}  // namespace volley::neurons
