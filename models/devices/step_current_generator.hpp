// A current that is constant between given times.
#pragma once
#include <algorithm>

#include "models/core/device.hpp"

namespace volley::devices {

struct step_current_generator {
  struct params : models::stimulation {
    std::vector<double> amplitude_times, amplitude_values;
    bool allow_offgrid_times = false;
  };
  static constexpr std::string_view name = "step_current_generator";
  static constexpr auto output = models::device_output::currents;
  static constexpr std::string_view meaning = "a piecewise constant current";
  static constexpr auto fields = models::join<params>(
      models::stimulation_fields<params>, std::array<models::device_field<params>, 3>{{
          {"amplitude_times", &params::amplitude_times, "ms", "times at which the current changes, strictly increasing"},
          {"amplitude_values", &params::amplitude_values, "pA", "current from each of these times on"},
          {"allow_offgrid_times", &params::allow_offgrid_times, "", "round times up to the grid instead of refusing them"},
      }});

  /// The amplitude in force at `stamp_steps`; `change_steps` are the times on the grid. 0 before the first.
  static double amplitude(const std::vector<std::int64_t>& change_steps, const std::vector<double>& values,
                          std::int64_t stamp_steps) {
    const auto next = std::upper_bound(change_steps.begin(), change_steps.end(), stamp_steps);
    return next == change_steps.begin() ? 0.0 : values[static_cast<std::size_t>(next - change_steps.begin()) - 1];
  }
};

}  // namespace volley::devices
