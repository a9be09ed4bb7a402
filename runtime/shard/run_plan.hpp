// What all shards of a kernel agree on before a run.
#pragma once
#include <cstdint>

#include "runtime/base/time.hpp"

namespace volley::runtime {

struct run_plan {
  time_grid time;
  step_t now = 0;
  step_t interval_steps = 1;  ///< min_delay
  step_t max_delay = 1;       ///< in steps
  std::uint32_t seed = 0;
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(time, now, interval_steps, max_delay, seed);
    if constexpr (Snapshot::loads)
      if (interval_steps < 1 || max_delay < interval_steps) s.refuse();
  }
};

}  // namespace volley::runtime
