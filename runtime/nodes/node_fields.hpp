// The fields that all nodes have whatever their model: freezing, and the archive of a neuron's own spikes, which
// plastic synapses and structural plasticity read. Kept in columns beside those of the model.
#pragma once
#include <array>
#include <limits>

#include "models/core/field_table.hpp"

namespace volley::runtime {

struct node_record {
  double frozen = 0;
  double t_spike = -1, tau_minus = 20, tau_minus_triplet = 110, post_trace = 0, archiver_length = 0;
  double Ca = 0, Ca_time = 0, tau_Ca = 10000, beta_Ca = 0.001;
  double ignore_and_spike = 0, ignore_and_spike_interval = 100, ignore_and_spike_offset = 1;
  double steps_to_told_spike = -1;
};

namespace detail {

constexpr auto node_field_table() {
  using namespace models::declare;
  using N = node_record;
  constexpr auto here = models::part::node;
  return table(
      row(here, "frozen", &N::frozen, none, "the node is not updated", truth, instance_only),
      row(here, "t_spike", &N::t_spike, ms, "time of the last spike; -1 before the first", read_only),
      row(here, "tau_minus", &N::tau_minus, ms, "time constant of depression", positive),
      row(here, "tau_minus_triplet", &N::tau_minus_triplet, ms, "time constant of depression by triplets", positive),
      row(here, "post_trace", &N::post_trace, none, "trace of the neuron's spikes; 0 without plastic inputs",
          read_only),
      row(here, "archiver_length", &N::archiver_length, none, "spikes kept for plastic synapses", integer, read_only),
      row(here, "Ca", &N::Ca, none, "calcium concentration", non_negative),
      row(here, "Ca_time", &N::Ca_time, ms, "when Ca was computed", hidden),
      row(here, "tau_Ca", &N::tau_Ca, ms, "time constant of calcium", positive),
      row(here, "beta_Ca", &N::beta_Ca, none, "calcium of one spike", positive),
      row(here, "ignore_and_spike", &N::ignore_and_spike, none,
          "the neuron spikes at told times alone; without effect on models that have no such mode", truth),
      row(here, "ignore_and_spike_interval", &N::ignore_and_spike_interval, ms, "between told spikes", positive),
      row(here, "ignore_and_spike_offset", &N::ignore_and_spike_offset, ms,
          "from when it is set, or the neuron is created, to the first told spike", positive),
      row(here, "steps_to_told_spike", &N::steps_to_told_spike, none, "-1: as the offset says", hidden));
}

}  // namespace detail

inline constexpr auto node_fields = detail::node_field_table();
static_assert(models::covers<node_record>(node_fields, models::part::node));

}  // namespace volley::runtime
