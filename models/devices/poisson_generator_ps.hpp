// Spikes of a Poisson process with a dead time at precise times, independent for every connection. Trains begin in
// equilibrium (Cox 1962, ch. 5).
//
//   an interval is dead_time and an exponentially distributed time after it, 1000 / rate on average
//   where targets know steps only, a spike is at the end of its own
#pragma once
#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "models/core/device.hpp"
#include "models/core/draw_sequence.hpp"
#include "models/core/setting.hpp"

namespace volley::devices {

struct poisson_generator_ps {
  struct params : models::stimulation {
    double rate = 0, dead_time = 0;
    std::int64_t since = 0;  ///< the update when rate or dead_time was set
  };
  struct derived {
    double step_ms, interval_ms;
  };
  static constexpr std::string_view name = "poisson_generator_ps";
  static constexpr auto output = models::device_output::spikes;
  static constexpr std::string_view meaning = "independent Poisson spike trains with precise times and a dead time";
  static constexpr auto fields = models::join<params>(
      models::stimulation_fields<params>,
      std::array<models::device_field<params>, 3>{{
          {"rate", &params::rate, "spikes/s", "mean rate of every train", models::bound::non_negative},
          {"dead_time", &params::dead_time, "ms", "shortest interval", models::bound::non_negative},
          {"since", &params::since, "", "update since which trains have these", models::bound::none,
           models::access::hidden},
      }});

  static void check(const models::setting& s, const params& p) {
    s.require_countable("rate", p.rate);
    if (p.rate * p.dead_time > 1000) s.refuse("dead_time", p.dead_time, "ms must not be above the mean interval");
  }
  static void go_on(params& p, const params& before, const models::past& past) {
    const bool same = p.rate == before.rate && p.dead_time == before.dead_time;
    p.since = same ? before.since : past.now;
  }
  static derived calibrate(const params& p, const models::time_grid& time) {
    return {time.resolution_ms(), p.rate > 0 ? 1000 / p.rate : 0};
  }

  static std::size_t train_size(const params&, const derived&) { return 1; }
  static models::step_t trains_since(const params& p) { return p.since; }
  static double drive(const params& p, const derived&, models::step_t) { return p.rate; }
  /// `train`: the time until the next spike; 0: it was not drawn yet.
  static std::uint32_t emit(const params& p, const derived& d, double, std::span<double> train,
                            models::draw_sequence& random, std::vector<double>& offsets_ms) {
    double& left = train.front();
    if (left == 0) left = first(p, d, random);
    std::uint32_t n = 0;
    for (; left <= d.step_ms; ++n) {
      offsets_ms.push_back(std::min(d.step_ms - left, d.step_ms * (1 - 0x1p-52)));
      left += p.dead_time + random.exponential() * (d.interval_ms - p.dead_time);
    }
    left -= d.step_ms;
    return n;
  }

 private:
  /// What is left of the interval in which a train begins.
  static double first(const params& p, const derived& d, models::draw_sequence& random) {
    if (random.uniform() * d.interval_ms < p.dead_time) return random.uniform() * p.dead_time;
    return p.dead_time + random.exponential() * (d.interval_ms - p.dead_time);
  }
};

}  // namespace volley::devices
