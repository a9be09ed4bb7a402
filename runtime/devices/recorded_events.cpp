#include "runtime/devices/recorded_events.hpp"

#include <utility>

namespace volley::runtime {

dictionary events_of(const std::vector<const event_log*>& shares, const recorder_spec& spec, const time_grid& time,
                     const event_window& window) {
  event_merge events(shares, window);
  const bool weights = spec.kind == recorder_kind::weights, states = spec.kind == recorder_kind::states;
  std::vector<std::int64_t> senders(events.size()), targets, receptors, ports, steps;
  std::vector<double> times, offsets(spec.backend.time_in_steps ? events.size() : 0);
  std::vector<std::vector<double>> values(weights || states ? 1 : spec.quantities.size(),
                                          std::vector<double>(events.size()));
  if (spec.backend.time_in_steps)
    steps.resize(events.size());
  else
    times.resize(events.size());
  for (auto* column : {&targets, &receptors, &ports}) column->resize(weights ? events.size() : 0);
  std::size_t i = 0;
  events.for_each([&](const event_log& log, std::size_t at) {
    senders[i] = log.senders[at];
    if (spec.backend.time_in_steps) offsets[i] = log.offset_ms(at);
    if (spec.backend.time_in_steps)
      steps[i] = log.stamps[at];
    else
      times[i] = log.time_ms(at, time);
    for (std::size_t c = 0; c < values.size(); ++c) values[c][i] = log.values[c][at];
    if (weights) {
      targets[i] = log.targets[at];
      receptors[i] = log.receptors[at];
      ports[i] = log.ports[at];
    }
    ++i;
  });

  dictionary result;
  result["senders"] = std::move(senders);
  if (spec.backend.time_in_steps) {
    result["offsets"] = std::move(offsets);
    result["times"] = std::move(steps);
  } else {
    result["times"] = std::move(times);
  }
  for (std::size_t c = 0; c < values.size() && !states; ++c)
    result[weights ? "weights" : spec.quantities[c]] = std::move(values[c]);
  if (states) result["state"] = std::vector<std::int64_t>(values[0].begin(), values[0].end());
  if (weights) {
    result["targets"] = std::move(targets);
    result["receptors"] = std::move(receptors);
    result["ports"] = std::move(ports);
  }
  return result;
}

}  // namespace volley::runtime
