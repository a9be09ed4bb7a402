// Plastic rows onto nodes that keep times: connection by connection, in doubles, at the times of the source's spikes
// and of the targets'. The rule is that of plastic_rows, whose loops know steps alone; without offsets the bits are the
// same.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "models/core/synapse_model.hpp"
#include "runtime/base/time.hpp"
#include "runtime/connections/connection_store.hpp"
#include "runtime/delivery/arrival_places.hpp"
#include "runtime/delivery/post_history.hpp"
#include "runtime/delivery/weight_tap.hpp"
#include "runtime/loops/plastic_call.hpp"

namespace volley::runtime {

/// Whether some targets of a row keep times. All of the row goes by times then: connections share traces.
bool keeps_times(std::span<const segment> row);
/// When a spike goes through a row. Others take what it carries for no offset.
inline spike_time time_in(std::span<const segment> row, step_t stamp, double offset_ms) {
  return {stamp, offset_ms != 0 && keeps_times(row) ? offset_ms : 0};
}

class precise_rows {
 public:
  /// The model must outlive them.
  explicit precise_rows(const models::synapse_model& model) : model_(&model) {}

  /// As those of plastic_rows, of one row; traces of cohorts stay as they are.
  void spike(connection_store&, std::uint64_t source, spike_time at, const plastic_targets&, const arrival_places& to,
             weight_tap*, std::uint32_t before);
  void catch_up(connection_store&, std::uint64_t source, step_t now, const plastic_targets&) const;

 private:
  double after_posts(const connection_store&, std::uint64_t number, const segment&, double weight, history_line,
                     spike_time upto, const plastic_targets&) const;

  const models::synapse_model* model_;
  std::vector<std::uint32_t> slots_;  // of the segment at hand
  std::vector<double> sent_;
};

}  // namespace volley::runtime
