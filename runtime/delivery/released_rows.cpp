#include "runtime/delivery/released_rows.hpp"

namespace volley::runtime {

std::span<const double> released_rows::spike(connection_store& store, std::uint64_t source, step_t stamp,
                                             double resolution_ms, double offset_ms) {
  const auto row = store.row(source);
  const auto n = row.size();
  const auto first = store.first_segment(source);
  factors_.resize(n);
  cohorts_.visit(store, first, n, [&](std::uint32_t k, cohort& c) {
    const auto at = row[k].time_of(stamp, offset_ms);
    const double since_last_ms = at.ms_since(c.last(), resolution_ms);
    factors_[k] = model_->release(store.parameter_set(c.parameters).data(), store.traces_of(first + k), since_last_ms,
                                  c.last_spike == 0);
    c.spiked(at);
  });
  for (std::size_t k = 0; k < n; ++k) factors_[k] = factors_[cohorts_.first_of(k)];
  return factors_;
}

std::optional<released_rows> released_rows_of(const models::synapse_model& model) {
  if (model.release == nullptr) return std::nullopt;
  return released_rows(model);
}

}  // namespace volley::runtime
