// Spikes of n_proc gamma processes taken together, independent for every connection: of each process, the intervals are
// gamma distributed. It goes through stages, all equally long on average, and spikes when it leaves the last one; how
// many processes are in each stage is all that there is to know of a train. They begin in equilibrium (Deger, Helias,
// Boucsein & Rotter 2012).
//
//   of n processes in a stage, B(n, p) go on in a step: a binomial number
//   p = rate * gamma_shape * resolution / 1000
#pragma once
#include <algorithm>
#include <cstdint>
#include <span>
#include <string>

#include "models/core/device.hpp"
#include "models/core/draw_sequence.hpp"
#include "models/core/setting.hpp"

namespace volley::devices {

struct gamma_sup_generator {
  struct params : models::stimulation {
    double rate = 0;
    std::int64_t gamma_shape = 1, n_proc = 1;
    std::int64_t since = 0;  ///< the update when gamma_shape or n_proc was set
  };
  struct derived {
    double chance;  ///< that a process leaves its stage in a step
  };
  static constexpr std::string_view name = "gamma_sup_generator";
  static constexpr auto output = models::device_output::spikes;
  static constexpr std::string_view meaning = "superpositions of gamma processes";
  static constexpr std::int64_t most_stages = 1 << 20, most_processes = 0x7fffffff;
  static constexpr auto fields = models::join<params>(
      models::stimulation_fields<params>,
      std::array<models::device_field<params>, 4>{{
          {"rate", &params::rate, "spikes/s", "mean rate of each process", models::bound::non_negative},
          {"gamma_shape", &params::gamma_shape, "", "shape of the distribution of intervals; new trains begin with it"},
          {"n_proc", &params::n_proc, "", "number of processes in a train; new trains begin with it"},
          {"since", &params::since, "", "update since which trains have these", models::bound::none,
           models::access::hidden},
      }});

  static void check(const models::setting& s, const params& p) {
    s.require_between("gamma_shape", p.gamma_shape, 1, most_stages);
    s.require_between("n_proc", p.n_proc, 1, most_processes);
    s.require_one_a_step("rate * gamma_shape", p.rate * static_cast<double>(p.gamma_shape));
  }
  static void go_on(params& p, const params& before, const models::past& past) {
    const bool same = p.gamma_shape == before.gamma_shape && p.n_proc == before.n_proc;
    p.since = same ? before.since : past.now;
  }
  static derived calibrate(const params& p, const models::time_grid& time) {
    return {std::min(p.rate * static_cast<double>(p.gamma_shape) * time.resolution_ms() / 1000, 1.0)};
  }

  static std::size_t train_size(const params& p, const derived&) { return static_cast<std::size_t>(p.gamma_shape); }
  static models::step_t trains_since(const params& p) { return p.since; }
  static double drive(const params&, const derived& d, models::step_t) { return d.chance; }
  /// `stages`: how many processes are in each.
  static std::uint32_t emit(const params& p, const derived&, double chance, std::span<double> stages,
                            models::draw_sequence& random) {
    if (std::ranges::all_of(stages, [](double n) { return n == 0; })) spread(p.n_proc, stages, random);
    double arrived = 0;
    for (auto stage = stages.rbegin(); stage != stages.rend(); ++stage) {
      const double moved = random.binomial(*stage, chance);
      *stage -= moved;
      (stage == stages.rbegin() ? arrived : *(stage - 1)) += moved;
    }
    stages.front() += arrived;
    return static_cast<std::uint32_t>(arrived);
  }

 private:
  /// In equilibrium all stages are equally likely.
  static void spread(std::int64_t n, std::span<double> stages, models::draw_sequence& random) {
    auto left = static_cast<double>(n);
    for (std::size_t i = 0; i < stages.size(); ++i) {
      stages[i] = random.binomial(left, 1 / static_cast<double>(stages.size() - i));
      left -= stages[i];
    }
  }
};

}  // namespace volley::devices
