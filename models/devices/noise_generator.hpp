// A Gaussian white noise current: a new value every dt, independent for every connection, with a standard deviation that
// may be modulated by a sine.
#pragma once
#include <cmath>

#include "models/core/device.hpp"

namespace volley::devices {

struct noise_generator {
  struct params : models::stimulation {
    double mean = 0, std = 0, dt = 1.0, std_mod = 0, frequency = 0, phase = 0;
  };
  static constexpr std::string_view name = "noise_generator";
  static constexpr auto output = models::device_output::currents;
  static constexpr std::string_view meaning = "a Gaussian white noise current";
  static constexpr auto fields = models::join<params>(
      models::stimulation_fields<params>, std::array<models::device_field<params>, 6>{{
          {"mean", &params::mean, "pA", "mean of the current"},
          {"std", &params::std, "pA", "standard deviation of the current", models::bound::non_negative},
          {"dt", &params::dt, "ms", "time after which a new value is drawn", models::bound::positive},
          {"std_mod", &params::std_mod, "pA", "amplitude of the modulation of std", models::bound::non_negative},
          {"frequency", &params::frequency, "Hz", "frequency of the modulation"},
          {"phase", &params::phase, "degrees", "phase of the modulation"},
      }});

  static std::string check(const params& p) {
    return p.std_mod > p.std ? "std_mod must not exceed std" : std::string();
  }
  /// Standard deviation at `time_ms`: sqrt(std^2 + sin(2 pi f t + phase) std_mod^2), the variance being modulated.
  static double deviation(const params& p, double time_ms) {
    if (p.std_mod == 0) return p.std;
    const double omega = 2 * M_PI * p.frequency / 1000;
    return std::sqrt(p.std * p.std + std::sin(omega * time_ms + p.phase * M_PI / 180) * p.std_mod * p.std_mod);
  }
};

}  // namespace volley::devices
