// A current that is constant between given times. A list that is set while a current flows leaves it as it is until the
// first of its times.
#pragma once
#include <vector>

#include "models/core/device.hpp"

namespace volley::devices {

struct step_current_generator {
  struct params : models::stimulation {
    std::vector<double> amplitude_times, amplitude_values;
    bool allow_offgrid_times = false;
    double before_first = 0;  ///< no key: the current that flowed when the list was set
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

};

}  // namespace volley::devices
