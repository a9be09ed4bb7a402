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

/// The first active update of a device that emits currents, and the one behind its last.
step_t first_active(const stimulator& s) { return s.window.after - 1; }
step_t end_of_activity(const stimulator& s) { return s.window.upto - 1; }

}  // namespace

stimulator make_stimulator(std::uint64_t id, const devices::poisson_generator::params& p, const time_grid& time) {
  auto s = base(id, p, time);
  s.source = poisson_source{p.rate * time.resolution_ms() / 1000};
  return s;
}

stimulator make_stimulator(std::uint64_t id, const devices::dc_generator::params& p, const time_grid& time) {
  auto s = base(id, p, time);
  s.source = step_source{p.amplitude};
  return s;
}

stimulator make_stimulator(std::uint64_t id, const devices::step_current_generator::params& p, const time_grid& time) {
  auto s = base(id, p, time);
  step_source source{p.before_first};
  for (const double ms : p.amplitude_times) source.changes.push_back(time.nearest_steps(ms));
  source.values = p.amplitude_values;
  s.source = std::move(source);
  return s;
}

stimulator make_stimulator(std::uint64_t id, const devices::noise_generator::params& p, const time_grid& time) {
  auto s = base(id, p, time);
  s.source = noise_source{p, std::max<step_t>(1, time.nearest_steps(p.dt)), time};
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
      train.spikes.push_back(
          {origin + time.nearest_steps(p.spike_times[i]), weight, static_cast<std::uint32_t>(multiplicity)});
  }
  s.source = std::move(train);
  return s;
}

double step_source::amplitude(step_t stamp) const {
  const auto next = std::upper_bound(changes.begin(), changes.end(), stamp);
  return next == changes.begin() ? before_first : values[static_cast<std::size_t>(next - changes.begin()) - 1];
}

double shared_current(const stimulator& s, step_t emission) {
  if (!current_is_active(s, emission)) return 0.0;
  if (std::holds_alternative<noise_source>(s.source)) return draw_at(s, emission).mean;
  return std::get<step_source>(s.source).amplitude(emission + 1);
}

step_t active_updates(const stimulator& s, step_t from, step_t to) {
  if (s.frozen) return 0;
  return std::max<step_t>(0, std::min(to, end_of_activity(s)) - std::max(from, first_active(s)));
}

devices::noise_generator::draw draw_at(const stimulator& s, step_t emission) {
  const auto& [params, period, time] = std::get<noise_source>(s.source);
  const step_t first = std::max(params.next_draw, first_active(s));
  if (emission < first) return params.held;
  const step_t at = emission - (emission - first) % period;
  return {at, params.mean, devices::noise_generator::deviation(params, time.to_ms(at + 1))};
}

devices::noise_generator::params with_past(const stimulator& s, step_t now) {
  const auto& noise = std::get<noise_source>(s.source);
  auto params = noise.params;
  const step_t last = std::min(now, end_of_activity(s)) - 1;
  if (!s.frozen && last >= std::max(params.next_draw, first_active(s))) {
    params.held = draw_at(s, last);
    params.next_draw = params.held.step + noise.period_steps;
  }
  params.next_draw = std::max(params.next_draw, now);
  return params;
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
