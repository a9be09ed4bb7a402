// A weight that shrinks with each spike it transmits: an example of a model in a module.
//
//   the source spikes:  w is transmitted, then w becomes fade w
#pragma once
#include "models/core/synapse.hpp"

namespace volley::synapses {
using namespace models::declare;

struct fading_synapse {
  template <class V> struct params { V fade = 0.5; };
  template <class V> struct traces { V transmitted = 0; };
  using P = params<double>;
  using T = traces<double>;

  static constexpr std::string_view name = "fading_synapse";
  static constexpr std::string_view meaning = "a weight that shrinks with each spike it transmits";
  static constexpr auto variants = labelled;
  static constexpr bool common_parameters = false, common_weight = false;
  static constexpr auto fields = table(param("fade", &P::fade, none, "what is left after a spike", non_negative),
                                       variable("transmitted", &T::transmitted, none, "spikes so far", non_negative));
  static_assert(models::covers<P>(fields, models::part::params) && models::covers<T>(fields, models::part::state));

  static const char* check(const P&, const T&, double) { return nullptr; }

  template <class V> static traces<V> decayed(const params<V>&, const traces<V>& k, V) { return k; }

  template <class V> static models::transmission<V> on_pre(const params<V>& p, const traces<V>&, V weight) {
    return {weight * p.fade, weight};
  }

  template <class V> static traces<V> after_pre(const params<V>&, const traces<V>& k) { return {k.transmitted + 1}; }
};

}  // namespace volley::synapses
