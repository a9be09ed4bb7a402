// Generalised leaky integrate-and-fire neuron (Teeter et al. 2018) of five levels, with alpha-shaped conductances of
// any number of receptors that peak at the weight, integrated by an adaptive Runge-Kutta-Fehlberg 4(5) scheme.
//
//   C_m V_m' = -g_m (V_m - E_L) - sum over k of g_k (V_m - E_rev_k) + I_stim + I_asc
//   g_k' = dg_k - g_k / tau_syn_k;  dg_k' = -dg_k / tau_syn_k;  dg_k jumps by w e / tau_syn_k with each spike
//   thresholds, currents after spikes and resets: see models/core/glif.hpp
#pragma once
#include <numbers>

#include "models/core/glif_exact.hpp"
#include "models/core/rkf45.hpp"

namespace volley::neurons {
using namespace models::declare;

struct glif_cond {
  template <class V> struct params : models::glif::params<V> { V g_m = 9.43; };
  template <class V> struct state : models::glif::state<V> { V sub_step = 0; };
  template <class V> struct derived : models::glif::derived<V> {
    models::glif::membrane<V> exact;
    V per_C_m;
  };
  template <class V> struct input { V current; };
  using P = params<double>;
  using S = state<double>;
  using I = input<double>;

  struct receptor {
    template <class V> struct params { V tau_syn = 2, E_rev = 0; };
    template <class V> struct state { V dg = 0, g = 0; };
    template <class V> struct derived { V rate, jump; };
    template <class V> struct input { V spikes; };

    static constexpr std::string_view lock_key = "has_connections";
    static constexpr auto fields =
        table(param("tau_syn", &params<double>::tau_syn, ms, "rise times of the conductances", positive),
              param("E_rev", &params<double>::E_rev, mV, "reversal potentials"),
              variable("dg", &state<double>::dg, "nS/ms", "slopes of the conductances before they fall", read_only),
              variable("g", &state<double>::g, nS, "conductances", read_only, recordable_as("g_")));
    static constexpr auto defaults() { return std::array{params<double>{0.2, 0}, params<double>{2, -85}}; }
    static constexpr auto channels = inputs(sum(&input<double>::spikes, 1));

    static derived<double> calibrate(const P&, const params<double>& r, resolution) {
      return {1 / r.tau_syn, std::numbers::e / r.tau_syn};
    }
  };
  using lists = models::lists_of<models::glif::asc, receptor>;

  static constexpr double tolerance = 1e-3;  // mV, nS and nS/ms per sub-step

  static constexpr std::string_view name = "glif_cond";
  static constexpr std::string_view meaning =
      "generalised leaky integrate-and-fire neuron of five levels with alpha-shaped conductances";
  static constexpr auto fields = join(
      models::glif::rows(), table(param("g_m", &P::g_m, nS, "membrane conductance", positive),
                                  internal("sub_step", &S::sub_step, ms, "size of the integrator's last sub-step")));
  static_assert(covers<P>(fields, part::params) && covers<S>(fields, part::state));
  static constexpr auto channels = inputs(current(&I::current));

  static const char* check(const P& p) { return models::glif::check(p); }
  static derived<double> calibrate(const P& p, resolution h) {
    return {models::glif::calibrate(p, h), models::glif::calibrate_membrane(p, p.g_m, h), 1 / p.C_m};
  }

  template <class V, class Asc, class Receptors> static mask_of<V> step(const params<V>& p, const derived<V>& d,
                                                                        state<V>& s, const input<V>& in, Asc& asc,
                                                                        Receptors& receptors) {
    const mask_of<V> resting = s.refractory > 0;
    const V before = s.V_m;
    const V I_in = s.I_stim + s.ASCurrents_sum;  // of the last step: measured on the reference
    const std::size_t n = 1 + 2 * receptors.size();
    const auto room = receptors.scratch((1 + models::open_scratch) * n);
    const auto y = room.first(n);
    const auto slope = [&](std::span<V> at, std::span<V> to) {
      V I = I_in - p.g_m * at[0];
      std::size_t i = 1;
      receptors.read([&](const auto& of, const auto& rates, const auto&) {
        I = I - at[i + 1] * (at[0] + p.E_L - of.E_rev);
        to[i] = -at[i] * rates.rate;
        to[i + 1] = at[i] - at[i + 1] * rates.rate;
        i += 2;
      });
      to[0] = select(resting, V(0.0), I * d.per_C_m);
    };
    y[0] = s.V_m;
    std::size_t i = 1;
    receptors.read([&](const auto&, const auto&, const auto& r) {
      y[i++] = r.dg;
      y[i++] = r.g;
    });
    models::rkf45(y, room.subspan(n), s.sub_step, d.h, models::absolute_control{tolerance}, slope,
                  [](const auto&, const auto&) {});
    s.V_m = y[0];
    i = 1;
    receptors.receive([&](const auto&, const auto& rates, auto& r, const auto& arrived) {
      r.dg = y[i++] + rates.jump * arrived.spikes;
      r.g = y[i++];
    });
    s.threshold_spike = select(resting, s.threshold_spike, s.threshold_spike * d.decay_spike);
    models::glif::flow<V>(p, s, asc);
    models::glif::follow<V>(p, d.exact, s, before, s.I_stim + s.ASCurrents_sum, resting);
    const auto spike = models::glif::fire<V>(p, d, s, before, resting, asc);
    s.I_stim = in.current;
    return spike;
  }
};

}  // namespace volley::neurons
