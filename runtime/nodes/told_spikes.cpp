#include "runtime/nodes/told_spikes.hpp"

#include <algorithm>

#include "runtime/base/contract.hpp"

namespace volley::runtime {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

double whole_steps(double ms, const time_grid& time) {
  return static_cast<double>(std::max<step_t>(1, time.nearest_steps(ms)));
}

}  // namespace

void told_spikes::prepare(attributes& values, const time_grid& time) {
  cells_.clear();
  updates_alike_ = any_number;
  const auto& told = values.node(&node_record::ignore_and_spike);
  if (values.model().threshold == models::field::nowhere || (told.is_uniform() && told[0] == 0)) return;
  const auto threshold = values.params(static_cast<std::size_t>(values.model().threshold)).view();
  const auto &offset = values.node(&node_record::ignore_and_spike_offset),
             &interval = values.node(&node_record::ignore_and_spike_interval),
             &frozen = values.node(&node_record::frozen);
  auto& left = values.node(&node_record::steps_to_told_spike);
  thresholds_.assign(padded(values.size()), infinity);
  for (std::uint32_t c = 0; c < values.size(); ++c) {
    thresholds_[c] = threshold.data[c & threshold.every];
    if (told[c] == 0 || frozen[c] != 0) continue;
    cells_.push_back({c, whole_steps(interval[c], time)});
    if (left[c] < 0) left.set(c, whole_steps(offset[c], time));
  }
  set_thresholds(values);
}

void told_spikes::set_thresholds(const attributes& values) {
  const auto& left = values.node(&node_record::steps_to_told_spike);
  double least = infinity;
  for (const auto& c : cells_) {
    thresholds_[c.at] = left[c.at] == 1 ? -infinity : infinity;
    least = std::min(least, left[c.at]);
  }
  // The update of a spike is alone: the one after it has another threshold, if the interval is longer than a step.
  if (cells_.empty())
    updates_alike_ = any_number;
  else
    updates_alike_ = static_cast<std::uint32_t>(std::clamp(least - 1, 1.0, static_cast<double>(any_number)));
}

void told_spikes::pass(attributes& values, std::uint32_t updates) {
  if (cells_.empty()) return;
  expects(updates <= updates_alike_, "thresholds hold for so many updates");
  auto& left = values.node(&node_record::steps_to_told_spike);
  for (const auto& c : cells_) {
    const double rest = left[c.at] - updates;
    left.set(c.at, rest > 0 ? rest : c.interval_steps);
  }
  set_thresholds(values);
}

}  // namespace volley::runtime
