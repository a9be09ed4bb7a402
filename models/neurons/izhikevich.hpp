// Simple model of spiking neurons (Izhikevich 2003): a quadratic membrane potential with a recovery variable,
// integrated by the forward Euler method. Weights are jumps of the potential in mV; with the scheme of the paper, which
// halves the step of the potential, they are a slope during the step.
//
//   V_m' = 0.04 V_m^2 + 5 V_m + 140 - U_m + I_stim + I_e;  V_m jumps by w (mV) with each spike
//   U_m' = a (b V_m - U_m)
//   V_m >= V_th: a spike, then V_m = c, and U_m jumps by d
#pragma once
#include <limits>

#include "models/core/neuron.hpp"

namespace volley::neurons {
using namespace models::declare;

struct izhikevich {
  template <class V> struct params {
    V V_th = 30, V_min = -std::numeric_limits<double>::max(), I_e = 0, a = 0.02, b = 0.2, c = -65, d = 8;
    V consistent_integration = 1;
  };
  template <class V> struct state { V V_m = -65, U_m = -13, I_stim = 0; };
  template <class V> struct derived { V h, half; };
  template <class V> struct input { V spikes, current; };
  using P = params<double>;
  using S = state<double>;
  using I = input<double>;

  static constexpr std::string_view name = "izhikevich";
  static constexpr std::string_view meaning = "quadratic integrate-and-fire neuron with a recovery variable";
  static constexpr auto fields = table(
      param("V_th", &P::V_th, mV, "spike threshold"), param("V_min", &P::V_min, mV, "lowest membrane potential"),
      param("I_e", &P::I_e, pA, "constant input current"), param("a", &P::a, "1/ms", "rate of the recovery variable"),
      param("b", &P::b, none, "sensitivity of the recovery variable to the potential"),
      param("c", &P::c, mV, "reset potential"), param("d", &P::d, mV, "jump of the recovery variable at a spike"),
      flag("consistent_integration", &P::consistent_integration, "whole steps of both variables, and weights as jumps"),
      variable("V_m", &S::V_m, mV, "membrane potential", recordable),
      variable("U_m", &S::U_m, mV, "recovery variable", recordable),
      internal("I_stim", &S::I_stim, pA, "current that arrived in the last step"));
  static_assert(covers<P>(fields, part::params) && covers<S>(fields, part::state));
  static constexpr auto channels = inputs(sum(&I::spikes), current(&I::current));

  static derived<double> calibrate(const P&, resolution h) { return {h.ms, 0.5 * h.ms}; }

  template <class V> static mask_of<V> step(const params<V>& p, const derived<V>& d, state<V>& s, const input<V>& in) {
    const V I = s.I_stim + p.I_e;
    const auto slope = [&](V v) { return (0.04 * v * v + 5 * v + 140 - s.U_m) + I; };
    const auto whole = p.consistent_integration > 0;
    const V jumped = s.V_m + d.h * slope(s.V_m) + in.spikes;
    const V first_half = s.V_m + d.half * (slope(s.V_m) + in.spikes);
    const V second_half = first_half + d.half * (slope(first_half) + in.spikes);
    const V v_of_slope = select(whole, s.V_m, second_half);
    s.V_m = max(select(whole, jumped, second_half), p.V_min);
    s.U_m = s.U_m + d.h * p.a * (p.b * v_of_slope - s.U_m);
    s.I_stim = in.current;
    const auto spike = s.V_m >= p.V_th;
    s.V_m = select(spike, p.c, s.V_m);
    s.U_m = select(spike, s.U_m + p.d, s.U_m);
    return spike;
  }
};

}  // namespace volley::neurons
