// Binary neuron whose state is 1 with a probability that is sigmoidal, linear or both (Ginzburg & Sompolinsky 1994).
//
//   P(S = 1) = c_1 I + c_2 (1 + tanh(c_3 (I - theta))) / 2,  I = h + I_stim
//   times and effects of choices: see models/core/binary.hpp
#pragma once
#include "models/core/binary.hpp"

namespace volley::neurons {
using namespace models::declare;

struct ginzburg_neuron {
  template <class V> struct params : models::binary::params<V> { V c_1 = 0, c_2 = 1, c_3 = 1; };
  template <class V> using state = models::binary::state<V>;
  template <class V> using derived = models::binary::derived<V>;
  template <class V> using input = models::binary::input<V>;
  using P = params<double>;

  static constexpr std::string_view name = "ginzburg_neuron";
  static constexpr std::string_view meaning = "binary neuron with a sigmoidal or linear gain";
  static constexpr bool sends_flips = true;
  static constexpr auto fields =
      join(models::binary::rows(), table(param("c_1", &P::c_1, "1/mV", "slope of the linear part of the gain"),
                                         param("c_2", &P::c_2, none, "height of the sigmoidal part"),
                                         param("c_3", &P::c_3, "1/mV", "slope of the sigmoidal part")));
  static_assert(covers<P>(fields, part::params) && covers<state<double>>(fields, part::state));
  static constexpr auto channels = models::binary::channels;

  static derived<double> calibrate(const P&, resolution h) { return models::binary::calibrate(h); }

  template <class V, class Draws>
  static V step(const params<V>& p, const derived<V>& d, state<V>& s, const input<V>& in, Draws& random) {
    return models::binary::step<V>(p, d, s, in, random, [&](V I, mask_of<V> wanted, auto& draws) {
      const V sigmoid = 1.0 / (1.0 + exp(-2.0 * (p.c_3 * (I - p.theta))));  // (1 + tanh) / 2
      return draws.uniform(wanted) < p.c_1 * I + p.c_2 * sigmoid;
    });
  }
};

}  // namespace volley::neurons
