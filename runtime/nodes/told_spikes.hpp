// The neurons of a block that spike when they are told to, whatever their input does (`ignore_and_spike`). Their loop
// knows nothing of it: it reads a threshold that is out of reach, and below every potential in the update of a spike.
#pragma once
#include <cstdint>
#include <limits>
#include <vector>

#include "runtime/base/column_view.hpp"
#include "runtime/base/pool.hpp"
#include "runtime/base/time.hpp"
#include "runtime/nodes/attributes.hpp"

namespace volley::runtime {

class told_spikes {
 public:
  static constexpr std::uint32_t any_number = std::numeric_limits<std::uint32_t>::max();

  /// Finds the cells; those that have not begun to count begin now. Frozen cells wait. To be called when values or the
  /// grid have changed.
  void prepare(attributes& values, const time_grid& time);
  bool empty() const { return cells_.empty(); }
  /// What the loop is to read for the model's threshold. REQUIRES: not empty.
  column_view thresholds() const { return {thresholds_.data(), ~std::uint32_t{0}}; }
  /// How many updates from now on go by these thresholds.
  std::uint32_t updates_alike() const { return updates_alike_; }
  /// So many updates went by. REQUIRES: no more than go by these thresholds.
  void pass(attributes& values, std::uint32_t updates);
  std::uint64_t bytes() const {
    return cells_.capacity() * sizeof(told_cell) + thresholds_.capacity() * sizeof(double);
  }

 private:
  struct told_cell {
    std::uint32_t at;
    double interval_steps;
  };
  void set_thresholds(const attributes& values);

  std::vector<told_cell> cells_;
  pool<double> thresholds_;  // by cell, padded
  std::uint32_t updates_alike_ = any_number;
};

}  // namespace volley::runtime
