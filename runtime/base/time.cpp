#include "runtime/base/time.hpp"

#include <cmath>

namespace volley::runtime {

std::int64_t time_grid::tics(double ms) const {
  return static_cast<std::int64_t>(std::floor(ms * static_cast<double>(tics_per_ms_) + 0.5));
}

step_t time_grid::nearest_steps(double ms) const {
  return static_cast<step_t>(std::floor(ms * static_cast<double>(tics_per_ms_) / static_cast<double>(tics_per_step_) + 0.5));
}

bool time_grid::on_grid(double ms) const {
  return std::isfinite(ms) && tics(ms) % tics_per_step_ == 0;
}

}  // namespace volley::runtime
