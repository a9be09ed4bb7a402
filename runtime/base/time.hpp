// Biological time: tics (the finest unit, 1 microsecond by default) and steps (one `resolution`).
#pragma once
#include <cstdint>

namespace volley::runtime {

using step_t = std::int64_t;  ///< a point on the grid: step n is n * resolution; update n carries a node from n to n + 1

/// The grid of one kernel. Milliseconds become tics by rounding, as PyNEST users see it.
class time_grid {
 public:
  time_grid(std::int64_t tics_per_ms = 1000, std::int64_t tics_per_step = 100)
      : tics_per_ms_(tics_per_ms), tics_per_step_(tics_per_step) {}

  std::int64_t tics_per_ms() const { return tics_per_ms_; }
  std::int64_t tics_per_step() const { return tics_per_step_; }
  double resolution_ms() const { return to_ms(1); }

  /// Tics nearest to `ms`.
  std::int64_t tics(double ms) const;
  /// Steps nearest to `ms` (as delays are rounded).
  step_t nearest_steps(double ms) const;
  /// True when `ms` is a whole number of steps, to the nearest tic.
  bool on_grid(double ms) const;
  double to_ms(step_t steps) const {
    return static_cast<double>(steps * tics_per_step_) / static_cast<double>(tics_per_ms_);
  }
  bool operator==(const time_grid&) const = default;

 private:
  std::int64_t tics_per_ms_, tics_per_step_;
};

}  // namespace volley::runtime
