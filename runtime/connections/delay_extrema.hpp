// The shortest and the longest delay of some connections.
#pragma once
#include <algorithm>

#include "runtime/connections/delay_limits.hpp"

namespace volley::runtime {

/// In steps; min > max when there are none.
struct delay_extrema {
  step_t min = max_delay_steps + 1, max = 0;
  void include(step_t steps) {
    min = std::min(min, steps);
    max = std::max(max, steps);
  }
  void include(const delay_extrema& other) {
    min = std::min(min, other.min);
    max = std::max(max, other.max);
  }
};

}  // namespace volley::runtime
