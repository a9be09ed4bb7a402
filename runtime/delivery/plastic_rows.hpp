// One spike through the plastic connections of its source: facilitation by the target's spikes since the last one,
// depression by K_minus, transmission, and the traces of the cohort. The arithmetic is in plastic_loop.hpp.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "models/core/synapse_model.hpp"
#include "runtime/base/pool.hpp"
#include "runtime/connections/connection_store.hpp"
#include "runtime/delivery/arrival_places.hpp"
#include "runtime/delivery/post_history.hpp"
#include "runtime/delivery/row_cohorts.hpp"
#include "runtime/delivery/weight_tap.hpp"
#include "runtime/loops/loops.hpp"

namespace volley::runtime {

/// K_minus of all lines right before one step, for rows that need most of them: several sources often spike in one
/// step.
struct decayed_lines {
  static constexpr step_t none = INT64_MIN;
  step_t step = none;
  pool<double> K_minus;  ///< by line
};

/// The functions of one plastic model on rows.
class plastic_rows {
 public:
  /// The model must outlive them.
  plastic_rows(const models::synapse_model& model, plastic_loop loop, decay_lines decay)
      : model_(&model), loop_(loop), decay_(decay) {}

  /// Sends the spike of `source` with time stamp `stamp` through its row once: weights change, amounts arrive in
  /// `to`. `before`: spikes of this source and stamp that were sent already.
  void spike(connection_store&, std::uint64_t source, step_t stamp, const plastic_targets&, const arrival_places& to,
             weight_tap*, std::uint32_t before = 0, double offset_ms = 0);
  /// Applies to all rows the targets' spikes that reached them up to step `now`, as the next spike would.
  void catch_up(connection_store&, step_t now, const plastic_targets&) const;

 private:
  void go_through(const connection_store&, const segment& front, const cohort&, const plastic_call&,
                  double offset_ms) const;
  void advance_cohorts(connection_store&, std::uint64_t source, step_t stamp, double offset_ms, double resolution_ms);
  const double* decayed(const plastic_targets&, step_t upto) const;
  void send_apart(const connection_store&, std::span<const segment> part, const double* sent, step_t stamp,
                  const arrival_places& to, std::uint32_t before, double offset_ms) const;

  const models::synapse_model* model_;
  plastic_loop loop_;
  decay_lines decay_;
  row_cohorts cohorts_;
  std::vector<double> sent_;  // by one spike of a source, where that is not the weights
};

/// With these loops; none for a model without.
std::optional<plastic_rows> plastic_rows_of(const models::synapse_model& model, const loop_set& loops = best_loops());

}  // namespace volley::runtime
