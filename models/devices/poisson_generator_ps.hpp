// Spikes of a Poisson process with a dead time at precise times, independent for every connection. Trains begin in
// equilibrium (Cox 1962, ch. 5).
//
//   an interval is dead_time and an exponentially distributed time after it, 1000 / rate on average
//   where targets know steps only, a spike is at the end of its own
//   each interval is drawn by its number in the train, so that the times do not depend on the resolution
#pragma once
#include <algorithm>
#include <cmath>
#include <compare>
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
    models::time_grid time;
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
    return {time, time.resolution_ms(), p.rate > 0 ? 1000 / p.rate : 0};
  }

  // Of a train: how many intervals it has drawn, 0 before it began; the tic when it began; the last step; the instant
  // of its next spike.
  static std::size_t train_size(const params&, const derived&) { return 5; }
  static models::step_t trains_since(const params& p) { return p.since; }
  /// The step's end, while there is a rate.
  static double drive(const params& p, const derived&, models::step_t stamp) {
    return p.rate > 0 ? static_cast<double>(stamp) : 0;
  }
  static std::uint32_t emit(const params& p, const derived& d, double stamp, std::span<double> train,
                            const models::train_draws& random, std::vector<double>& offsets_ms) {
    double &drawn = train[0], &begin = train[1], &last = train[2];
    instant next{train[3], train[4]};
    const auto draws = [&] {
      return random.before_spike(static_cast<std::uint64_t>(drawn++), static_cast<std::uint64_t>(begin));
    };
    if (drawn == 0) {
      begin = (stamp - 1) * static_cast<double>(d.time.tics_per_step());
      next = instant_of(d, stamp - 1) + instant_of(first(p, d, draws()));
    } else if (stamp - last != 1) {
      next = next + instant_of(d, stamp - last - 1);  // it rested
    }
    last = stamp;
    std::uint32_t n = 0;
    const bool may_be_due = (next.ms - stamp * d.step_ms) + next.part < d.step_ms;
    for (const auto end = may_be_due ? instant_of(d, stamp) : instant(); next <= end; ++n) {
      offsets_ms.push_back(std::min((end.ms - next.ms) + (end.part - next.part), d.step_ms * (1 - 0x1p-52)));
      next = next + instant_of(p.dead_time + draws().exponential() * (d.interval_ms - p.dead_time));
    }
    train[3] = next.ms;
    train[4] = next.part;
    return n;
  }

 private:
  /// A time in whole milliseconds and a part of one, a multiple of 2^-52: sums and differences are exact, so that
  /// spikes have the same times at any resolution.
  struct instant {
    double ms = 0, part = 0;
    auto operator<=>(const instant&) const = default;
    friend instant operator+(const instant& a, const instant& b) {
      const double part = a.part + b.part, carry = part >= 1 ? 1 : 0;
      return {a.ms + b.ms + carry, part - carry};
    }
  };
  static double on_grid(double part) { return std::floor(part * 0x1p52) * 0x1p-52; }
  static instant instant_of(double ms) {
    const double whole = std::floor(std::min(ms, 0x1p53));
    return {whole, on_grid(std::min(ms - whole, 1 - 0x1p-52))};
  }
  static instant instant_of(const derived& d, double steps) {
    const auto tics_per_ms = d.time.tics_per_ms();
    const auto tics = static_cast<std::int64_t>(steps) * d.time.tics_per_step();
    return {static_cast<double>(tics / tics_per_ms),
            on_grid(static_cast<double>(tics % tics_per_ms) / static_cast<double>(tics_per_ms))};
  }
  /// What is left of the interval in which a train begins.
  static double first(const params& p, const derived& d, models::draw_sequence random) {
    if (random.uniform() * d.interval_ms < p.dead_time) return random.uniform() * p.dead_time;
    return p.dead_time + random.exponential() * (d.interval_ms - p.dead_time);
  }
};

}  // namespace volley::devices
