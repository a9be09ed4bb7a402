// A Gaussian white noise current: a new value every dt, independent for every connection, with a standard deviation that
// may be modulated by a sine. New parameters act from the next value on.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include "models/core/device.hpp"
#include "models/core/trigonometry.hpp"

namespace volley::devices {

struct noise_generator {
  /// What a value is drawn from, at an update.
  struct draw {
    std::int64_t step = -1;
    double mean = 0, deviation = 0;
    template <class Snapshot> void snapshot(Snapshot& s) { s(step, mean, deviation); }
  };
  struct params : models::stimulation {
    double mean = 0, std = 0, dt = 1.0, std_mod = 0, frequency = 0, phase = 0;
    double y_0 = 0, y_1 = 0;
    // No keys: the value held since earlier parameters were changed, and the first update with one of these.
    draw held;
    std::int64_t next_draw = 0;
    template <class Snapshot> void snapshot(Snapshot& s) {
      s(origin, start, stop, mean, std, dt, std_mod, frequency, phase, y_0, y_1, held, next_draw);
    }
  };
  static constexpr std::string_view name = "noise_generator";
  static constexpr auto output = models::device_output::currents;
  static constexpr std::string_view meaning = "a Gaussian white noise current";
  static constexpr std::int64_t usual_dt_steps = 10;  ///< the default dt where 1 ms is no whole number of steps
  static constexpr auto fields = models::join<params>(
      models::stimulation_fields<params>, std::array<models::device_field<params>, 8>{{
          {"mean", &params::mean, "pA", "mean of the current"},
          {"std", &params::std, "pA", "standard deviation of the current", models::bound::non_negative},
          {"dt", &params::dt, "ms", "time after which a new value is drawn"},
          {"std_mod", &params::std_mod, "pA", "amplitude of the modulation of std", models::bound::non_negative},
          {"frequency", &params::frequency, "Hz", "frequency of the modulation"},
          {"phase", &params::phase, "degrees", "phase of the modulation"},
          {"y_0", &params::y_0, "", "cosine of the modulation's angle; set anew when a run is prepared"},
          {"y_1", &params::y_1, "", "sine of the modulation's angle; set anew when a run is prepared"},
      }});

  static std::string check(const params& p) {
    return p.std_mod > p.std ? "std_mod must not exceed std" : std::string();
  }

  /// The modulation's angle, in radians.
  static double angle(const params& p, double time_ms) {
    return 2 * M_PI * p.frequency / 1000 * time_ms + p.phase * M_PI / 180;
  }
  /// Standard deviation at `time_ms`: sqrt(std^2 + sin(2 pi f t + phase) std_mod^2), the variance being modulated.
  static double deviation(const params& p, double time_ms) {
    if (p.std_mod == 0) return p.std;
    const double variance = p.std * p.std + models::sin(angle(p, time_ms)) * p.std_mod * p.std_mod;
    return std::sqrt(std::max(0.0, variance));  // a sine may lie an ulp beyond 1
  }
  /// y_0 and y_1 as a run is prepared at `time_ms`.
  static void restart(params& p, double time_ms) {
    p.y_0 = models::cos(angle(p, time_ms));
    p.y_1 = models::sin(angle(p, time_ms));
  }
  /// y_0 and y_1 after `active_ms` more of activity: they turn while there is a modulation.
  static void turn(params& p, double active_ms) {
    if (p.std_mod == 0) return;
    const double by = 2 * M_PI * p.frequency / 1000 * active_ms, c = models::cos(by), s = models::sin(by), y_0 = p.y_0;
    p.y_0 = c * y_0 - s * p.y_1;
    p.y_1 = s * y_0 + c * p.y_1;
  }
};

}  // namespace volley::devices
