#include "runtime/devices/stimulator.hpp"

#include <algorithm>
#include <cmath>

namespace volley::runtime {
namespace {

stimulator base(std::uint64_t id, const models::activity& a, const time_grid& time) {
  stimulator s;
  s.id = id;
  s.window = window_of(a, time);
  return s;
}

// A time between grid points acts from the next one on; half a tic decides what counts as on the grid.
step_t stamp_of(double ms, const time_grid& time) {
  const auto tics = time.tics(ms), per_step = time.tics_per_step();
  return (tics + per_step - 1) / per_step;
}

}  // namespace

stimulator make_stimulator(std::uint64_t id, const devices::poisson_generator::params& p, const time_grid& time) {
  auto s = base(id, p, time);
  s.source = poisson_source{p.rate * time.resolution_ms() / 1000};
  return s;
}

stimulator make_stimulator(std::uint64_t id, const devices::dc_generator::params& p, const time_grid& time) {
  auto s = base(id, p, time);
  s.source = step_source{{}, {p.amplitude}};
  return s;
}

stimulator make_stimulator(std::uint64_t id, const devices::step_current_generator::params& p, const time_grid& time) {
  auto s = base(id, p, time);
  step_source source;
  for (const double ms : p.amplitude_times) source.changes.push_back(stamp_of(ms, time));
  source.values = p.amplitude_values;
  if (source.values.empty()) source.values = {0.0};
  s.source = std::move(source);
  return s;
}

stimulator make_stimulator(std::uint64_t id, const devices::noise_generator::params& p, const time_grid& time) {
  auto s = base(id, p, time);
  s.source = noise_source{p, time.nearest_steps(p.dt)};
  return s;
}

stimulator make_stimulator(std::uint64_t id, const devices::spike_train_params& p, const std::vector<double>& weights,
                           const time_grid& time) {
  auto s = base(id, p, time);
  train_source train;
  const step_t origin = time.nearest_steps(p.origin);
  for (std::size_t i = 0; i < p.spike_times.size(); ++i) {
    const double weight = weights.empty() ? 1.0 : weights[i];
    const auto multiplicity = p.spike_multiplicities.empty() ? 1 : p.spike_multiplicities[i];
    if (multiplicity > 0)
      train.spikes.push_back({origin + stamp_of(p.spike_times[i], time), weight, static_cast<std::uint32_t>(multiplicity)});
  }
  s.source = std::move(train);
  return s;
}

double shared_current(const stimulator& s, step_t emission) {
  if (!current_is_active(s, emission)) return 0.0;
  if (const auto* noise = std::get_if<noise_source>(&s.source)) return noise->params.mean;
  const auto& steps = std::get<step_source>(s.source);
  if (steps.changes.empty()) return steps.values[0];
  return devices::step_current_generator::amplitude(steps.changes, steps.values, emission + 1);
}

std::vector<timed_spike> emitted(const stimulator& s, step_t after, step_t upto) {
  std::vector<timed_spike> spikes;
  if (s.frozen) return spikes;
  const auto& train = std::get<train_source>(s.source).spikes;
  auto next = std::upper_bound(train.begin(), train.end(), after, [](step_t t, const timed_spike& x) { return t < x.stamp; });
  for (; next != train.end() && next->stamp <= upto; ++next)
    if (s.window.contains(next->stamp)) spikes.push_back(*next);
  return spikes;
}

}  // namespace volley::runtime
