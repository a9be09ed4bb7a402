// Repeats each spike that arrives on receptor 0 at its time within the step, with its multiplicity; receptor 1 takes
// spikes and stays silent, so that a plastic synapse can end on it.
#pragma once
#include "models/core/cell_step.hpp"
#include "models/core/neuron.hpp"

namespace volley::neurons {
using namespace models::declare;

struct parrot_neuron_ps {
  template <class V> struct params {};
  template <class V> struct state {};
  template <class V> struct derived {};
  template <class V> struct input { V spikes; };
  using I = input<double>;

  static constexpr std::string_view name = "parrot_neuron_ps";
  static constexpr std::string_view meaning = "repeats the spikes that arrive at precise times";
  static constexpr bool per_cell = true;
  static constexpr auto fields = table();
  static constexpr auto channels = inputs(timed_count(0, &I::spikes), timed_ignored(1));

  static derived<double> calibrate(const params<double>&, resolution) { return {}; }
  template <class V>
  static void step(const params<V>&, const derived<V>&, state<V>&, const input<V>& in, cell_step<V>& now) {
    while (now.expects_more()) {
      const V offset_ms = now.offset_ms();
      now.spike(offset_ms, now.take());
    }
    if (in.spikes > 0.0) now.spike(0.0, in.spikes);
  }
};

}  // namespace volley::neurons
