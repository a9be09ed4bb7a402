// The queue of due segments: an arriving spike puts the runs of its source on the step at which they act, and each step
// walks what is due into the rows of the current interval, which stay in the cache.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "runtime/connection_store.hpp"
#include "runtime/input_rows.hpp"

namespace volley::runtime {

/// A run that is due. `factor` is the spike's multiplicity, times the weight a generator gave the spike.
struct due_run {
  run segment;            ///< its delay bits hold the ordinal of the store
  double factor;
};

class calendar {
 public:
  /// Room for delays up to `max_delay_steps` seen from an interval's begin. Keeps what is queued.
  void prepare(std::uint32_t max_delay_steps);

  /// Puts `r` of store `store` on step `due`. Calls come in canonical order: (emission step, source id, store, rank).
  void push(step_t due, run r, std::uint32_t store, double factor) {
    r.delay_steps = store;
    queue_[static_cast<std::size_t>(due) & mask_].push_back({r, factor});
  }

  std::span<const due_run> due(step_t step) const { return queue_[static_cast<std::size_t>(step) & mask_]; }
  void clear(step_t step) { queue_[static_cast<std::size_t>(step) & mask_].clear(); }
  bool empty() const;
  std::uint64_t bytes() const;

 private:
  std::size_t mask_ = 0;
  std::vector<std::vector<due_run>> queue_{1};
};

/// Adds the due runs to `row` in their order, prefetching the segments that follow.
void deliver(std::span<const due_run> due, std::span<const connection_store* const> stores, const input_row& row);

/// Adds one run to `row`; the same sums as deliver().
void deliver(const run& r, const connection_store& store, double factor, const input_row& row);

}  // namespace volley::runtime
