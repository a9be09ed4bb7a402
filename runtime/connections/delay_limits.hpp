// Which delays are legal.
#pragma once
#include <cstdint>
#include <string_view>

#include "runtime/base/time.hpp"

namespace volley::runtime {

/// Largest delay that a connection can hold, in steps (2^21 - 1, as PyNEST users know it).
inline constexpr step_t max_delay_steps = (1 << 21) - 1;

/// In steps, both included: whatever a connection can hold, or what min_delay and max_delay leave once they are fixed.
struct delay_limits {
  step_t low = 1, high = max_delay_steps;
  bool contain(step_t steps) const { return low <= steps && steps <= high; }
};

/// Whole steps of a delay. `what` begins messages. Errors: BadDelay outside `limits`.
std::uint32_t legal_delay(double ms, const time_grid& time, const delay_limits& limits, std::string_view what);

/// A delay that need not be whole steps: those that cover it, and by how much it is shorter.
struct led_delay {
  std::uint32_t steps;
  double lead_ms;
};
/// Errors: BadDelay where the whole steps before or after it are no legal delay.
led_delay legal_led_delay(double ms, const time_grid& time, const delay_limits& limits, std::string_view what);

}  // namespace volley::runtime
