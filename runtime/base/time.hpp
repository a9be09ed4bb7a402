// Biological time in the runtime is that of the models.
#pragma once
#include "models/core/time_grid.hpp"

namespace volley::runtime {

using models::step_t, models::time_grid;

/// When a spike is sent: so long before its stamp, less than a step; on the grid at its stamp.
struct spike_time {
  step_t stamp;
  double offset_ms;
  spike_time(step_t stamp, double offset_ms = 0) : stamp(stamp), offset_ms(offset_ms) {}

  double ms_since(const spike_time& earlier, double resolution_ms) const {
    return static_cast<double>(stamp - earlier.stamp) * resolution_ms - offset_ms + earlier.offset_ms;
  }
  friend spike_time operator+(const spike_time& t, step_t steps) { return {t.stamp + steps, t.offset_ms}; }
  friend spike_time operator-(const spike_time& t, step_t steps) { return {t.stamp - steps, t.offset_ms}; }
  friend bool operator<(const spike_time& a, const spike_time& b) {
    return a.stamp != b.stamp ? a.stamp < b.stamp : a.offset_ms > b.offset_ms;
  }
};

}  // namespace volley::runtime
