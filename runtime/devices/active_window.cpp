#include "runtime/devices/active_window.hpp"

namespace volley::runtime {

active_window window_of(const models::activity& a, const time_grid& time) {
  return {time.nearest_steps(a.origin + a.start), time.nearest_steps(a.origin + a.stop)};
}

}  // namespace volley::runtime
