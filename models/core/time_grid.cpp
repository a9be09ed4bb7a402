#include "models/core/time_grid.hpp"

#include <cmath>
#include <limits>

namespace volley::models {
namespace {

/// The whole number nearest to `x`, halves up, within the range of time.
std::int64_t whole(double x) {
  constexpr double limit = static_cast<double>(time_grid::max_tics);
  if (!(x > -limit)) return -time_grid::max_tics;
  return x < limit ? static_cast<std::int64_t>(std::floor(x + 0.5)) : time_grid::max_tics;
}

}  // namespace

std::int64_t time_grid::tics(double ms) const { return whole(ms * static_cast<double>(tics_per_ms_)); }

step_t time_grid::nearest_steps(double ms) const {
  return whole(ms * static_cast<double>(tics_per_ms_) / static_cast<double>(tics_per_step_));
}

step_t time_grid::steps_down(double ms) const {
  const auto all = tics(ms);
  return all / tics_per_step_ - (all % tics_per_step_ < 0 ? 1 : 0);
}

step_t time_grid::steps_up(double ms) const {
  const auto all = tics(ms);
  return all / tics_per_step_ + (all % tics_per_step_ > 0 ? 1 : 0);
}

step_t time_grid::step_from(double ms) const {
  if (!reaches(ms)) return steps_up(ms);
  const auto near = nearest_steps(ms);
  return to_ms(near) >= ms - 4 * std::numeric_limits<double>::epsilon() * std::fabs(ms) ? near : near + 1;
}

bool time_grid::reaches(double ms) const {
  const auto all = tics(ms);
  return -max_tics < all && all < max_tics;
}

bool time_grid::on_grid(double ms) const { return reaches(ms) && tics(ms) % tics_per_step_ == 0; }

}  // namespace volley::models
