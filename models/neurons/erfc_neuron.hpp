// Binary neuron whose state is 1 with a probability that grows with its input as the complementary error function.
//
//   P(S = 1) = erfc(-(h + I_stim - theta) / (sqrt(2) sigma)) / 2
//   times and effects of choices: see models/core/binary.hpp
#pragma once
#include <numbers>

#include "models/core/binary.hpp"

namespace volley::neurons {
using namespace models::declare;

struct erfc_neuron {
  template <class V> struct params : models::binary::params<V> { V sigma = 1; };
  template <class V> using state = models::binary::state<V>;
  template <class V> struct derived : models::binary::derived<V> { V slope; };
  template <class V> using input = models::binary::input<V>;
  using P = params<double>;

  static constexpr std::string_view name = "erfc_neuron";
  static constexpr std::string_view meaning = "binary neuron with the error function as gain";
  static constexpr bool sends_flips = true;
  static constexpr auto fields =
      join(models::binary::rows(), table(param("sigma", &P::sigma, mV, "width of the gain function")));
  static_assert(covers<P>(fields, part::params) && covers<state<double>>(fields, part::state));
  static constexpr auto channels = models::binary::channels;

  static derived<double> calibrate(const P& p, resolution h) {
    return {models::binary::calibrate(h), 1 / (std::numbers::sqrt2 * p.sigma)};
  }

  template <class V, class Draws>
  static V step(const params<V>& p, const derived<V>& d, state<V>& s, const input<V>& in, Draws& random) {
    return models::binary::step<V>(p, d, s, in, random, [&](V I, mask_of<V> wanted, auto& draws) {
      return draws.uniform(wanted) < 0.5 * erfc((p.theta - I) * d.slope);
    });
  }
};

}  // namespace volley::neurons
