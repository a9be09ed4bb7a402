// Fires at a fixed rate whatever arrives: for networks whose activity must be known beforehand. The phase is the share
// of a period that passes before the first spike; a change of rate or phase starts anew.
//
//   spikes at phase / rate, (phase + 1) / rate, (phase + 2) / rate, ...
#pragma once
#include "models/core/neuron.hpp"

namespace volley::neurons {
using namespace models::declare;

struct ignore_and_fire {
  template <class V> struct params { V rate = 10, phase = 1; };
  template <class V> struct state { V left = 0, first = -1, period = -1; };  // negative: not started
  template <class V> struct derived { V first, period; };
  template <class V> struct input {};
  using P = params<double>;
  using S = state<double>;

  static constexpr std::string_view name = "ignore_and_fire";
  static constexpr std::string_view meaning = "fires at a fixed rate and ignores its input";
  static constexpr bool takes_meters = true;  // which have nothing to record
  static constexpr auto fields =
      table(param("rate", &P::rate, per_s, "spikes in a second", positive),
            param("phase", &P::phase, none, "periods before the first spike", positive, at_most(1)),
            internal("left", &S::left, none, "steps without a spike left"),
            internal("first", &S::first, none, "steps before the first spike, as they were at the start"),
            internal("period", &S::period, none, "steps from spike to spike, as they were at the start"));
  static_assert(covers<P>(fields, part::params) && covers<S>(fields, part::state));
  static constexpr auto channels = inputs(ignored(0), ignored_current());

  static derived<double> calibrate(const P& p, resolution h) {
    const double period_ms = 1000 / p.rate;
    return {h.steps(p.phase * period_ms), max(h.steps(period_ms), 1.0)};
  }

  template <class V> static mask_of<V> step(const params<V>&, const derived<V>& d, state<V>& s, const input<V>&) {
    const auto started = (s.first == d.first) & (s.period == d.period);
    const V left = select(started, s.left, d.first);
    const auto spike = left <= 0;
    s = {select(spike, d.period, left) - 1, d.first, d.period};
    return spike;
  }
};

}  // namespace volley::neurons
