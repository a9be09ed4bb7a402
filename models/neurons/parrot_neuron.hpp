// Repeats each spike that arrives on receptor 0, with its multiplicity; receptor 1 takes spikes and stays silent, so
// that a plastic synapse can end on it.
#pragma once
#include <limits>

#include "models/core/neuron.hpp"

namespace volley::neurons {
using namespace models::declare;

struct parrot_neuron {
  template <class V> struct params { V flush_event_send_interval = std::numeric_limits<double>::infinity(); };
  template <class V> struct state {};
  template <class V> struct derived {};
  template <class V> struct input { V spikes; };
  using P = params<double>;
  using I = input<double>;

  static constexpr std::string_view name = "parrot_neuron";
  static constexpr std::string_view meaning = "repeats the spikes that arrive";
  static constexpr auto fields = table(param("flush_event_send_interval", &P::flush_event_send_interval, ms,
                                             "interval of updates of silent e-prop synapses; infinite: none"));
  static_assert(covers<P>(fields, part::params));
  static constexpr auto channels = inputs(count(0, &I::spikes), ignored(1));

  static const char* check(const P& p) {
    return p.flush_event_send_interval > 0 ? nullptr : "flush_event_send_interval must be > 0";
  }
  static derived<double> calibrate(const P&, resolution) { return {}; }
  template <class V> static V step(const params<V>&, const derived<V>&, state<V>&, const input<V>& in) {
    return in.spikes;
  }
};

}  // namespace volley::neurons
