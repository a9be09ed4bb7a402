// One spike through the plastic connections of its source: facilitation by the target's spikes since the last one,
// depression by K_minus, transmission, and the traces of the cohort.
#pragma once
#include <cstdint>

#include "models/core/synapse.hpp"
#include "runtime/connection_store.hpp"
#include "runtime/input_rows.hpp"
#include "runtime/post_history.hpp"

namespace volley::runtime {

/// What rows read of the targets: history lines of slots and the time constant of K_minus.
struct plastic_targets {
  const post_history* history;
  const std::uint32_t* line_of_page;  ///< by slot / 64: line of the page's first slot
  const double* tau_minus_ms;         ///< by line
  double resolution_ms;
  std::uint32_t line(std::uint32_t slot) const { return line_of_page[slot / 64] + slot % 64; }
};

/// Told of every transmitted weight when a weight_recorder listens.
class weight_tap {
 public:
  virtual void transmitted(std::uint64_t source, std::uint32_t slot, const run& r, std::uint64_t position, step_t stamp,
                           double weight) = 0;

 protected:
  ~weight_tap() = default;
};

/// The row functions of one plastic model.
struct plastic_kernel {
  /// Sends the spike of `source` with time stamp `stamp` through its row once: weights change, amounts arrive in `rows`.
  void (*spike)(connection_store&, std::uint64_t source, step_t stamp, const plastic_targets&, input_rows&, weight_tap*);
  /// Applies to all rows the targets' spikes that reached them up to step `now`, as the next spike would.
  void (*catch_up)(connection_store&, step_t now, const plastic_targets&);
};

/// By the model's name; null for a static model.
const plastic_kernel* find_plastic_kernel(const models::synapse_model& model);

}  // namespace volley::runtime
