// Spikes of a Poisson process whose rate is a sine: max(0, rate + amplitude sin(2 pi f t + phase)), t from the begin of
// the simulation. Independent for every connection, or the same for all.
//
//   rate(t) = max(0, rate + amplitude sin(2 pi frequency t / 1000 + phase))
#pragma once
#include <algorithm>
#include <cmath>

#include "models/core/device.hpp"
#include "models/core/setting.hpp"
#include "models/core/trigonometry.hpp"

namespace volley::devices {

struct sinusoidal_poisson_generator {
  struct params : models::stimulation {
    double rate = 0, amplitude = 0, frequency = 0, phase = 0;
    bool individual_spike_trains = true;
    double y_0 = 0, y_1 = 0;
  };
  struct derived {
    models::time_grid time;
  };
  static constexpr std::string_view name = "sinusoidal_poisson_generator";
  static constexpr auto output = models::device_output::spikes;
  static constexpr std::string_view meaning = "Poisson spike trains whose rate is a sine";
  static constexpr std::string_view recordable = "rate";
  static constexpr auto fields = models::join<params>(
      models::stimulation_fields<params>,
      std::array<models::device_field<params>, 7>{{
          {"rate", &params::rate, "spikes/s", "mean rate of every train"},
          {"amplitude", &params::amplitude, "spikes/s", "amplitude of the rate"},
          {"frequency", &params::frequency, "Hz", "frequency of the rate"},
          {"phase", &params::phase, "degrees", "phase of the rate at time 0"},
          {"individual_spike_trains", &params::individual_spike_trains, "", "a train of its own for every connection",
           models::bound::none, models::access::models_only},
          {"y_0", &params::y_0, "spikes/ms", "the sine a quarter of a period on; set anew when a run is prepared"},
          {"y_1", &params::y_1, "spikes/ms", "the sine; set anew when a run is prepared"},
      }});

  static void check(const models::setting& s, const params& p) {
    s.require_countable("rate + amplitude", p.rate + std::abs(p.amplitude));
  }
  static derived calibrate(const params&, const models::time_grid& time) { return {time}; }
  static bool is_shared(const params& p) { return !p.individual_spike_trains; }
  static double mean_count(const params& p, const derived& d, models::step_t stamp) {
    return recorded(p, d, stamp) * d.time.resolution_ms() / 1000;
  }
  /// The rate in spikes/s, also outside the window.
  static double recorded(const params& p, const derived& d, models::step_t stamp) {
    return std::max(0.0, p.rate + p.amplitude * models::sin(angle(p, d.time.to_ms(stamp))));  // 0 for not-a-number
  }

  static void restart(params& p, double now_ms) {
    p.y_0 = p.amplitude / 1000 * models::cos(angle(p, now_ms));
    p.y_1 = p.amplitude / 1000 * models::sin(angle(p, now_ms));
  }
  static void advance(params& p, double now_ms, double /*active_ms*/) { restart(p, now_ms); }

 private:
  static double angle(const params& p, double ms) { return models::oscillation(p.frequency, p.phase, ms); }
};

}  // namespace volley::devices
