// The rate of a gate that opens in proportion to the distance from a potential, far above it (Hodgkin & Huxley 1952).
#pragma once
#include "models/core/lanes.hpp"

namespace volley::models {

/// x / (1 - exp(-x)), given exp(-x); by its series where that would lose digits.
template <value_like V> V relative_rate(V x, V exp_minus_x) {
  const auto near_zero = abs(x) < 1e-3;
  return select(near_zero, 1 + x * (0.5 + x * (1.0 / 12)), x / select(near_zero, V(1), 1 - exp_minus_x));
}

}  // namespace volley::models
