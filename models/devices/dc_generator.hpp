// A constant current.
//
//   I(t) = amplitude
#pragma once
#include "models/core/device.hpp"

namespace volley::devices {

struct dc_generator {
  struct params : models::stimulation {
    double amplitude = 0;
  };
  struct derived {};
  static constexpr std::string_view name = "dc_generator";
  static constexpr auto output = models::device_output::currents;
  static constexpr std::string_view meaning = "a constant current";
  static constexpr std::string_view recordable = "I";
  static constexpr auto fields =
      models::join<params>(models::stimulation_fields<params>, std::array<models::device_field<params>, 1>{{
                                                                   {"amplitude", &params::amplitude, "pA", "current"},
                                                               }});

  static derived calibrate(const params&, const models::time_grid&) { return {}; }
  static double current(const params& p, const derived&, models::step_t) { return p.amplitude; }
};

}  // namespace volley::devices
