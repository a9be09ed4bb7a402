// A sinusoidal current with an offset: offset + amplitude sin(2 pi f t + phase), t from the begin of the simulation.
//
//   I(t) = offset + amplitude sin(2 pi frequency t / 1000 + phase)
#pragma once
#include "models/core/device.hpp"
#include "models/core/trigonometry.hpp"

namespace volley::devices {

struct ac_generator {
  struct params : models::stimulation {
    double amplitude = 0, offset = 0, frequency = 0, phase = 0;
    double y_0 = 0, y_1 = 0;
  };
  struct derived {
    models::time_grid time;
  };
  static constexpr std::string_view name = "ac_generator";
  static constexpr auto output = models::device_output::currents;
  static constexpr std::string_view meaning = "a sinusoidal current";
  static constexpr std::string_view recordable = "I";
  static constexpr auto fields = models::join<params>(
      models::stimulation_fields<params>,
      std::array<models::device_field<params>, 6>{{
          {"amplitude", &params::amplitude, "pA", "amplitude of the sine"},
          {"offset", &params::offset, "pA", "mean of the current"},
          {"frequency", &params::frequency, "Hz", "frequency of the sine"},
          {"phase", &params::phase, "degrees", "phase of the sine at time 0"},
          {"y_0", &params::y_0, "pA", "the sine a quarter of a period on; set anew when a run is prepared"},
          {"y_1", &params::y_1, "pA", "the sine; set anew when a run is prepared"},
      }});

  static derived calibrate(const params&, const models::time_grid& time) { return {time}; }
  static double current(const params& p, const derived& d, models::step_t stamp) {
    return p.offset + p.amplitude * models::sin(angle(p, d.time.to_ms(stamp)));
  }

  static void restart(params& p, double now_ms) {
    p.y_0 = p.amplitude * models::cos(angle(p, now_ms));
    p.y_1 = p.amplitude * models::sin(angle(p, now_ms));
  }
  static void advance(params& p, double now_ms, double /*active_ms*/) { restart(p, now_ms); }

 private:
  static double angle(const params& p, double ms) { return models::oscillation(p.frequency, p.phase, ms); }
};

}  // namespace volley::devices
