// The exponential synaptic currents of neurons with precise spike times.
#pragma once
#include "models/core/precise_membrane.hpp"
#include "models/core/propagators.hpp"

namespace volley::models::precise {

struct exponential {
  template <class V> struct params : precise::params<V> { V tau_syn_ex = 2, tau_syn_in = 2; };
  template <class V> struct state : precise::state<V> { V I_ex = 0, I_in = 0; };
  template <class V> struct passage : precise::passage<V> { V decay_ex, from_ex, decay_in, from_in; };
  template <class V> struct derived : precise::derived<V> { passage<V> step; };
  template <class V> using input = precise::input<V>;
  using P = params<double>;
  using S = state<double>;

  static constexpr bool per_cell = true;
  static constexpr auto channels = precise::channels;

  static derived<double> calibrate(const P& p, resolution h) { return {precise::calibrate(p, h), over(p, h.ms)}; }

  template <class V> static passage<V> over(const params<V>& p, V ms) {
    return {membrane_over(p, ms), exp(-ms / p.tau_syn_ex), propagator_exp(p.tau_syn_ex, p.tau_m, p.C_m, ms),
            exp(-ms / p.tau_syn_in), propagator_exp(p.tau_syn_in, p.tau_m, p.C_m, ms)};
  }
  template <class V> static V potential(const params<V>& p, const passage<V>& over, const state<V>& s) {
    return precise::potential(p, over, s, over.from_ex * s.I_ex + over.from_in * s.I_in);
  }
  template <class V> static void decay(const passage<V>& over, state<V>& s) {
    s.I_ex = over.decay_ex * s.I_ex;
    s.I_in = over.decay_in * s.I_in;
  }
  template <class V>
  static bool receive(const params<V>&, const derived<V>&, state<V>& s, V above, V below, bool /*resting*/) {
    s.I_ex += above;
    s.I_in += below;
    return false;
  }
};

}  // namespace volley::models::precise
