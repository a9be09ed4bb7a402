// Integrate-and-fire neuron of Carandini, Horton & Sincich (2007), in which potentials count from rest in units of the
// threshold's distance: synaptic potentials are alpha functions, what a spike leaves behind decays, and a list of
// numbers stands for noise that was recorded beforehand. Only excitation acts.
//
//   V_m = V_syn + V_spike + V_noise noise_n,  n counts the steps                                          (eq. 5 to 8)
//   V_syn(t) = sum over spikes of weight w > 0 of V_epsp w (e / tau_epsp) t exp(-t / tau_epsp)
//   V_spike' = -V_spike / tau_reset;  V_spike jumps by -V_reset with each spike of the neuron
//   V_m >= 1: a spike
#pragma once
#include <numbers>

#include "models/core/lists.hpp"
#include "models/core/neuron.hpp"

namespace volley::neurons {
using namespace models::declare;

struct iaf_chs_2007 {
  template <class V> struct params { V V_reset = 2.31, V_epsp = 0.77, tau_epsp = 8.5, tau_reset = 15.4, V_noise = 0; };
  template <class V> struct state { V V_m = 0, dV_syn = 0, V_syn = 0, V_spike = 0, n = 0; };
  template <class V> struct derived { V decay_epsp, h_decay, jump, decay_reset; };
  template <class V> struct input { V ex, in; };
  using P = params<double>;
  using S = state<double>;
  using I = input<double>;

  struct sample {
    template <class V> struct params { V noise = 0; };
    template <class V> struct state {};
    template <class V> struct derived {};
    template <class V> struct input {};
    static constexpr auto fields =
        table(param("noise", &params<double>::noise, none, "what is added to the potential, step by step"));
    static derived<double> calibrate(const P&, const params<double>&, resolution) { return {}; }
  };
  using lists = models::lists_of<sample>;

  static constexpr std::string_view name = "iaf_chs_2007";
  static constexpr std::string_view meaning =
      "integrate-and-fire neuron whose spike leaves a decaying potential behind";
  static constexpr auto fields =
      table(param("V_reset", &P::V_reset, none, "what a spike takes from the potential", non_negative),
            param("V_epsp", &P::V_epsp, none, "peak of a synaptic potential of weight 1", non_negative),
            param("tau_epsp", &P::tau_epsp, ms, "rise time of synaptic potentials", positive),
            param("tau_reset", &P::tau_reset, ms, "decay time of what a spike leaves behind", positive),
            param("V_noise", &P::V_noise, none, "strength of the noise"),
            variable("V_m", &S::V_m, none, "membrane potential", recordable),
            internal("dV_syn", &S::dV_syn, "1/ms", "slope variable of V_syn"),
            internal("V_syn", &S::V_syn, none, "potential of the synapses"),
            internal("V_spike", &S::V_spike, none, "potential that spikes left behind"),
            internal("n", &S::n, none, "steps so far"));
  static_assert(covers<P>(fields, part::params) && covers<S>(fields, part::state));
  static constexpr auto channels = inputs(by_sign(&I::ex, &I::in));

  static derived<double> calibrate(const P& p, resolution h) {
    const double decay = exp(-h.ms / p.tau_epsp);
    return {decay, h.ms * decay, p.V_epsp * std::numbers::e / p.tau_epsp, exp(-h.ms / p.tau_reset)};
  }

  template <class V, class Noise>
  static mask_of<V> step(const params<V>& p, const derived<V>& d, state<V>& s, const input<V>& in, const Noise& noise) {
    s.V_syn = d.h_decay * s.dV_syn + d.decay_epsp * s.V_syn;
    s.dV_syn = d.jump * in.ex + d.decay_epsp * s.dV_syn;
    s.V_spike = d.decay_reset * s.V_spike;
    s.V_m = s.V_syn + s.V_spike + p.V_noise * noise.at(&sample::params<double>::noise, s.n);
    s.n = s.n + 1;
    const auto spike = s.V_m >= 1;
    s.V_spike = select(spike, s.V_spike - p.V_reset, s.V_spike);
    s.V_m = select(spike, s.V_m - p.V_reset, s.V_m);
    return spike;
  }
};

}  // namespace volley::neurons
