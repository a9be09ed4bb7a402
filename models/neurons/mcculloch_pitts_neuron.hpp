// Binary neuron whose state is 1 where its input is above the threshold (McCulloch & Pitts 1943).
//
//   S = 1 where h + I_stim > theta
//   times and effects of choices: see models/core/binary.hpp
#pragma once
#include "models/core/binary.hpp"

namespace volley::neurons {
using namespace models::declare;

struct mcculloch_pitts_neuron {
  template <class V> using params = models::binary::params<V>;
  template <class V> using state = models::binary::state<V>;
  template <class V> using derived = models::binary::derived<V>;
  template <class V> using input = models::binary::input<V>;

  static constexpr std::string_view name = "mcculloch_pitts_neuron";
  static constexpr std::string_view meaning = "binary neuron with a threshold as gain";
  static constexpr bool sends_flips = true;
  static constexpr auto fields = models::binary::rows();
  static_assert(covers<params<double>>(fields, part::params) && covers<state<double>>(fields, part::state));
  static constexpr auto channels = models::binary::channels;

  static derived<double> calibrate(const params<double>&, resolution h) { return models::binary::calibrate(h); }

  template <class V, class Draws>
  static V step(const params<V>& p, const derived<V>& d, state<V>& s, const input<V>& in, Draws& random) {
    return models::binary::step<V>(p, d, s, in, random, [&](V I, mask_of<V>, auto&) { return I > p.theta; });
  }
};

}  // namespace volley::neurons
