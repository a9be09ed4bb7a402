// A Gaussian white noise current: a new value every dt, independent for every connection, with a standard deviation
// that may be modulated by a sine. New parameters act from the next value on.
//
//   I(t) = mean + sqrt(std^2 + std_mod^2 sin(2 pi frequency t / 1000 + phase)) N
//   N is drawn anew from a standard normal each dt
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>

#include "models/core/device.hpp"
#include "models/core/setting.hpp"
#include "models/core/trigonometry.hpp"

namespace volley::devices {

struct noise_generator {
  struct params : models::stimulation {
    double mean = 0, std = 0, dt = 1.0, std_mod = 0, frequency = 0, phase = 0;
    double y_0 = 0, y_1 = 0;
    // The value held since earlier parameters were changed, and the first update with one of these.
    std::int64_t held_update = -1;
    double held_mean = 0, held_deviation = 0;
    std::int64_t next_draw = 0;
  };
  struct derived {
    models::step_t period;  ///< at least 1
    models::time_grid time;
  };
  static constexpr std::string_view name = "noise_generator";
  static constexpr auto output = models::device_output::currents;
  static constexpr std::string_view meaning = "a Gaussian white noise current";
  static constexpr std::string_view recordable = "I";
  static constexpr models::step_t usual_dt_steps = 10;  ///< the default dt where 1 ms is no whole number of steps
  static constexpr auto kept = models::access::hidden;
  static constexpr auto fields = models::join<params>(
      models::stimulation_fields<params>,
      std::array<models::device_field<params>, 12>{{
          {"mean", &params::mean, "pA", "mean of the current"},
          {"std", &params::std, "pA", "standard deviation of the current", models::bound::non_negative},
          {"dt", &params::dt, "ms", "time after which a new value is drawn"},
          {"std_mod", &params::std_mod, "pA", "amplitude of the modulation of std", models::bound::non_negative},
          {"frequency", &params::frequency, "Hz", "frequency of the modulation"},
          {"phase", &params::phase, "degrees", "phase of the modulation"},
          {"y_0", &params::y_0, "", "cosine of the modulation's angle; set anew when a run is prepared"},
          {"y_1", &params::y_1, "", "sine of the modulation's angle; set anew when a run is prepared"},
          {"held_update", &params::held_update, "", "update of the value that is held", models::bound::none, kept},
          {"held_mean", &params::held_mean, "pA", "mean that it had", models::bound::none, kept},
          {"held_deviation", &params::held_deviation, "pA", "deviation that it had", models::bound::none, kept},
          {"next_draw", &params::next_draw, "", "first update with a value of its own", models::bound::none, kept},
      }});

  static void check(const models::setting& s, params& p) {
    if (p.std_mod > p.std) s.refuse("std_mod must not exceed std");
    s.put_on_grid("dt", p.dt, models::steps::from_1, models::refusal::StepMultipleRequired);
  }
  static void follow_grid(params& p, const models::time_grid& time) {
    if (!time.on_grid(p.dt)) p.dt = time.to_ms(usual_dt_steps);
  }
  static derived calibrate(const params& p, const models::time_grid& time) {
    return {std::max<models::step_t>(1, time.nearest_steps(p.dt)), time};
  }

  /// The draw whose value is held at an active update.
  static models::normal_draw drawn_current(const params& p, const derived& d, const models::active_window& active,
                                           models::step_t update) {
    const auto first = std::max(p.next_draw, first_current(active));
    if (update < first) return {p.held_update, p.held_mean, p.held_deviation};
    const auto at = update - (update - first) % d.period;
    return {at, p.mean, deviation(p, d.time.to_ms(at + 1))};
  }
  /// New parameters act from the next draw on, which is due when it was due before.
  static void go_on(params& p, const params& before, const models::past& past) {
    const auto d = calibrate(before, past.time);
    p.held_update = before.held_update;
    p.held_mean = before.held_mean;
    p.held_deviation = before.held_deviation;
    p.next_draw = before.next_draw;
    const auto last = std::min(past.now, end_of_currents(past.window)) - 1;
    if (!past.frozen && last >= std::max(before.next_draw, first_current(past.window))) {
      const auto held = drawn_current(before, d, past.window, last);
      p.held_update = held.update;
      p.held_mean = held.mean;
      p.held_deviation = held.deviation;
      p.next_draw = held.update + d.period;
    }
    p.next_draw = std::max(p.next_draw, past.now);
  }

  /// The modulation's angle, in radians.
  static double angle(const params& p, double time_ms) { return models::oscillation(p.frequency, p.phase, time_ms); }
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
  static void advance(params& p, double /*now_ms*/, double active_ms) {
    if (p.std_mod == 0) return;
    const double by = models::oscillation(p.frequency, 0, active_ms);
    const double c = models::cos(by), s = models::sin(by), y_0 = p.y_0;
    p.y_0 = c * y_0 - s * p.y_1;
    p.y_1 = s * y_0 + c * p.y_1;
  }
};

}  // namespace volley::devices
