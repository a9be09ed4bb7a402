// Spikes of n_proc Poisson processes with dead time taken together, independent for every connection: after a spike, a
// process rests for dead_time. How many processes are ready, and how many spiked at each of the last steps, is all that
// there is to know of a train. The rate may be modulated by a sine. Trains begin in the equilibrium of the unmodulated
// rate (Deger, Helias, Boucsein & Rotter 2012).
//
//   of n processes that are ready, B(n, p) spike in a step: a binomial number
//   p(t) = resolution / (1000 / rate - dead_time) (1 + relative_amplitude sin(2 pi frequency t / 1000)), at most 1
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

struct ppd_sup_generator {
  struct params : models::stimulation {
    double rate = 0, dead_time = 0;
    std::int64_t n_proc = 1;
    double frequency = 0, relative_amplitude = 0;
    std::int64_t since = 0;  ///< the update when dead_time or n_proc was set
  };
  struct derived {
    double chance;           ///< that a process which is ready spikes in a step, without modulation
    double share_of_a_step;  ///< of the processes, how many spiked in one step, in equilibrium
    std::size_t resting_steps;
    models::time_grid time;
  };
  static constexpr std::string_view name = "ppd_sup_generator";
  static constexpr auto output = models::device_output::spikes;
  static constexpr std::string_view meaning = "superpositions of Poisson processes with dead time";
  static constexpr std::int64_t most_processes = 0x7fffffff;
  static constexpr models::step_t most_steps = 1 << 20;  ///< of dead time
  static constexpr auto fields = models::join<params>(
      models::stimulation_fields<params>,
      std::array<models::device_field<params>, 6>{{
          {"rate", &params::rate, "spikes/s", "mean rate of each process", models::bound::non_negative},
          {"dead_time", &params::dead_time, "ms",
           "time for which a process rests after a spike, to the nearest step; new trains begin with it",
           models::bound::non_negative},
          {"n_proc", &params::n_proc, "", "number of processes in a train; new trains begin with it"},
          {"frequency", &params::frequency, "Hz", "frequency of the modulation"},
          {"relative_amplitude", &params::relative_amplitude, "", "amplitude of the modulation, in [0, 1]"},
          {"since", &params::since, "", "update since which trains have these", models::bound::none,
           models::access::hidden},
      }});

  static void check(const models::setting& s, params& p) {
    s.require_between("n_proc", p.n_proc, 1, most_processes);
    if (!(p.relative_amplitude >= 0 && p.relative_amplitude <= 1))
      s.refuse("relative_amplitude", p.relative_amplitude, "must be in [0, 1]");
    const auto steps = s.time().nearest_steps(p.dead_time);
    if (steps > most_steps)
      s.refuse("dead_time", p.dead_time,
               "ms must not be above " + s.text(s.time().to_ms(most_steps)) + " ms, 2^20 steps");
    p.dead_time = s.time().to_ms(steps);
    if (!(1000 / p.rate > p.dead_time))
      s.refuse("dead_time", p.dead_time,
               "ms must be below the mean interval, 1000 / rate = " + s.text(1000 / p.rate) + " ms");
    s.require_one_a_step("the rate of a process that is ready", 1000 / (1000 / p.rate - p.dead_time));
  }
  static void go_on(params& p, const params& before, const models::past& past) {
    const bool same = p.dead_time == before.dead_time && p.n_proc == before.n_proc;
    p.since = same ? before.since : past.now;
  }
  static derived calibrate(const params& p, const models::time_grid& time) {
    const double step = time.resolution_ms();
    return {std::clamp(step / (1000 / p.rate - p.dead_time), 0.0, 1.0), p.rate * step / 1000,
            static_cast<std::size_t>(time.nearest_steps(p.dead_time)), time};
  }

  // Of a train: its place in the ring, 0 before it began; the number of those that are ready; the ring, an entry a step
  // of dead time, of those that spiked then.
  static std::size_t train_size(const params&, const derived& d) { return 2 + d.resting_steps; }
  static models::step_t trains_since(const params& p) { return p.since; }
  static double drive(const params& p, const derived& d, models::step_t stamp) {
    if (p.relative_amplitude == 0) return d.chance;
    const double sine = models::sin(models::oscillation(p.frequency, 0, d.time.to_ms(stamp)));
    return std::min(1.0, std::max(0.0, d.chance * (1 + p.relative_amplitude * sine)));  // 0 for not-a-number
  }
  static std::uint32_t emit(const params& p, const derived& d, double chance, std::span<double> train,
                            models::draw_sequence& random) {
    double &place = train[0], &ready = train[1];
    const auto resting = train.subspan(2);
    if (place == 0) {
      place = 1;
      ready = begin(static_cast<double>(p.n_proc), d.share_of_a_step, resting, random);
    }
    const double spikes = random.binomial(ready, chance);
    if (!resting.empty()) {
      double& last = resting[static_cast<std::size_t>(place) - 1];
      ready += last - spikes;
      last = spikes;
      place = place < static_cast<double>(resting.size()) ? place + 1 : 1;
    }
    return static_cast<std::uint32_t>(spikes);
  }

 private:
  /// Draws when those that rest spiked; returns how many of n do not rest.
  static double begin(double n, double share_of_a_step, std::span<double> resting, models::draw_sequence& random) {
    double left = n, share_left = 1;
    for (double& spiked : resting) {
      spiked = random.binomial(left, std::clamp(share_of_a_step / share_left, 0.0, 1.0));
      left -= spiked;
      share_left -= share_of_a_step;
    }
    return left;
  }
};

}  // namespace volley::devices
