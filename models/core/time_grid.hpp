// Biological time: tics (the finest unit, 1 microsecond by default) and steps (one `resolution`).
#pragma once
#include <cstdint>

namespace volley::models {

using step_t =
    std::int64_t;  ///< a point on the grid: step n is n * resolution; update n carries a node from n to n + 1

/// The grid of one kernel. Milliseconds become tics by rounding, as PyNEST users see it. Every number has an answer:
/// what lies beyond the largest time is the largest time, and not-a-number the time farthest back.
class time_grid {
 public:
  static constexpr std::int64_t max_tics = std::int64_t{1} << 60;  ///< no time is this far from 0

  time_grid(std::int64_t tics_per_ms = 1000, std::int64_t tics_per_step = 100)
      : tics_per_ms_(tics_per_ms), tics_per_step_(tics_per_step) {}

  std::int64_t tics_per_ms() const { return tics_per_ms_; }
  std::int64_t tics_per_step() const { return tics_per_step_; }
  double resolution_ms() const { return to_ms(1); }

  /// Tics nearest to `ms`.
  std::int64_t tics(double ms) const;
  /// Steps nearest to `ms` (as delays are rounded).
  step_t nearest_steps(double ms) const;
  /// The last step that is not after `ms`, and the first that is not before it (as times are rounded that are no
  /// delays), to the nearest tic.
  step_t steps_down(double ms) const;
  step_t steps_up(double ms) const;
  /// The first step that is not before `ms`, to the last bits: what arithmetic on times leaves of a step is that step.
  step_t step_from(double ms) const;
  /// True when `ms` is a time that a kernel can reach, or its negative.
  bool reaches(double ms) const;
  /// True when `ms` is such a time and a whole number of steps, to the nearest tic.
  bool on_grid(double ms) const;
  double to_ms(step_t steps) const {
    return static_cast<double>(steps * tics_per_step_) / static_cast<double>(tics_per_ms_);
  }
  bool operator==(const time_grid&) const = default;
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(tics_per_ms_, tics_per_step_);
    if constexpr (Snapshot::loads)
      if (tics_per_ms_ < 1 || tics_per_step_ < 1) s.refuse();
  }

 private:
  std::int64_t tics_per_ms_, tics_per_step_;
};

}  // namespace volley::models
