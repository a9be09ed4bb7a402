// Leaky integrate-and-fire neuron with AMPA, GABA and NMDA synapses (Brunel & Wang 2001; Wang 1999). Each NMDA synapse
// has its own variables, which follow all spikes that reach it, from whatever source. Integrated by an adaptive
// Runge-Kutta-Fehlberg 4(5) scheme.
//
//   C_m V_m' = -g_L (V_m - E_L) - I_AMPA - I_GABA - I_NMDA + I_stim
//   V_m >= V_th: a spike, then V_m = V_reset for t_ref
//   I_AMPA = (V_m - E_ex) s_AMPA,  I_GABA = (V_m - E_in) s_GABA
//   I_NMDA = (V_m - E_ex) s_NMDA / (1 + conc_Mg2 exp(-0.062 V_m) / 3.57),  s_NMDA = sum over synapses of weight S
//   s_r' = -s_r / tau_r, and s_r jumps by the weight with each spike, for r = AMPA, GABA
//   S' = alpha x (1 - S) - S / tau_decay_NMDA;  x' = -x / tau_rise_NMDA, and x jumps by 1 with each spike
// A changed weight of an NMDA synapse acts from the next spike on. Receptor NMDA of a neuron that was simulated takes
// no further connections.
#pragma once
#include "models/core/brunel_wang.hpp"
#include "models/core/lists.hpp"

namespace volley::neurons {
using namespace models::declare;

struct iaf_bw_2001_exact {
  template <class V> struct params : models::brunel_wang::params<V> {};
  template <class V> struct state : models::brunel_wang::state<V> { V s_NMDA = 0; };
  template <class V> struct derived : models::brunel_wang::derived<V> { V rate_rise; };
  template <class V> struct input : models::brunel_wang::input<V> {};
  using P = params<double>;
  using S = state<double>;
  using I = input<double>;

  static constexpr std::string_view name = "iaf_bw_2001_exact";
  static constexpr std::string_view meaning = "leaky integrate-and-fire neuron with variables of each NMDA synapse";
  static constexpr auto fields =
      join(models::brunel_wang::rows(hidden),
           table(internal("s_NMDA", &S::s_NMDA, nS, "NMDA conductance without the block", recordable)));
  static_assert(covers<P>(fields, part::params) && covers<S>(fields, part::state));
  static constexpr auto receptor_types = models::brunel_wang::receptor_types;
  static constexpr auto channels = inputs(sum(&I::AMPA, 1), sum(&I::GABA, 2), each_connection(3), current(&I::current));

  struct NMDA_synapse {
    template <class V> struct params {};
    template <class V> struct state { V x = 0, S = 0, weight = 0; };
    template <class V> struct derived {};
    template <class V> struct input { V amount, spikes; };
    static constexpr auto fields =
        table(internal("x", &state<double>::x, none, "transmitter that an NMDA synapse binds"),
              internal("S", &state<double>::S, none, "share of its channels that are open"),
              internal("weight", &state<double>::weight, nS, "its weight at the last spike"));
    static constexpr auto channels = inputs(counted(&input<double>::amount, &input<double>::spikes, 3));
    static derived<double> calibrate(const P&, const params<double>&, resolution) { return {}; }
  };
  using lists = models::lists_of<NMDA_synapse>;

  static derived<double> calibrate(const P& p, resolution h) {
    return {models::brunel_wang::calibrate(p, h), 1 / p.tau_rise_NMDA};
  }

  template <class V, class Synapses>
  static mask_of<V> step(const params<V>& p, const derived<V>& d, state<V>& s, const input<V>& in, Synapses& NMDA) {
    const std::size_t n = 3 + 2 * NMDA.size();
    const auto room = NMDA.scratch((1 + models::open_scratch) * n);
    const auto y = room.first(n);
    const auto sum_in = [&](std::span<V> at) {
      V s_NMDA = 0.0;
      std::size_t i = 4;
      NMDA.read([&](const auto&, const auto&, const auto& of) {
        s_NMDA = s_NMDA + of.weight * at[i];
        i += 2;
      });
      return s_NMDA;
    };
    const auto slope = [&](std::span<V> at, std::span<V> to) {
      models::brunel_wang::fall<V>(p, d, s.I_stim, at, sum_in(at), to);
      for (std::size_t i = 3; i < n; i += 2) {
        to[i] = -at[i] * d.rate_rise;
        to[i + 1] = p.alpha * at[i] * (1.0 - at[i + 1]) - at[i + 1] * d.rate_NMDA;
      }
    };
    y[0] = s.V_m;
    y[1] = s.s_AMPA;
    y[2] = s.s_GABA;
    std::size_t i = 3;
    NMDA.read([&](const auto&, const auto&, const auto& of) {
      y[i++] = of.x;
      y[i++] = of.S;
    });
    models::rkf45(y, room.subspan(n), s.sub_step, d.h, models::own_control<V>{p.gsl_error_tol}, slope,
                  [](const auto&, const auto&) {});
    s.s_NMDA = sum_in(y);
    i = 3;
    NMDA.receive([&](const auto&, const auto&, auto& of, const auto& arrived) {
      of.x = y[i++] + arrived.spikes;
      of.S = y[i++];
      of.weight = select(arrived.spikes == 0.0, of.weight, arrived.amount / arrived.spikes);
    });
    return models::brunel_wang::end_step<V>(p, d, s, y, s.s_NMDA, in);
  }
};

}  // namespace volley::neurons
