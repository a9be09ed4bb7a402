// A current that is constant between given times. A list that is set while a current flows leaves it as it is until the
// first of its times.
//
//   I(t) = amplitude_values[i] from amplitude_times[i] to amplitude_times[i + 1]
#pragma once
#include <algorithm>
#include <vector>

#include "models/core/device.hpp"
#include "models/core/setting.hpp"

namespace volley::devices {

struct step_current_generator {
  struct params : models::stimulation {
    std::vector<double> amplitude_times, amplitude_values;
    bool allow_offgrid_times = false;
    double before_first = 0;  ///< the current that flowed when the list was set
  };
  struct derived {
    std::vector<models::step_t> changes;  ///< stamps, ascending
  };
  static constexpr std::string_view name = "step_current_generator";
  static constexpr auto output = models::device_output::currents;
  static constexpr std::string_view meaning = "a piecewise constant current";
  static constexpr std::string_view recordable = "I";
  static constexpr auto fields = models::join<params>(
      models::stimulation_fields<params>,
      std::array<models::device_field<params>, 4>{{
          {"amplitude_times", &params::amplitude_times, "ms",
           "times at which the current changes, strictly increasing"},
          {"amplitude_values", &params::amplitude_values, "pA", "current from each of these times on"},
          {"allow_offgrid_times", &params::allow_offgrid_times, "",
           "round times up to the grid instead of refusing them"},
          {"before_first", &params::before_first, "pA", "current up to the first of these times", models::bound::none,
           models::access::hidden},
      }});

  static void check(const models::setting& s, params& p) {
    const bool times = s.given("amplitude_times");
    if (times != s.given("amplitude_values")) s.refuse("amplitude_times and amplitude_values must be set together");
    s.require_size("amplitude_times", p.amplitude_times.size(), "amplitude_values", p.amplitude_values.size(), false);
    if (s.given("allow_offgrid_times") && !times && !p.amplitude_times.empty())
      s.refuse("allow_offgrid_times can only be set together with amplitude_times");
    if (!times) return;
    s.put_in_order("amplitude_times", p.amplitude_times,
                   p.allow_offgrid_times ? models::off_grid::rounded_up : models::off_grid::refused,
                   models::ascent::strict);
    if (!p.amplitude_times.empty() && p.amplitude_times.front() <= 0)
      s.refuse("amplitude_times", p.amplitude_times.front(), "ms must be > 0");
  }
  static void go_on(params& p, const params& before, const models::past& past) {
    p.before_first = current(before, calibrate(before, past.time), past.now);
  }

  static derived calibrate(const params& p, const models::time_grid& time) {
    derived d;
    for (const double ms : p.amplitude_times) d.changes.push_back(time.nearest_steps(ms));
    return d;
  }
  static double current(const params& p, const derived& d, models::step_t stamp) {
    const auto next = std::upper_bound(d.changes.begin(), d.changes.end(), stamp);
    return next == d.changes.begin() ? p.before_first
                                     : p.amplitude_values[static_cast<std::size_t>(next - d.changes.begin()) - 1];
  }
};

}  // namespace volley::devices
