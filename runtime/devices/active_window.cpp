#include "runtime/devices/active_window.hpp"

#include <cmath>
#include <limits>

namespace volley::runtime {
namespace {

constexpr step_t never = std::numeric_limits<step_t>::max() / 4;

step_t bounded_steps(double ms, const time_grid& time) {
  return std::abs(ms) > 1e15 ? (ms < 0 ? -never : never) : time.nearest_steps(ms);
}

}  // namespace

active_window window_of(const models::activity& a, const time_grid& time) {
  return {bounded_steps(a.origin + a.start, time), bounded_steps(a.origin + a.stop, time)};
}

}  // namespace volley::runtime
