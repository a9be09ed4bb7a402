// What the leaky integrate-and-fire neurons with precise spike times share (Morrison, Straube, Plesser & Diesmann 2007;
// Hanuschkin, Kunkel, Helias, Morrison & Diesmann 2010). A step is gone through from one event to the next: what
// arrives, and the end of refractoriness. Between two of them the state is carried on exactly; where the potential is
// at threshold at the end of such a piece, the time of the crossing is the root of the solution within it.
//
// A model derives its params, state and derived constants from the structs here, puts rows() at the beginning of its
// table, and has
//   passage<V> : precise::passage<V>, passage<V> step in derived<V>, over(params, ms) -> passage<V>
//                                                                                 what carries a state over a time
//   potential(params, passage, state) -> V                                        V_m after it, of one that is free
//   decay(passage, state&)                                                        the currents after it
//   receive(params, derived, state&, above, below)    spikes, by the sign of amounts. True: the potential jumps
//   peak(params, state, ms) -> V (optional)           when within a time it is highest; the time itself where it rises
#pragma once
#include <limits>

#include "models/core/cell_step.hpp"
#include "models/core/math.hpp"
#include "models/core/neuron.hpp"

namespace volley::models::precise {

template <class V> struct params {
  V tau_m = 10, C_m = 250, t_ref = 2, E_L = -70, I_e = 0, V_th = 15, V_reset = 0;
  V V_min = -std::numeric_limits<double>::infinity();
};
template <class V> struct state { V V_m = 0, I_stim = 0, refractory = 0, returns = 0; };
template <class V> struct derived { V h, refractory; };
template <class V> struct input { V above, below, current; };
template <class V> struct passage { V decay_m1, from_dc; };

inline double is_refractory(const params<double>&, const state<double>& s) { return s.refractory > 0; }

constexpr auto rows() {
  using namespace declare;
  using P = params<double>;
  using S = state<double>;
  return table(param("tau_m", &P::tau_m, ms, "membrane time constant", positive),
               param("C_m", &P::C_m, pF, "membrane capacitance", positive),
               param("t_ref", &P::t_ref, ms, "refractory period; a step at least", non_negative),
               param("E_L", &P::E_L, mV, "resting potential"), param("I_e", &P::I_e, pA, "constant input current"),
               param("V_th", &P::V_th, mV, "spike threshold", relative_to(&P::E_L)),
               param("V_reset", &P::V_reset, mV, "reset potential", relative_to(&P::E_L), below(&P::V_th)),
               param("V_min", &P::V_min, mV, "lowest membrane potential", relative_to(&P::E_L)),
               variable("V_m", &S::V_m, mV, "membrane potential", relative_to(&P::E_L), recordable),
               internal("I_stim", &S::I_stim, pA, "current that arrived in the last step"),
               internal("refractory", &S::refractory, none, "steps until the one in which refractoriness ends"),
               internal("returns", &S::returns, ms, "how long before the end of that step it ends"),
               computed<is_refractory>("is_refractory", none, "whether the neuron is refractory", truth));
}

inline constexpr auto channels = declare::inputs(declare::timed(&input<double>::above, &input<double>::below),
                                                 declare::current(&input<double>::current));

inline const char* check(const params<double>& p) {
  return p.V_reset < p.V_min ? "V_reset must not be below V_min" : nullptr;
}
inline const char* check_refractory(const params<double>& p) {
  return p.t_ref > 0 ? check(p) : "t_ref = 0 ms: Refractory time must be at least one time step";
}

inline derived<double> calibrate(const params<double>& p, resolution h) { return {h.ms, h.steps(p.t_ref)}; }

template <class V> passage<V> membrane_over(const params<V>& p, V ms) {
  const V decay_m1 = expm1(-ms / p.tau_m);
  return {decay_m1, -p.tau_m / p.C_m * decay_m1};
}

/// V_m after a time. What changes is added: a factor near 1 would be rounded alike in each of many short steps.
template <class V> V potential(const params<V>& p, const passage<V>& over, const state<V>& s, V synaptic) {
  return (over.from_dc * (s.I_stim + p.I_e) + synaptic + over.decay_m1 * s.V_m) + s.V_m;
}

/// One step of a cell of model M.
template <class M, class V> class stepped {
 public:
  using P = typename M::template params<V>;
  using D = typename M::template derived<V>;
  using S = typename M::template state<V>;

  stepped(const P& p, const D& d, S& s, cell_step<V>& now) : p_(p), d_(d), s_(s), now_(now), left_(d.h) {}

  void pass(const input<V>& at_end) {
    resting_ = static_cast<bool>(s_.refractory > 0.0);
    auto returns = static_cast<bool>(s_.refractory == 1.0);
    s_.refractory = max(s_.refractory - 1.0, 0.0);
    if (!resting_ && s_.V_m >= p_.V_th) fire(left_);
    while (returns || now_.expects_more()) {
      const V arrives = now_.expects_more() ? now_.offset_ms() : V(0.0);
      if (returns && s_.returns >= arrives) {
        pass_to(s_.returns);
        returns = resting_ = false;
        continue;
      }
      pass_to(arrives);
      V above = 0.0, below = 0.0;
      while (now_.expects_more() && now_.offset_ms() == arrives) {
        const V amount = now_.take();
        (amount < 0.0 ? below : above) += amount;
      }
      receive(above, below);
    }
    pass_to(0.0);
    receive(at_end.above, at_end.below);
    s_.I_stim = at_end.current;  // it acts from the next step on
  }

 private:
  void receive(V above, V below) {
    if (M::receive(p_, d_, s_, above, below, resting_) && s_.V_m >= p_.V_th) fire(left_);
  }

  /// Goes on until so long before the step's end.
  void pass_to(V offset) {
    const V ms = left_ - offset;
    if (!(ms > 0.0)) return;
    const auto whole = ms == d_.h ? d_.step : M::over(p_, ms);
    if (!resting_) {
      const V V_m = M::potential(p_, whole, s_);
      const V time_above = V_m >= p_.V_th ? ms : highest(ms);
      if (time_above > 0.0)
        fire(left_ - crossing(time_above));
      else
        s_.V_m = max(V_m, p_.V_min);
    }
    M::decay(whole, s_);
    left_ = offset;
  }

  /// When within a time the potential is above threshold though not at its end; 0: never.
  V highest([[maybe_unused]] V ms) const {
    if constexpr (requires { M::peak(p_, s_, ms); }) {
      const V at = M::peak(p_, s_, ms);
      if (at < ms && above_threshold(at) >= 0.0) return at;
    }
    return 0.0;
  }

  V above_threshold(V ms) const { return M::potential(p_, M::over(p_, ms), s_) - p_.V_th; }

  /// When the potential is at threshold first, which is above it at `high`: regula falsi, where an end that stays twice
  /// counts half (Dowell & Jarratt 1971).
  V crossing(V high) const {
    V low = 0.0, at_low = s_.V_m - p_.V_th, at_high = above_threshold(high);
    for (int moved = 0, i = 0; i < 100; ++i) {
      const V t = high - at_high * (high - low) / (at_high - at_low);
      if (!(t > low) || !(t < high)) break;
      const V at = above_threshold(t);
      if (at < 0.0) {
        if (moved == -1) at_high *= 0.5;
        moved = -1;
        low = t;
        at_low = at;
      } else {
        if (moved == 1) at_low *= 0.5;
        moved = 1;
        high = t;
        at_high = at;
      }
    }
    return high;
  }

  void fire(V offset) {
    now_.spike(min(offset, d_.h * (1.0 - 0x1p-52)));
    s_.V_m = p_.V_reset;
    s_.refractory = max(d_.refractory, 1.0);
    s_.returns = offset;
    resting_ = true;
  }

  const P& p_;
  const D& d_;
  S& s_;
  cell_step<V>& now_;
  V left_;  // of the step
  bool resting_ = false;
};

template <class M, class V> void step(const typename M::template params<V>& p, const typename M::template derived<V>& d,
                                      typename M::template state<V>& s, const input<V>& in, cell_step<V>& now) {
  stepped<M, V>(p, d, s, now).pass(in);
}

}  // namespace volley::models::precise
