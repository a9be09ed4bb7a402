// Generalised leaky integrate-and-fire neuron (Teeter et al. 2018) of five levels, with alpha-shaped currents of any
// number of receptors, integrated exactly.
//
//   C_m V_m' = -g (V_m - E_L) + I_stim + I_asc + I_syn
//   I_syn = sum over k of I_k;  I_k(t) = sum over spikes on receptor k of w (e / tau_syn_k) t exp(-t / tau_syn_k)
//   thresholds, currents after spikes and resets: see models/core/glif.hpp
#pragma once
#include <numbers>

#include "models/core/glif_exact.hpp"
#include "models/core/propagators.hpp"

namespace volley::neurons {
using namespace models::declare;

struct glif_psc {
  template <class V> struct params : models::glif::params<V> { V g = 9.43; };
  template <class V> struct state : models::glif::state<V> { V I_syn = 0; };
  template <class V> struct derived : models::glif::derived<V> { models::glif::membrane<V> exact; };
  template <class V> struct input { V current; };
  using P = params<double>;
  using S = state<double>;
  using I = input<double>;

  struct receptor {
    template <class V> struct params { V tau_syn = 2; };
    template <class V> struct state { V dI = 0, I = 0; };
    template <class V> struct derived { V decay, h_decay, from_dI, from_I, jump; };
    template <class V> struct input { V spikes; };

    static constexpr std::string_view lock_key = "has_connections";
    static constexpr auto fields =
        table(param("tau_syn", &params<double>::tau_syn, ms, "rise times of the receptors' currents", positive),
              internal("dI", &state<double>::dI, "pA/ms", "slope variable of the current of a receptor"),
              internal("I_k", &state<double>::I, pA, "current of a receptor"));
    static constexpr auto defaults() { return std::array{params<double>()}; }
    static constexpr auto channels = inputs(sum(&input<double>::spikes, 1));

    static derived<double> calibrate(const P& p, const params<double>& r, resolution h) {
      const double decay = exp(-h.ms / r.tau_syn), tau_m = p.C_m / p.g;
      return {decay, h.ms * decay, models::propagator_alpha(r.tau_syn, tau_m, p.C_m, h.ms),
              models::propagator_exp(r.tau_syn, tau_m, p.C_m, h.ms), std::numbers::e / r.tau_syn};
    }
  };
  using lists = models::lists_of<models::glif::asc, receptor>;

  static constexpr std::string_view name = "glif_psc";
  static constexpr std::string_view meaning =
      "generalised leaky integrate-and-fire neuron of five levels with alpha-shaped currents";
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
      to_V_m = to_V_m + (of.from_dI * r.dI + of.from_I * r.I);
      I_syn = I_syn + r.I;
      r.I = of.h_decay * r.dI + of.decay * r.I;
      r.dI = of.jump * arrived.spikes + of.decay * r.dI;
    });
    s.I_syn = select(s.refractory > 0, s.I_syn, I_syn);
    const auto spike = models::glif::advance<V>(p, d, d.exact, s, to_V_m, asc);
    s.I_stim = in.current;
    return spike;
  }
};

}  // namespace volley::neurons
