#include "runtime/connections/delay_limits.hpp"

#include <string>

#include "runtime/base/error.hpp"
#include "runtime/values/value.hpp"

namespace volley::runtime {

std::uint32_t legal_delay(double ms, const time_grid& time, const delay_limits& limits, std::string_view what) {
  // Not-a-number is no delay, and what is beyond all delays is beyond integers, too.
  constexpr step_t too_many = max_delay_steps + 1;
  const auto steps = !(ms > 0) ? 0 : ms > time.to_ms(too_many) ? too_many : time.nearest_steps(ms);
  if (limits.contain(steps)) return static_cast<std::uint32_t>(steps);
  const auto text = [&](step_t n) { return to_text(value(time.to_ms(n))); };
  const auto given = std::string(what) + ": delay = " + to_text(value(ms)) + " ms";
  if (steps < 1)
    throw api_error(error_kind::BadDelay,
                    given + ": Delay must be greater than or equal to resolution, " + text(1) + " ms");
  if (steps > max_delay_steps)
    throw api_error(error_kind::BadDelay, given + " is above the largest delay, " + text(max_delay_steps) + " ms");
  throw api_error(error_kind::BadDelay, given + " must be in [min_delay, max_delay] = [" + text(limits.low) + ", " +
                                            text(limits.high) + "] ms");
}

led_delay legal_led_delay(double ms, const time_grid& time, const delay_limits& limits, std::string_view what) {
  const auto nearest = legal_delay(ms, time, limits, what);
  if (time.on_grid(ms)) return {nearest, 0};
  legal_delay(time.to_ms(time.steps_down(ms)), time, limits, what);
  const auto steps = legal_delay(time.to_ms(time.steps_up(ms)), time, limits, what);
  return {steps, time.to_ms(steps) - ms};
}

}  // namespace volley::runtime
