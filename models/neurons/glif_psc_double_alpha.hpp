// Generalised leaky integrate-and-fire neuron (Teeter et al. 2018) of five levels, with currents of any number of
// receptors that are sums of a fast and a slow alpha function, integrated exactly.
//
//   C_m V_m' = -g (V_m - E_L) + I_stim + I_asc + I_syn
//   I_syn = sum over k of I_k;  I_k(t) = sum over spikes on receptor k of
//   w (alpha(t / tau_syn_fast_k) + amp_slow_k alpha(t / tau_syn_slow_k)),  alpha(x) = x exp(1 - x)
//   thresholds, currents after spikes and resets: see models/core/glif.hpp
#pragma once
#include <numbers>

#include "models/core/glif_exact.hpp"
#include "models/core/propagators.hpp"

namespace volley::neurons {
using namespace models::declare;

struct glif_psc_double_alpha {
  template <class V> struct params : models::glif::params<V> { V g = 9.43; };
  template <class V> struct state : models::glif::state<V> { V I_syn = 0; };
  template <class V> struct derived : models::glif::derived<V> { models::glif::membrane<V> exact; };
  template <class V> struct input { V current; };
  using P = params<double>;
  using S = state<double>;
  using I = input<double>;

  struct receptor {
    template <class V> struct params { V tau_syn_fast = 2, tau_syn_slow = 6, amp_slow = 0.3; };
    template <class V> struct state { V dI_fast = 0, I_fast = 0, dI_slow = 0, I_slow = 0; };
    template <class V> struct alpha { V decay, h_decay, from_dI, from_I, jump; };
    template <class V> struct derived { alpha<V> fast, slow; };
    template <class V> struct input { V spikes; };
    using R = params<double>;
    using S = state<double>;

    static constexpr std::string_view lock_key = "has_connections";
    static constexpr auto fields =
        table(param("tau_syn_fast", &R::tau_syn_fast, ms, "rise times of the fast parts of the currents", positive),
              param("tau_syn_slow", &R::tau_syn_slow, ms, "rise times of the slow parts of the currents", positive),
              param("amp_slow", &R::amp_slow, none, "peaks of the slow parts by those of the fast ones", positive),
              internal("dI_fast", &S::dI_fast, "pA/ms", "slope variable of the fast part"),
              internal("I_fast", &S::I_fast, pA, "fast part of the current"),
              internal("dI_slow", &S::dI_slow, "pA/ms", "slope variable of the slow part"),
              internal("I_slow", &S::I_slow, pA, "slow part of the current"));
    static constexpr auto defaults() { return std::array{R()}; }
    static constexpr auto channels = inputs(sum(&input<double>::spikes, 1));

    static derived<double> calibrate(const P& p, const R& r, resolution h) {
      const auto of = [&](double tau, double amplitude) -> alpha<double> {
        const double decay = exp(-h.ms / tau), tau_m = p.C_m / p.g;
        return {decay, h.ms * decay, models::propagator_alpha(tau, tau_m, p.C_m, h.ms),
                models::propagator_exp(tau, tau_m, p.C_m, h.ms), amplitude * std::numbers::e / tau};
      };
      return {of(r.tau_syn_fast, 1), of(r.tau_syn_slow, r.amp_slow)};
    }
    template <class V> static V advance(const alpha<V>& of, V& dI, V& I, V spikes) {
      const V to_V_m = of.from_dI * dI + of.from_I * I;
      I = of.h_decay * dI + of.decay * I;
      dI = of.jump * spikes + of.decay * dI;
      return to_V_m;
    }
  };
  using lists = models::lists_of<models::glif::asc, receptor>;

  static constexpr std::string_view name = "glif_psc_double_alpha";
  static constexpr std::string_view meaning =
      "generalised leaky integrate-and-fire neuron of five levels with double alpha-shaped currents";
  static constexpr auto fields =
      join(models::glif::rows(), table(param("g", &P::g, nS, "membrane conductance", positive),
                                       internal("I_syn", &S::I_syn, pA, "current of all receptors", recordable)));
  static_assert(covers<P>(fields, part::params) && covers<S>(fields, part::state));
  static constexpr auto channels = inputs(current(&I::current));

  static const char* check(const P& p) { return models::glif::check(p); }
  static derived<double> calibrate(const P& p, resolution h) {
    return {models::glif::calibrate(p, h), models::glif::calibrate_membrane(p, p.g, h)};
  }

  template <class V, class Asc, class Receptors> static mask_of<V> step(const params<V>& p, const derived<V>& d,
                                                                        state<V>& s, const input<V>& in, Asc& asc,
                                                                        Receptors& receptors) {
    V to_V_m = 0.0, I_syn = 0.0;
    receptors.receive([&](const auto&, const auto& of, auto& r, const auto& arrived) {
      I_syn = I_syn + (r.I_fast + r.I_slow);
      to_V_m = to_V_m + (receptor::advance<V>(of.fast, r.dI_fast, r.I_fast, arrived.spikes) +
                         receptor::advance<V>(of.slow, r.dI_slow, r.I_slow, arrived.spikes));
    });
    s.I_syn = select(s.refractory > 0, s.I_syn, I_syn);
    const auto spike = models::glif::advance<V>(p, d, d.exact, s, to_V_m, asc);
    s.I_stim = in.current;
    return spike;
  }
};

}  // namespace volley::neurons
