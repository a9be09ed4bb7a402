// Spikes at given times: spike_generator (a device, one copy a VP) and spike_train_injector (a node whose spikes travel
// with those of neurons).
#pragma once
#include <algorithm>

#include "models/core/device.hpp"
#include "models/core/setting.hpp"

namespace volley::devices {

struct spike_train_params : models::stimulation {
  std::vector<double> spike_times;
  std::vector<std::int64_t> spike_multiplicities;
  bool precise_times = false, allow_offgrid_times = false, shift_now_spikes = false;
};

template <class P> constexpr auto spike_train_fields = models::join<P>(
    models::stimulation_fields<P>,
    std::array<models::device_field<P>, 5>{{
        {"spike_times", &P::spike_times, "ms", "times of the spikes, not descending"},
        {"spike_multiplicities", &P::spike_multiplicities, "", "how many spikes at each time; empty: one"},
        {"precise_times", &P::precise_times, "", "keep times between grid points"},
        {"allow_offgrid_times", &P::allow_offgrid_times, "", "round times up to the grid instead of refusing them"},
        {"shift_now_spikes", &P::shift_now_spikes, "", "move a spike at the present step one step on"},
    }});

inline void check_spike_times(const models::setting& s, spike_train_params& p) {
  using models::off_grid;
  const auto between = p.precise_times         ? off_grid::kept
                       : p.allow_offgrid_times ? off_grid::rounded_up
                                               : off_grid::refused;
  s.put_in_order("spike_times", p.spike_times, between, models::ascent::may_repeat);
  for (auto& ms : p.spike_times) {
    const auto& time = s.time();
    if (p.shift_now_spikes && time.nearest_steps(p.origin + ms) == s.now())
      ms = time.to_ms(time.nearest_steps(ms) + 1);
    else if (ms == 0)
      s.refuse("spike_times", ms, "ms: spike time cannot be set to 0; shift_now_spikes moves it one step on");
    else if (ms < 0)
      s.refuse("spike_times", ms, "ms must be > 0");
  }
}

inline void check_spike_train(const models::setting& s, spike_train_params& p) {
  const bool times = s.given("spike_times");
  for (const char* flag : {"precise_times", "allow_offgrid_times", "shift_now_spikes"})
    if (s.given(flag) && !times && !p.spike_times.empty())
      s.refuse(std::string(flag) + " can only be set together with spike_times or if no spike times have been set");
  if (p.precise_times && (p.allow_offgrid_times || p.shift_now_spikes))
    s.refuse(
        "Option precise_times cannot be set to true when either allow_offgrid_times or shift_now_spikes "
        "is set to true.");
  if (times) check_spike_times(s, p);
  s.require_size("spike_multiplicities", p.spike_multiplicities.size(), "spike_times", p.spike_times.size(), true);
  for (const auto m : p.spike_multiplicities)
    if (m < 0) s.refuse("spike_multiplicities", std::to_string(m), "must be >= 0");
}

/// Times are on the grid, where they were rounded or refused when they were set, or precise.
inline std::vector<models::timed_spike> spikes_of(const spike_train_params& p, const std::vector<double>& weights,
                                                  const models::time_grid& time) {
  std::vector<models::timed_spike> spikes;
  const auto origin = time.nearest_steps(p.origin);
  for (std::size_t i = 0; i < p.spike_times.size(); ++i) {
    const double weight = weights.empty() ? 1.0 : weights[i];
    const auto multiplicity = p.spike_multiplicities.empty() ? 1 : p.spike_multiplicities[i];
    const double ms = p.spike_times[i];
    const auto step = time.step_from(ms);
    const double offset_ms = p.precise_times ? std::max(time.to_ms(step) - ms, 0.0) : 0.0;
    if (multiplicity > 0)
      spikes.push_back({origin + step, weight, static_cast<std::uint32_t>(multiplicity), offset_ms});
  }
  return spikes;
}

struct spike_generator {
  struct params : spike_train_params {
    std::vector<double> spike_weights;
  };
  struct derived {
    std::vector<models::timed_spike> spikes;
  };
  static constexpr std::string_view name = "spike_generator";
  static constexpr auto output = models::device_output::spikes;
  static constexpr std::string_view meaning = "spikes at given times";
  static constexpr auto fields = models::join<params>(
      spike_train_fields<params>,
      std::array<models::device_field<params>, 1>{{
          {"spike_weights", &params::spike_weights, "", "factors of the connection's weight; empty: one"},
      }});

  static void check(const models::setting& s, params& p) {
    check_spike_train(s, p);
    s.require_size("spike_weights", p.spike_weights.size(), "spike_times", p.spike_times.size(), true);
  }
  static derived calibrate(const params& p, const models::time_grid& time) {
    return {spikes_of(p, p.spike_weights, time)};
  }
  static const std::vector<models::timed_spike>& train(const derived& d) { return d.spikes; }
};

struct spike_train_injector {
  struct params : spike_train_params {};
  struct derived {
    std::vector<models::timed_spike> spikes;
  };
  static constexpr std::string_view name = "spike_train_injector";
  static constexpr auto output = models::device_output::node_spikes;
  static constexpr std::string_view meaning = "spikes at given times, sent as a neuron sends them";
  static constexpr auto fields = spike_train_fields<params>;

  static void check(const models::setting& s, params& p) { check_spike_train(s, p); }
  static derived calibrate(const params& p, const models::time_grid& time) { return {spikes_of(p, {}, time)}; }
  static const std::vector<models::timed_spike>& train(const derived& d) { return d.spikes; }
};

}  // namespace volley::devices
