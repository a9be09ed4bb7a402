// Leaky integrate-and-fire neuron whose membrane potential jumps by the weight (mV) of each spike, with precise spike
// times (Morrison, Straube, Plesser & Diesmann 2007). What it does at the threshold: models/core/precise_membrane.hpp.
//
//   V_m' = -(V_m - E_L) / tau_m + (I_stim + I_e) / C_m;  V_m jumps by w (mV) with each spike
//   V_m >= V_th: a spike, then V_m = V_reset for t_ref; jumps that arrive meanwhile are lost
//   V_m is never below V_min
#pragma once
#include "models/core/precise_membrane.hpp"

namespace volley::neurons {
using namespace models::declare;

struct iaf_psc_delta_ps {
  template <class V> struct params : models::precise::params<V> {
    constexpr params() { this->V_min = -std::numeric_limits<double>::max(); }
  };
  template <class V> using state = models::precise::state<V>;
  template <class V> using passage = models::precise::passage<V>;
  template <class V> struct derived : models::precise::derived<V> { passage<V> step; };
  template <class V> using input = models::precise::input<V>;
  using P = params<double>;
  using S = state<double>;

  static double refractory_input(const models::precise::params<double>&, const S&) { return 0; }

  static constexpr std::string_view name = "iaf_psc_delta_ps";
  static constexpr std::string_view meaning =
      "leaky integrate-and-fire neuron with jumps of the membrane potential and precise spike times";
  static constexpr bool per_cell = true;
  static constexpr auto fields =
      join(models::precise::rows(),
           table(computed<refractory_input>("refractory_input", none,
                                            "whether input of the refractory period acts at its end: never", truth)));
  static_assert(covers<P>(fields, part::params) && covers<S>(fields, part::state));
  static constexpr auto channels = models::precise::channels;

  static const char* check(const P& p) { return models::precise::check_refractory(p); }
  static derived<double> calibrate(const P& p, resolution h) {
    return {models::precise::calibrate(p, h), over(p, h.ms)};
  }
  template <class V>
  static void step(const params<V>& p, const derived<V>& d, state<V>& s, const input<V>& in, cell_step<V>& now) {
    models::precise::step<iaf_psc_delta_ps>(p, d, s, in, now);
  }

  template <class V> static passage<V> over(const params<V>& p, V ms) { return models::precise::membrane_over(p, ms); }
  template <class V> static V potential(const params<V>& p, const passage<V>& over, const state<V>& s) {
    return models::precise::potential(p, over, s, V(0.0));
  }
  template <class V> static void decay(const passage<V>&, state<V>&) {}
  template <class V>
  static bool receive(const params<V>& p, const derived<V>&, state<V>& s, V above, V below, bool resting) {
    if (!resting) s.V_m = max(s.V_m + (above + below), p.V_min);
    return !resting;
  }
};

}  // namespace volley::neurons
