// What spikes between two steps bring to nodes that keep their times: amounts one by one, by the step in which they
// arrive. They are there from the moment when their spikes are delivered, so that nothing that changes later touches
// them. Amounts at the end of a step are in the sums of its row, as those of all other nodes.
#pragma once
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "models/core/cell_step.hpp"
#include "models/core/input_form.hpp"
#include "runtime/base/ordinals.hpp"
#include "runtime/base/time.hpp"

namespace volley::runtime {

using models::timed_amount;

class timed_input {
 public:
  /// `offset_ms` before the end of update `due`. Calls come in the canonical order of sums.
  void add(step_t due, input_slot slot, double offset_ms, double amount) {
    due_[due].push_back({slot.index(), offset_ms, amount});
  }
  /// Brings what is due at updates [from, to) into the order of cells: by slot, then by time, then as it was added.
  /// What was due before is forgotten.
  void sort(step_t from, step_t to);
  /// Those of neighbouring slots at an update that was sorted.
  std::span<const timed_amount> at(step_t due, input_slot first, std::uint32_t slots) const;

  /// By the update that they are due at.
  const std::map<step_t, std::vector<timed_amount>>& all() const { return due_; }

  std::uint64_t bytes() const;
  template <class Snapshot> void snapshot(Snapshot& s) { s(due_); }

 private:
  std::map<step_t, std::vector<timed_amount>> due_;
};

}  // namespace volley::runtime
