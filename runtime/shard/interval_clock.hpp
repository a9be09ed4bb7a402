// Where a VP is among its intervals.
#pragma once
#include <cstdint>

#include "runtime/base/time.hpp"

namespace volley::runtime {

struct interval_clock {
  step_t begin = 0;    ///< of the interval at hand
  step_t opened = -1;  ///< begin of the interval whose rows hold its sums

  /// Whether some of the interval at hand may be over; else its batches are yet to come.
  bool is_open() const { return opened == begin; }
  std::uint32_t lag(step_t update) const { return static_cast<std::uint32_t>(update - begin); }
  template <class Snapshot> void snapshot(Snapshot& s) { s(begin, opened); }
};

}  // namespace volley::runtime
