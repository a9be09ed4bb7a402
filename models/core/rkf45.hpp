// Runge-Kutta-Fehlberg 4(5) with adaptive sub-steps (Fehlberg 1969), each lane with its own time and sub-step. The step
// control is the standard one that users of conductance models know: shrink by 0.9 r^(-1/5) when the error exceeds 1.1
// of the tolerance, grow by 0.9 r^(-1/6) below one half of it, both by a factor of at most 5. What may change between
// two sub-steps, like the reset after a spike, is a function of the caller.
#pragma once
#include "models/core/math.hpp"

#include <array>
#include <span>

namespace volley::models {

namespace detail {

/// y + h * (sum of weights * slopes), slopes in order.
template <std::size_t N, class V, std::size_t Stages>
std::array<V, N> advanced(const std::array<V, N>& y, V h, const std::array<std::array<V, N>, 6>& k,
                          const std::array<double, Stages>& weights) {
  std::array<V, N> result;
  for (std::size_t i = 0; i < N; ++i) {
    V slope = weights[0] * k[0][i];
    for (std::size_t s = 1; s < Stages; ++s)
      if (weights[s] != 0) slope += weights[s] * k[s][i];
    result[i] = y[i] + h * slope;
  }
  return result;
}

/// The largest of some numbers that are not negative; no number where one of them is none, or infinite.
template <class V> class largest {
 public:
  void add(V x) {
    most_ = max(most_, x);
    sum_ = sum_ + x;
  }
  V value() const { return select(sum_ - sum_ == 0.0, most_, V(std::numeric_limits<double>::quiet_NaN())); }

 private:
  V most_ = 0.0, sum_ = 0.0;
};

template <std::size_t N, class V> struct trial {
  std::array<V, N> y;       ///< the fifth-order result
  V error;                  ///< largest difference of the two orders
  std::array<V, N> errors;  ///< the difference in each component
};

template <std::size_t N, class V, class Slope>
trial<N, V> fehlberg_step(const std::array<V, N>& y, V h, const Slope& slope) {
  std::array<std::array<V, N>, 6> k;
  k[0] = slope(y);
  k[1] = slope(advanced(y, h, k, std::array{1.0 / 4}));
  k[2] = slope(advanced(y, h, k, std::array{3.0 / 32, 9.0 / 32}));
  k[3] = slope(advanced(y, h, k, std::array{1932.0 / 2197, -7200.0 / 2197, 7296.0 / 2197}));
  k[4] = slope(advanced(y, h, k, std::array{439.0 / 216, -8.0, 3680.0 / 513, -845.0 / 4104}));
  k[5] = slope(advanced(y, h, k, std::array{-8.0 / 27, 2.0, -3544.0 / 2565, 1859.0 / 4104, -11.0 / 40}));
  constexpr std::array fifth{16.0 / 135, 0.0, 6656.0 / 12825, 28561.0 / 56430, -9.0 / 50, 2.0 / 55};
  constexpr std::array difference{1.0 / 360, 0.0, -128.0 / 4275, -2197.0 / 75240, 1.0 / 50, 2.0 / 55};
  trial<N, V> result{advanced(y, h, k, fifth), V(0.0), advanced(std::array<V, N>{}, h, k, difference)};
  largest<V> error;
  for (const V& e : result.errors) error.add(abs(e));
  result.error = error.value();
  return result;
}

/// The sub-steps of a step of h_ms. System: y, size() (infinite or no number where y is not finite), try_step(h) (error
/// in units of what is tolerated), error() and accept(lanes).
template <class V, class System, class After>
void adapt(System& system, V& sub_step_ms, V h_ms, const After& after_sub_step) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const V smallest = h_ms * 0x1p-20;
  V t = 0.0;
  V h = select(sub_step_ms > 0.0, sub_step_ms, h_ms);
  auto active = system.size() < infinity;
  while (any(active)) {
    const V left = h_ms - t;
    const auto last = h > left;
    const V tried = select(last, left, h);
    const V ratio = system.try_step(tried);

    const auto too_large = !(ratio <= 1.1);  // also where the trial is not finite
    const auto retry = too_large & (tried > smallest);
    const V factor = 0.9 * exp(log(ratio) * select(too_large, V(-1.0 / 5), V(-1.0 / 6)));  // infinite without error
    const V shrunk = max(tried * select(factor > 0.2, factor, V(0.2)), smallest);
    const V grown = tried * min(max(factor, V(1.0)), V(5.0));
    const V proposed = select(retry, shrunk, select(ratio < 0.5, grown, tried));

    const mask_of<V> accepted = active & !retry;
    const auto arrived = last | (tried == left) | !(system.error() < infinity);
    system.accept(accepted);
    t = select(accepted, select(arrived, h_ms, t + tried), t);
    h = select(active, proposed, h);
    after_sub_step(system.y, accepted);
    active = active & (t < h_ms);
  }
  sub_step_ms = h;
}

/// A number of unknowns that is known when this is compiled: all of it in registers.
template <std::size_t N, class V, class Control, class Slope> struct fixed_system {
  std::array<V, N>& y;
  const Control& control;
  const Slope& slope;
  trial<N, V> next{};

  V size() const {
    V all = abs(y[0]);
    for (const V& component : y) all = all + abs(component);
    return all;
  }
  V try_step(V h) {
    next = fehlberg_step(y, h, slope);
    if constexpr (Control::reads_slope)
      return control.ratio(next.errors, h, slope(next.y));
    else
      return control.ratio(next.error);
  }
  V error() const { return next.error; }
  void accept(mask_of<V> lanes) {
    for (std::size_t i = 0; i < N; ++i) y[i] = select(lanes, next.y[i], y[i]);
  }
};

/// Any number of unknowns, in memory of the caller.
template <class V, class Control, class Slope> class open_system {
 public:
  std::span<V> y;

  /// `scratch`: open_scratch times the unknowns.
  open_system(std::span<V> unknowns, std::span<V> scratch, const Control& control, const Slope& slope)
      : y(unknowns), scratch_(scratch), control_(control), slope_(slope) {}

  V size() const {
    V all = abs(y[0]);
    for (const V& component : y) all = all + abs(component);
    return all;
  }
  V try_step(V h) {
    slope_(y, part(0));
    stage<1>(h, {1.0 / 4});
    stage<2>(h, {3.0 / 32, 9.0 / 32});
    stage<3>(h, {1932.0 / 2197, -7200.0 / 2197, 7296.0 / 2197});
    stage<4>(h, {439.0 / 216, -8.0, 3680.0 / 513, -845.0 / 4104});
    stage<5>(h, {-8.0 / 27, 2.0, -3544.0 / 2565, 1859.0 / 4104, -11.0 / 40});
    const std::array fifth{16.0 / 135, 0.0, 6656.0 / 12825, 28561.0 / 56430, -9.0 / 50, 2.0 / 55};
    const std::array difference{1.0 / 360, 0.0, -128.0 / 4275, -2197.0 / 75240, 1.0 / 50, 2.0 / 55};
    const auto next = part(6), errors = part(7);
    largest<V> error;
    for (std::size_t i = 0; i < y.size(); ++i) {
      next[i] = y[i] + h * slope_at(i, fifth);
      errors[i] = h * slope_at(i, difference);
      error.add(abs(errors[i]));
    }
    error_ = error.value();
    if constexpr (Control::reads_slope) {
      slope_(next, part(0));
      return control_.ratio(errors, h, part(0));
    } else {
      return control_.ratio(error_);
    }
  }
  V error() const { return error_; }
  void accept(mask_of<V> lanes) {
    const auto next = part(6);
    for (std::size_t i = 0; i < y.size(); ++i) y[i] = select(lanes, next[i], y[i]);
  }

 private:
  std::span<V> part(std::size_t i) const { return scratch_.subspan(i * y.size(), y.size()); }
  template <std::size_t Stages> V slope_at(std::size_t i, const std::array<double, Stages>& weights) const {
    V slope = weights[0] * part(0)[i];
    for (std::size_t s = 1; s < Stages; ++s)
      if (weights[s] != 0) slope += weights[s] * part(s)[i];
    return slope;
  }
  template <std::size_t Stage> void stage(V h, const std::array<double, Stage>& weights) {
    const auto there = part(6);
    for (std::size_t i = 0; i < y.size(); ++i) there[i] = y[i] + h * slope_at(i, weights);
    slope_(there, part(Stage));
  }

  std::span<V> scratch_;
  const Control& control_;
  const Slope& slope_;
  V error_ = 0.0;
};

}  // namespace detail

