// Spikes of a Poisson process whose rate is constant between given times, independent for every connection. Lists that
// are set leave the rate as it is until the first of their times.
//
//   rate(t) = max(0, rate_values[i]) from rate_times[i] to rate_times[i + 1]
#pragma once
#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "models/core/device.hpp"
#include "models/core/setting.hpp"

namespace volley::devices {

struct inhomogeneous_poisson_generator {
  struct params : models::stimulation {
    std::vector<double> rate_times, rate_values;
    bool allow_offgrid_times = false;
    double before_first = 0;  ///< the rate when the lists were set
  };
  struct derived {
    std::vector<models::step_t> changes;  ///< stamps, ascending
    double step_s;
  };
  static constexpr std::string_view name = "inhomogeneous_poisson_generator";
  static constexpr auto output = models::device_output::spikes;
  static constexpr std::string_view meaning = "Poisson spike trains whose rate changes at given times";
  static constexpr auto fields = models::join<params>(
      models::stimulation_fields<params>,
      std::array<models::device_field<params>, 4>{{
          {"rate_times", &params::rate_times, "ms", "times at which the rate changes, strictly increasing"},
          {"rate_values", &params::rate_values, "spikes/s", "rate of every train from each of these times on"},
          {"allow_offgrid_times", &params::allow_offgrid_times, "",
           "round times up to the grid instead of refusing them"},
          {"before_first", &params::before_first, "spikes/s", "rate up to the first of these times",
           models::bound::none, models::access::hidden},
      }});

  static void check(const models::setting& s, params& p) {
    const bool times = s.given("rate_times");
    if (times != s.given("rate_values"))
      s.refuse("Rate times and values must be reset together: give rate_times and rate_values");
    if (p.rate_times.size() != p.rate_values.size())
      s.refuse("Rate times and values have to be the same size; rate_times has " + std::to_string(p.rate_times.size()) +
               " entries, rate_values " + std::to_string(p.rate_values.size()));
    if (s.given("allow_offgrid_times") && !times && !p.rate_times.empty())
      s.refuse(
          "allow_offgrid_times: Option can only be set together with rate times or if no rate times have been set");
    if (!times) return;
    if (std::ranges::adjacent_find(p.rate_times, std::ranges::greater_equal()) != p.rate_times.end())
      s.refuse("Rate times must be strictly increasing");
    s.put_in_order("rate_times", p.rate_times,
                   p.allow_offgrid_times ? models::off_grid::rounded_up : models::off_grid::refused,
                   models::ascent::strict);
    if (!p.rate_times.empty() && s.time().nearest_steps(p.rate_times.front()) <= s.now())
      s.refuse("rate_times", p.rate_times.front(), "ms has come: Time points must lie strictly in the future.");
    for (const double rate : p.rate_values) s.require_countable("rate_values", rate);
  }
  static void go_on(params& p, const params& before, const models::past& past) {
    p.before_first = rate(before, calibrate(before, past.time), past.now);
  }

  static derived calibrate(const params& p, const models::time_grid& time) {
    derived d{{}, time.resolution_ms() / 1000};
    for (const double ms : p.rate_times) d.changes.push_back(time.nearest_steps(ms));
    return d;
  }
  static double mean_count(const params& p, const derived& d, models::step_t stamp) {
    return std::max(0.0, rate(p, d, stamp)) * d.step_s;
  }

 private:
  static double rate(const params& p, const derived& d, models::step_t stamp) {
    const auto next = std::upper_bound(d.changes.begin(), d.changes.end(), stamp);
    return next == d.changes.begin() ? p.before_first
                                     : p.rate_values[static_cast<std::size_t>(next - d.changes.begin()) - 1];
  }
};

}  // namespace volley::devices
