// One spike at the connections of its source whose model releases: what factor their weights are transmitted by follows
// from the spikes of the source alone, cohort by cohort. The connections themselves are added by the calendar, as
// static ones are.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "models/core/synapse_model.hpp"
#include "runtime/connections/connection_store.hpp"
#include "runtime/delivery/row_cohorts.hpp"

namespace volley::runtime {

/// The functions of one such model on rows.
class released_rows {
 public:
  /// The model must outlive them.
  explicit released_rows(const models::synapse_model& model) : model_(&model) {}

  /// The factors of the row of `source`, by segment, at one spike of it, after which its traces
  /// are those after the spike. Valid until the next call.
  std::span<const double> spike(connection_store&, std::uint64_t source, step_t stamp, double resolution_ms,
                                double offset_ms = 0);

 private:
  const models::synapse_model* model_;
  row_cohorts cohorts_;
  std::vector<double> factors_;
};

/// None for a model that does not release.
std::optional<released_rows> released_rows_of(const models::synapse_model& model);

}  // namespace volley::runtime