/// What each component and sub-step may be wrong by: the tolerance.
struct absolute_control {
  static constexpr bool reads_slope = false;
  double tolerance;
  /// The error in units of what is tolerated. Not-a-number where an error is none.
  template <class V> V ratio(V error) const { return error * (1.0 / tolerance); }
};
/// The same with a tolerance of each lane.
template <class V> struct own_control {
  static constexpr bool reads_slope = false;
  V tolerance;
  V ratio(V error) const { return error / tolerance; }
};
/// The tolerance times one and the way that the component would make in the sub-step with its slope at the end.
template <class V> struct slope_control {
  static constexpr bool reads_slope = true;
  V tolerance;
  template <class Errors, class Slopes> V ratio(const Errors& errors, V h, const Slopes& at_end) const {
    detail::largest<V> ratio;
    for (std::size_t i = 0; i < errors.size(); ++i)
      ratio.add(abs(errors[i]) / (tolerance * (1.0 + abs(h * at_end[i]))));
    return ratio.value();
  }
};

/// Carries y over `h_ms` with slope(y) = dy/dt. `sub_step_ms` is the size the control found best; it is state of the
/// caller (0 = none yet, starts with h_ms). after_sub_step(y, lanes) is called after each sub-step that is accepted in
/// some lanes, and may change y in these. A lane whose values are not finite stays as it is; one that would need
/// sub-steps below 2^-20 h_ms ignores the tolerance.
template <std::size_t N, class V, class Control, class Slope, class After>
void rkf45(std::array<V, N>& y, V& sub_step_ms, V h_ms, const Control& control, const Slope& slope,
           const After& after_sub_step) {
  detail::fixed_system<N, V, Control, Slope> system{y, control, slope};
  detail::adapt(system, sub_step_ms, h_ms, after_sub_step);
}

/// The same with an absolute tolerance and nothing between the sub-steps.
template <std::size_t N, class V, class Slope>
void rkf45(std::array<V, N>& y, V& sub_step_ms, V h_ms, double tolerance, const Slope& slope) {
  rkf45(y, sub_step_ms, h_ms, absolute_control{tolerance}, slope, [](const auto&, const auto&) {});
}

inline constexpr std::size_t open_scratch = 8;

/// The same for any number of unknowns: slope(y, to) writes dy/dt. `scratch`: open_scratch times as many numbers as y.
template <class V, class Control, class Slope, class After>
void rkf45(std::span<V> y, std::span<V> scratch, V& sub_step_ms, V h_ms, const Control& control, const Slope& slope,
           const After& after_sub_step) {
  detail::open_system<V, Control, Slope> system(y, scratch, control, slope);
  detail::adapt(system, sub_step_ms, h_ms, after_sub_step);
}

}  // namespace volley::models
