// Spikes at given times: spike_generator (a device, one copy a VP) and spike_train_injector (a node whose spikes travel
// with those of neurons).
#pragma once
#include "models/core/device.hpp"

namespace volley::devices {

struct spike_train_params : models::stimulation {
  std::vector<double> spike_times, spike_weights;
  std::vector<std::int64_t> spike_multiplicities;
  bool precise_times = false, allow_offgrid_times = false, shift_now_spikes = false;
};

template <class P>
constexpr auto spike_train_fields = models::join<P>(
    models::stimulation_fields<P>, std::array<models::device_field<P>, 5>{{
        {"spike_times", &P::spike_times, "ms", "times of the spikes, not descending"},
        {"spike_multiplicities", &P::spike_multiplicities, "", "how many spikes at each time; empty: one"},
        {"precise_times", &P::precise_times, "", "keep times between grid points"},
        {"allow_offgrid_times", &P::allow_offgrid_times, "", "round times up to the grid instead of refusing them"},
        {"shift_now_spikes", &P::shift_now_spikes, "", "move a spike at the present step one step on"},
    }});

struct spike_generator {
  struct params : spike_train_params {};
  static constexpr std::string_view name = "spike_generator";
  static constexpr auto output = models::device_output::spikes;
  static constexpr std::string_view meaning = "spikes at given times";
  static constexpr auto fields = models::join<params>(
      spike_train_fields<params>, std::array<models::device_field<params>, 1>{{
          {"spike_weights", &params::spike_weights, "", "factors of the connection's weight; empty: one"},
      }});
};

struct spike_train_injector {
  struct params : spike_train_params {};
  static constexpr std::string_view name = "spike_train_injector";
  static constexpr auto output = models::device_output::node_spikes;
  static constexpr std::string_view meaning = "spikes at given times, sent as a neuron sends them";
  static constexpr auto fields = spike_train_fields<params>;
};

}  // namespace volley::devices
