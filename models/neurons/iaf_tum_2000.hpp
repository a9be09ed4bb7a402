// The leaky integrate-and-fire neuron of iaf_psc_exp, with short-term depression and facilitation of what its spikes
// release (Tsodyks, Uziel & Markram 2000, eqs. 3 and 4): the same for all targets, so that it is computed where the
// spikes are sent. A spike carries the amount that it releases. Others of this model take it on receptor 1.
//
//   x + y + z = 1: resources that are recovered, active, inactive
//   between spikes:    x' = z / tau_rec,  y' = -y / tau_psc,  u' = -u / tau_fac (0 where tau_fac is)
//   the neuron spikes: u grows by U (1 - u); then u x becomes active, and is what the spike carries
//   on receptor 0, I_syn_s of the target jumps by w with each spike, on receptor 1 by w times what the spike carries
#pragma once
#include "models/core/short_term.hpp"
#include "models/neurons/iaf_psc_exp.hpp"

namespace volley::neurons {

struct iaf_tum_2000 {
  using membrane = iaf_psc_exp;
  using resources = models::three_states;

  template <class V> struct params : membrane::params<V> { V U = 0.5, tau_psc = 2, tau_rec = 400, tau_fac = 1000; };
  template <class V> struct state : membrane::state<V> { V x = 0, y = 0, u = 0, steps = 0; };
  template <class V> struct derived : membrane::derived<V> { V h; };
  template <class V> struct input : membrane::input<V> { V released; };
  using P = params<double>;
  using S = state<double>;
  using I = input<double>;

  static constexpr std::string_view name = "iaf_tum_2000";
  static constexpr std::string_view meaning = "leaky integrate-and-fire neuron whose spikes carry what they release";
  static constexpr auto fields = join(
      membrane::fields,
      table(param("U", &P::U, none, "what a spike adds to u, as a share of 1 - u", non_negative, at_most(1)),
            param("tau_psc", &P::tau_psc, ms, "time constant of active resources", positive),
            param("tau_rec", &P::tau_rec, ms, "time constant of recovery", positive),
            param("tau_fac", &P::tau_fac, ms, "time constant of facilitation; 0 for none", non_negative),
            variable("x", &S::x, none, "share of the resources that was recovered after the last spike", at_most(1)),
            variable("y", &S::y, none, "share of the resources that was active then", at_most(1)),
            variable("u", &S::u, none, "share of the recovered that the last spike used", non_negative, at_most(1)),
            internal("steps", &S::steps, none, "steps since the last spike, or the neuron's begin")));
  static_assert(covers<P>(fields, part::params) && covers<S>(fields, part::state));
  static constexpr auto channels =
      inputs(by_sign(&I::ex, &I::in), payload(&I::released, 1), current(0, &I::current), current(1, &I::filtered));

  static const char* check(const P&, const S& s) { return s.x + s.y > 1 ? "x + y must be <= 1" : nullptr; }

  static derived<double> calibrate(const P& p, resolution h) { return {membrane::calibrate(p, h), h.ms}; }

  template <class V> static spikes_with<V> step(const params<V>& p, const derived<V>& d, state<V>& s,
                                                const input<V>& in, draws<V>& random) {
    membrane::input<V> arrived = in;
    arrived.ex = in.ex + max(in.released, 0.0);
    arrived.in = in.in + min(in.released, 0.0);
    const auto spike = membrane::step<V>(p, d, s, arrived, random);
    s.steps = s.steps + 1.0;
    if (!any(spike)) return {spike, V(0.0)};
    const resources::params<V> of{p.U, p.tau_psc, p.tau_rec, p.tau_fac};
    const auto before = resources::decayed<V>(of, {s.x, s.y, s.u}, s.steps * d.h);
    const auto after = resources::after_pre<V>(of, before);
    s.x = select(spike, after.x, s.x);
    s.y = select(spike, after.y, s.y);
    s.u = select(spike, after.u, s.u);
    s.steps = select(spike, V(0.0), s.steps);
    return {spike, select(spike, before.x - after.x, V(0.0))};
  }
};

}  // namespace volley::neurons
