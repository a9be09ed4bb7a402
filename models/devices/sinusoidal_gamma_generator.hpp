// Spikes of a gamma process whose rate is a sine, independent for every connection, or the same for all: with time
// measured by the expected number of spikes, intervals are gamma distributed with mean 1 (Barbieri, Quirk, Frank,
// Wilson & Brown 2001). A train begins as if a spike had just been.
//
//   rate(t) = rate + amplitude sin(2 pi frequency t / 1000 + phase), t from the begin of the simulation
//   from spike to spike, the integral of rate(t) / 1000 is a gamma variate of shape `order`, divided by `order`
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>

#include "models/core/device.hpp"
#include "models/core/draw_sequence.hpp"
#include "models/core/setting.hpp"
#include "models/core/trigonometry.hpp"

namespace volley::devices {

struct sinusoidal_gamma_generator {
  struct params : models::stimulation {
    double rate = 0, frequency = 0, phase = 0, amplitude = 0, order = 1;
    bool individual_spike_trains = true;
  };
  struct derived {
    models::time_grid time;
  };
  static constexpr std::string_view name = "sinusoidal_gamma_generator";
  static constexpr auto output = models::device_output::spikes;
  static constexpr std::string_view meaning = "gamma spike trains whose rate is a sine";
  static constexpr std::string_view recordable = "rate";
  static constexpr auto fields = models::join<params>(
      models::stimulation_fields<params>,
      std::array<models::device_field<params>, 6>{{
          {"rate", &params::rate, "spikes/s", "mean rate of every train", models::bound::non_negative},
          {"frequency", &params::frequency, "Hz", "frequency of the rate"},
          {"phase", &params::phase, "degrees", "phase of the rate at time 0"},
          {"amplitude", &params::amplitude, "spikes/s", "amplitude of the rate, at most the mean rate",
           models::bound::non_negative},
          {"order", &params::order, "",
           "shape of the distribution of intervals, at least 1; acts from the next spike on"},
          {"individual_spike_trains", &params::individual_spike_trains, "", "a train of its own for every connection",
           models::bound::none, models::access::models_only},
      }});

  static void check(const models::setting& s, const params& p) {
    if (!(p.order >= 1) || !std::isfinite(p.order)) s.refuse("order", p.order, "must be >= 1, and finite");
    if (!(p.amplitude <= p.rate))
      s.refuse("amplitude", p.amplitude, "spikes/s must not be above rate = " + s.text(p.rate) + " spikes/s");
    s.require_one_a_step("rate + amplitude", p.rate + p.amplitude);
  }
  static derived calibrate(const params&, const models::time_grid& time) { return {time}; }
  static bool is_shared(const params& p) { return !p.individual_spike_trains; }
  /// The rate in spikes/s, also outside the window.
  static double recorded(const params& p, const derived& d, models::step_t stamp) {
    if (p.amplitude == 0) return p.rate;
    const double angle = models::oscillation(p.frequency, p.phase, d.time.to_ms(stamp));
    return std::max(0.0, p.rate + p.amplitude * models::sin(angle));  // 0 for not-a-number
  }

  // A train is the expected number of spikes up to its next one; 0 before it began.
  static std::size_t train_size(const params&, const derived&) { return 1; }
  static double drive(const params& p, const derived& d, models::step_t stamp) {
    return recorded(p, d, stamp) * d.time.resolution_ms() / 1000;
  }
  static std::uint32_t emit(const params& p, const derived&, double expected, std::span<double> train,
                            models::draw_sequence& random) {
    double& left = train[0];
    if (left == 0) left = random.gamma_of_mean_1(p.order);
    left -= expected;
    std::uint32_t spikes = 0;
    for (; left <= 0; ++spikes) left += random.gamma_of_mean_1(p.order);
    return spikes;
  }
};

}  // namespace volley::devices
