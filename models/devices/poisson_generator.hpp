// Spikes of a Poisson process with a given rate, independent for every connection.
//
//   numbers of spikes in a step are drawn from a Poisson distribution of mean rate * resolution / 1000
#pragma once
#include "models/core/device.hpp"
#include "models/core/setting.hpp"

namespace volley::devices {

struct poisson_generator {
  struct params : models::stimulation {
    double rate = 0;
  };
  struct derived {
    double spikes_per_step;
  };
  static constexpr std::string_view name = "poisson_generator";
  static constexpr auto output = models::device_output::spikes;
  static constexpr std::string_view meaning = "independent Poisson spike trains of one rate for every target";
  static constexpr auto fields = models::join<params>(
      models::stimulation_fields<params>,
      std::array<models::device_field<params>, 1>{{
          {"rate", &params::rate, "spikes/s", "mean rate of every train", models::bound::non_negative},
      }});

  static void check(const models::setting& s, const params& p) { s.require_countable("rate", p.rate); }
  static derived calibrate(const params& p, const models::time_grid& time) {
    return {p.rate * time.resolution_ms() / 1000};
  }
  static double mean_count(const params&, const derived& d, models::step_t) { return d.spikes_per_step; }
};

}  // namespace volley::devices
