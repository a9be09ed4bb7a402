// What binary neurons share (Ginzburg & Sompolinsky 1994): a state S of 0 or 1 that is chosen anew at times of its own,
// by the sum h of the weights of all inputs that are up.
//
//   between two choices pass times drawn from an exponential distribution of mean tau_m; a step has one choice at most,
//   what comes too early waits for the next
//   S changes: 2 spikes of one time where it becomes 1, one spike where it becomes 0
//   h jumps by w where an input says 2 spikes, by -w where it says one
#pragma once
#include "models/core/neuron.hpp"

namespace volley::models::binary {

template <class V> struct params { V tau_m = 10, theta = 0; };
template <class V> struct state { V S = 0, h = 0, left = 0, choices = 0; };
template <class V> struct derived { V step; };
template <class V> struct input { V flips, current; };

constexpr auto rows() {
  using namespace declare;
  using P = params<double>;
  using S = state<double>;
  return table(param("tau_m", &P::tau_m, ms, "mean time between two choices of the state", positive),
               param("theta", &P::theta, mV, "threshold"),
               variable("S", &S::S, none, "state", truth, recordable, read_only),
               variable("h", &S::h, mV, "sum of the weights of inputs that are up", recordable, read_only),
               internal("left", &S::left, ms, "time until the next choice"),
               internal("choices", &S::choices, none, "choices so far, and 1; 0: the first has no time yet"));
}

inline constexpr auto channels =
    declare::inputs(declare::flips(&input<double>::flips), declare::current(&input<double>::current));

inline derived<double> calibrate(resolution h) { return {h.ms}; }

/// One step. `up(input, wanted, draws)`: where the state becomes 1, of the lanes that are wanted. Draws belong to the
/// node and the number of its choice.
template <class V, class Draws, class Up>
V step(const params<V>& p, const derived<V>& d, state<V>& s, const input<V>& in, Draws& random, Up&& up) {
  s.h = s.h + in.flips;
  const mask_of<V> fresh = s.choices == 0.0, chooses = (s.left < 0.0) & !fresh, drawn = fresh | chooses;
  V spikes = 0.0;
  if (any(drawn)) {
    auto draws = random.of_event(s.choices);
    s.left = s.left + p.tau_m * draws.exponential(drawn);
    const mask_of<V> is_up = chooses & up(s.h + in.current, chooses, draws), was_up = s.S > 0.0;
    spikes = select(is_up & !was_up, V(2.0), select((chooses & was_up) & !is_up, V(1.0), V(0.0)));
    s.S = select(chooses, select(is_up, V(1.0), V(0.0)), s.S);
    s.choices = s.choices + select(drawn, V(1.0), V(0.0));
  }
  s.left = s.left - d.step;
  return spikes;
}

}  // namespace volley::models::binary
