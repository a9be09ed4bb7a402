// Packets of spikes around given times, the same over all connections: each pulse has `activity` spikes, independent
// and normally distributed. They have the stamp of the step behind the one that their time lies in. New parameters act
// on what is still to come of all pulses.
//
//   times of the spikes of a pulse: N(pulse time, sdev)
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "models/core/device.hpp"
#include "models/core/draw_sequence.hpp"
#include "models/core/setting.hpp"

namespace volley::devices {

struct pulsepacket_generator {
  struct params : models::stimulation {
    std::vector<double> pulse_times;
    std::int64_t activity = 0;
    double sdev = 0;
  };
  struct derived {
    std::vector<double> pulses;  ///< ms, ascending
    models::time_grid time;
  };
  static constexpr std::string_view name = "pulsepacket_generator";
  static constexpr auto output = models::device_output::spikes;
  static constexpr std::string_view meaning = "packets of spikes around given times";
  static constexpr std::int64_t most_spikes = 1 << 20;  ///< of pulses whose spikes may mix
  static constexpr auto fields = models::join<params>(
      models::stimulation_fields<params>,
      std::array<models::device_field<params>, 3>{{
          {"pulse_times", &params::pulse_times, "ms", "centers of the pulses"},
          {"activity", &params::activity, "", "number of spikes in each pulse"},
          {"sdev", &params::sdev, "ms", "standard deviation of the times of its spikes", models::bound::non_negative},
      }});

  static void check(const models::setting& s, const params& p) {
    s.require_between("activity", p.activity, 0, most_spikes);
    if (!s.time().reaches(p.sdev)) s.refuse("sdev", p.sdev, "ms is beyond the largest time, T_max");
    for (const double ms : p.pulse_times)
      if (!s.time().reaches(ms)) s.refuse("pulse_times", ms, "ms is beyond the largest time, T_max");
    const auto together = most_together(sorted(p.pulse_times), std::max(2 * reach_ms(p), s.time().resolution_ms()));
    if (static_cast<std::int64_t>(together) * p.activity > most_spikes)
      s.refuse("activity", std::to_string(p.activity),
               "is too much: with " + std::to_string(together) + " pulses close to each other (sdev = " +
                   s.text(p.sdev) + " ms), there are more than 2^20 spikes at a time");
  }
  static derived calibrate(const params& p, const models::time_grid& time) { return {sorted(p.pulse_times), time}; }

  static const std::vector<double>& pulses(const derived& d) { return d.pulses; }
  static double reach_ms(const params& p) { return p.sdev * models::draw_sequence::farthest_normal; }
  template <class Add>
  static void draw_pulse(const params& p, const derived& d, double pulse_ms, models::draw_sequence& random, Add&& add) {
    const auto stamp = [&](double ms) { return d.time.steps_up(ms) + 1; };
    if (p.sdev == 0) return add(stamp(pulse_ms), static_cast<std::uint32_t>(p.activity));
    for (std::int64_t i = 0; i < p.activity; ++i) add(stamp(pulse_ms + p.sdev * random.normal()), 1u);
  }

 private:
  static std::vector<double> sorted(std::vector<double> times) {
    std::ranges::sort(times);
    return times;
  }
  /// How many pulses lie within so many ms, at most.
  static std::size_t most_together(const std::vector<double>& pulses, double within_ms) {
    std::size_t most = 0;
    for (std::size_t first = 0, i = 0; i < pulses.size(); ++i) {
      while (pulses[i] - pulses[first] > within_ms) ++first;
      most = std::max(most, i - first + 1);
    }
    return most;
  }
};

}  // namespace volley::devices
