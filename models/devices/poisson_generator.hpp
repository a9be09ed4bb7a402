// Spikes of a Poisson process with a given rate, independent for every connection.
#pragma once
#include "models/core/device.hpp"

namespace volley::devices {

struct poisson_generator {
  struct params : models::stimulation {
    double rate = 0;
  };
  static constexpr std::string_view name = "poisson_generator";
  static constexpr auto output = models::device_output::spikes;
  static constexpr std::string_view meaning = "independent Poisson spike trains of one rate for every target";
  static constexpr auto fields = models::join<params>(
      models::stimulation_fields<params>, std::array<models::device_field<params>, 1>{{
          {"rate", &params::rate, "spikes/s", "mean rate of every train", models::bound::non_negative},
      }});
};

}  // namespace volley::devices
