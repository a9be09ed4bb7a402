// When a device acts.
#pragma once
#include "models/core/device.hpp"
#include "runtime/base/time.hpp"

namespace volley::runtime {

/// Emissions with a time stamp in (after, upto] are active.
struct active_window {
  step_t after = 0, upto = 0;
  bool contains(step_t stamp) const { return after < stamp && stamp <= upto; }
  bool operator==(const active_window&) const = default;
  template <class Snapshot> void snapshot(Snapshot& s) { s(after, upto); }
};

active_window window_of(const models::activity& a, const time_grid& time);

}  // namespace volley::runtime
