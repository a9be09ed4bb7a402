// Adaptive exponential integrate-and-fire neuron (Brette & Gerstner 2005) with any number of receptors, whose
// conductances rise and decay with time constants of their own and peak at the weight, integrated by an adaptive
// Runge-Kutta-Fehlberg 4(5) scheme.
//
//   C_m V_m' = -g_L (V_m - E_L) + g_L Delta_T exp((V_m - V_th) / Delta_T) - w
//              - sum over k of g_k (V_m - E_rev_k) + I_stim + I_e                                          (eq. 1, 2)
//   tau_w w' = a (V_m - E_L) - w                                                                           (eq. 3)
//   g_k' = dg_k - g_k / tau_rise_k;  dg_k' = -dg_k / tau_decay_k;  dg_k jumps so that g_k peaks at w
//   V_m >= V_peak: a spike, then V_m = V_reset for t_ref, and w grows by b                                 (eq. 4)
#pragma once
#include "models/core/adaptive_exponential.hpp"
#include "models/core/lists.hpp"
#include "models/core/propagators.hpp"

namespace volley::neurons {
using namespace models::declare;

struct aeif_cond_beta_multisynapse {
  template <class V> struct params : models::adex::params<V> {};
  template <class V> struct state : models::adex::state<V> {};
  template <class V> struct derived : models::adex::derived<V> {};
  template <class V> struct input { V current; };
  using P = params<double>;
  using S = state<double>;
  using I = input<double>;

  struct receptor {
    template <class V> struct params { V E_rev = 0, tau_rise = 2, tau_decay = 20; };
    template <class V> struct state { V dg = 0, g = 0; };
    template <class V> struct derived { V rise, decay, jump; };
    template <class V> struct input { V spikes; };
    using R = params<double>;

    static constexpr std::string_view length_key = "n_receptors", lock_key = "has_connections";
    static constexpr auto fields =
        table(param("E_rev", &R::E_rev, mV, "reversal potentials"),
              param("tau_rise", &R::tau_rise, ms, "rise times of the conductances", positive),
              param("tau_decay", &R::tau_decay, ms, "decay times of the conductances", positive),
              variable("dg", &state<double>::dg, "nS/ms", "slopes of the conductances before they fall", read_only),
              variable("g", &state<double>::g, nS, "conductances", read_only, recordable_as("g_")));
    static constexpr auto defaults() { return std::array{R()}; }
    static constexpr auto channels = inputs(sum(&input<double>::spikes, 1));
    static derived<double> calibrate(const P&, const R& r, resolution) {
      return {1 / r.tau_rise, 1 / r.tau_decay, 1 / models::beta_peak(r.tau_rise, r.tau_decay)};
    }
  };
  using lists = models::lists_of<receptor>;

  static constexpr std::string_view name = "aeif_cond_beta_multisynapse";
  static constexpr std::string_view meaning =
      "adaptive exponential integrate-and-fire neuron with beta-shaped conductances of several receptors";
  static constexpr auto fields = models::adex::rows();
  static_assert(covers<P>(fields, part::params) && covers<S>(fields, part::state));
  static constexpr auto channels = inputs(current(&I::current));

  static const char* check(const P& p) { return models::adex::check(p); }
  static derived<double> calibrate(const P& p, resolution h) { return {models::adex::calibrate(p, h)}; }

  template <class V, class Receptors>
  static V step(const params<V>& p, const derived<V>& d, state<V>& s, const input<V>& in, Receptors& receptors) {
    const std::size_t n = 2 + 2 * receptors.size();
    const auto room = receptors.scratch((1 + models::open_scratch) * n);
    const auto y = room.first(n);
    const auto slope = [&](std::span<V> at, std::span<V> to) {
      const V v = models::adex::potential<V>(p, s, at[0]);
      V I_syn = 0.0;
      std::size_t i = 2;
      receptors.read([&](const auto& of, const auto& rates, const auto&) {
        const V dg = at[i], g = at[i + 1];
        I_syn = I_syn - g * (v - of.E_rev);
        to[i] = -dg * rates.decay;
        to[i + 1] = dg - g * rates.rise;
        i += 2;
      });
      const auto m = models::adex::membrane<V>(p, d, s, v, at[1], I_syn);
      to[0] = m.V_m;
      to[1] = m.w;
    };
    y[0] = s.V_m;
    y[1] = s.w;
    std::size_t i = 2;
    receptors.read([&](const auto&, const auto&, const auto& r) {
      y[i++] = r.dg;
      y[i++] = r.g;
    });
    const V spikes = models::adex::advance<V>(p, d, s, y, room.subspan(n), slope);
    s.V_m = y[0];
    s.w = y[1];
    i = 2;
    mask_of<V> refused = s.V_m < s.V_m;  // none so far
    receptors.receive([&](const auto&, const auto& rates, auto& r, const auto& arrived) {
      refused = refused | (arrived.spikes < 0);
      r.dg = y[i++] + rates.jump * arrived.spikes;
      r.g = y[i++];
    });
    s.I_stim = in.current;
    return select(refused, V(models::stops::negative_input), spikes);
  }
};

}  // namespace volley::neurons
