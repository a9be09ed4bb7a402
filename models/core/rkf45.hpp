// Runge-Kutta-Fehlberg 4(5) with adaptive sub-steps (Fehlberg 1969), each lane with its own time and sub-step. The step
// control is the standard one that users of conductance models know: shrink by 0.9 r^(-1/5) when the error exceeds 1.1
// of the tolerance, grow by 0.9 r^(-1/6) below one half of it, both by a factor of at most 5.
#pragma once
#include "models/core/math.hpp"

#include <array>

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

template <std::size_t N, class V> struct trial {
  std::array<V, N> y;  ///< the fifth-order result
  V error;             ///< largest difference of the two orders
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
  trial<N, V> result{advanced(y, h, k, fifth), V(0.0)};
  const auto errors = advanced(std::array<V, N>{}, h, k, difference);
  for (const V& e : errors) result.error = select(abs(e) <= result.error, result.error, abs(e));  // not-a-number stays
  return result;
}

}  // namespace detail

/// Carries y over `h_ms` with slope(y) = dy/dt. `sub_step_ms` is the size the control found best; it is state of the
/// caller (0 = none yet, starts with h_ms). `tolerance` bounds the absolute error of each component and sub-step. A
/// lane whose values are not finite stays as it is; one that would need sub-steps below 2^-20 h_ms ignores the
/// tolerance.
template <std::size_t N, class V, class Slope>
void rkf45(std::array<V, N>& y, V& sub_step_ms, V h_ms, double tolerance, const Slope& slope) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const V smallest = h_ms * 0x1p-20;
  V t = 0.0;
  V h = select(sub_step_ms > 0.0, sub_step_ms, h_ms);
  V size = abs(y[0]);
  for (const V& component : y) size = size + abs(component);
  auto active = size < infinity;
  while (any(active)) {
    const V left = h_ms - t;
    const auto last = h > left;
    const V tried = select(last, left, h);
    const auto [next, error] = detail::fehlberg_step(y, tried, slope);
    const V ratio = error * (1.0 / tolerance);

    const auto too_large = !(ratio <= 1.1);  // also where the trial is not finite
    const auto retry = too_large & (tried > smallest);
    const V factor = 0.9 * exp(log(ratio) * select(too_large, V(-1.0 / 5), V(-1.0 / 6)));  // infinite without error
    const V shrunk = max(tried * select(factor > 0.2, factor, V(0.2)), smallest);
    const V grown = tried * min(max(factor, V(1.0)), V(5.0));
    const V proposed = select(retry, shrunk, select(ratio < 0.5, grown, tried));

    const auto accepted = active & !retry;
    for (std::size_t i = 0; i < N; ++i) y[i] = select(accepted, next[i], y[i]);
    const auto arrived = last | (tried == left) | !(error < infinity);
    t = select(accepted, select(arrived, h_ms, t + tried), t);
    h = select(active, proposed, h);
    active = active & (t < h_ms);
  }
  sub_step_ms = h;
}

}  // namespace volley::models
