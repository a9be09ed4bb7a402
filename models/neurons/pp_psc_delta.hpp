// Point process whose rate follows a leaky potential (Cardanobile & Rotter 2010; Pozzorini et al. 2013; Deger et al.
// 2014): spikes jump the potential, are drawn at a rate that grows with it, and move what it is compared with.
//
//   V_m' = -V_m / tau_m + (I_stim + I_e) / C_m;  V_m jumps by the weight of each spike that arrives
//   E_sfa = sum over i of q_i;  q_i' = -q_i / tau_sfa_i;  q_i jumps by q_sfa_i with each spike of the neuron
//   spikes come at the rate max(0, c_1 V + c_2 exp(c_3 V)),  V = V_m - E_sfa;  with_reset: then V_m = 0
//   none in the dead time after a spike, which may be drawn from a gamma distribution; without one, a step may have
//   several
#pragma once
#include "models/core/lists.hpp"
#include "models/core/neuron.hpp"

namespace volley::neurons {
using namespace models::declare;

struct pp_psc_delta {
  template <class V> struct params {
    V tau_m = 10, C_m = 250, dead_time = 1, dead_time_random = 0, dead_time_shape = 1, with_reset = 1, c_1 = 0;
    V c_2 = 1.238, c_3 = 0.25, I_e = 0;
  };
  template <class V> struct state { V V_m = 0, E_sfa = 0, I_stim = 0, t_ref_remaining = 0; };
  template <class V> struct derived { V decay, from_dc, dead_time, per_shape, h; };
  template <class V> struct input { V spikes, current; };
  using P = params<double>;
  using S = state<double>;
  using I = input<double>;

  struct sfa {
    template <class V> struct params { V tau_sfa = 1, q_sfa = 0; };
    template <class V> struct state { V q = 0; };
    template <class V> struct derived { V decay, jump; };
    template <class V> struct input {};
    using E = params<double>;
    static constexpr auto fields =
        table(param("tau_sfa", &E::tau_sfa, ms, "time constants of the adaptation", positive, or_number),
              param("q_sfa", &E::q_sfa, mV, "what a spike adds to the adaptation", or_number),
              internal("q", &state<double>::q, mV, "what is left of it"));
    static derived<double> calibrate(const P&, const E& e, resolution h) { return {exp(-h.ms / e.tau_sfa), e.q_sfa}; }
  };
  using lists = models::lists_of<sfa>;

  static constexpr std::string_view name = "pp_psc_delta";
  static constexpr std::string_view meaning = "point process with a leaky potential, jumps of it, and adaptation";
  static constexpr auto fields = table(
      param("tau_m", &P::tau_m, ms, "membrane time constant", positive),
      param("C_m", &P::C_m, pF, "membrane capacitance", positive),
      param("dead_time", &P::dead_time, ms, "time after a spike without another", non_negative),
      flag("dead_time_random", &P::dead_time_random, "dead times are drawn, with the mean dead_time"),
      param("dead_time_shape", &P::dead_time_shape, none, "shape of their gamma distribution", integer, positive,
            at_most(1000)),
      flag("with_reset", &P::with_reset, "a spike resets the potential"),
      param("c_1", &P::c_1, "1/(s mV)", "slope of the linear part of the rate"),
      param("c_2", &P::c_2, per_s, "rate of the exponential part at 0"),
      param("c_3", &P::c_3, "1/mV", "its exponent", non_negative), param("I_e", &P::I_e, pA, "constant input current"),
      variable("V_m", &S::V_m, mV, "membrane potential", recordable),
      variable("E_sfa", &S::E_sfa, mV, "what spikes move the potential's effect by", recordable),
      variable("t_ref_remaining", &S::t_ref_remaining, ms, "dead time left", non_negative),
      internal("I_stim", &S::I_stim, pA, "current that arrived in the last step"));
  static_assert(covers<P>(fields, part::params) && covers<S>(fields, part::state));
  static constexpr auto channels = inputs(sum(&I::spikes), current(&I::current));

  static derived<double> calibrate(const P& p, resolution h) {
    return {.decay = exp(-h.ms / p.tau_m),
            .from_dc = -p.tau_m / p.C_m * expm1(-h.ms / p.tau_m),
            .dead_time = h.steps(p.dead_time) * h.ms,
            .per_shape = p.dead_time / p.dead_time_shape,
            .h = h.ms};
  }

  template <class V, class Sfa, class Draws>
  static V step(const params<V>& p, const derived<V>& d, state<V>& s, const input<V>& in, Sfa& sfa, Draws& random) {
    s.V_m = (d.from_dc * (s.I_stim + p.I_e) + in.spikes) + d.decay * s.V_m;
    s.E_sfa = 0.0;
    sfa.change([&](const auto&, const auto& of, auto& e) {
      e.q = e.q * of.decay;
      s.E_sfa = s.E_sfa + e.q;
    });
    s.I_stim = in.current;
    const mask_of<V> awake = !(s.t_ref_remaining > 0.5 * d.h);
    const V v = s.V_m - s.E_sfa;
    const V expected = (p.c_1 * v + p.c_2 * exp(p.c_3 * v)) * d.h * 1e-3;
    const mask_of<V> may = awake & (expected > 0.0);
    const mask_of<V> single = may & (p.dead_time > 0.0), several = may & !(p.dead_time > 0.0);
    const mask_of<V> one = single & (random.uniform(single) < -expm1(-expected));
    const V spikes = select(one, V(1.0), random.count(several, expected));
    sfa.change([&](const auto&, const auto& of, auto& e) { e.q = e.q + of.jump * spikes; });
    const mask_of<V> fired = spikes > 0.0;
    s.V_m = select(fired & (p.with_reset > 0.0), V(0.0), s.V_m);
    const mask_of<V> drawn = fired & (p.dead_time_random > 0.0);
    const V dead_time = select(drawn, random.gamma(drawn, p.dead_time_shape) * d.per_shape, d.dead_time);
    s.t_ref_remaining = select(fired, dead_time, max(s.t_ref_remaining - d.h, 0));
    return spikes;
  }
};

}  // namespace volley::neurons
