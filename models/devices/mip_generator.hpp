// Spikes of correlated Poisson processes: there is one process, and each of its spikes reaches every connection with
// the same probability, independent of the others (the multiple interaction process of Kuhn, Aertsen & Rotter 2003).
//
//   every train is a Poisson process of rate * p_copy; counts of two trains have the correlation p_copy
#pragma once
#include "models/core/device.hpp"
#include "models/core/setting.hpp"

namespace volley::devices {

struct mip_generator {
  struct params : models::stimulation {
    double rate = 0, p_copy = 1;
  };
  struct derived {
    double spikes_per_step;
  };
  static constexpr std::string_view name = "mip_generator";
  static constexpr auto output = models::device_output::spikes;
  static constexpr std::string_view meaning = "Poisson spike trains that share spikes of one process";
  static constexpr auto fields = models::join<params>(
      models::stimulation_fields<params>,
      std::array<models::device_field<params>, 2>{{
          {"rate", &params::rate, "spikes/s", "mean rate of the common process", models::bound::non_negative},
          {"p_copy", &params::p_copy, "", "probability that a spike of it is in a train, in [0, 1]"},
      }});

  static void check(const models::setting& s, const params& p) {
    s.require_countable("rate", p.rate);
    if (!(p.p_copy >= 0 && p.p_copy <= 1)) s.refuse("p_copy", p.p_copy, "must be in [0, 1]");
  }
  static derived calibrate(const params& p, const models::time_grid& time) {
    return {p.rate * time.resolution_ms() / 1000};
  }
  static double mean_count(const params&, const derived& d, models::step_t) { return d.spikes_per_step; }
  static bool is_shared(const params&) { return true; }
  static double copy_probability(const params& p) { return p.p_copy; }
};

}  // namespace volley::devices
