// Fires with every n-th spike that arrives: an example of a model in a module.
//
//   counted grows by the number of spikes that arrive; at n it fires and counts on from what is left
#pragma once
#include "models/core/neuron.hpp"

namespace volley::neurons {
using namespace models::declare;

struct every_nth {
  template <class V> struct params { V n = 3; };
  template <class V> struct state { V counted = 0; };
  template <class V> struct derived {};
  template <class V> struct input { V spikes; };
  using P = params<double>;
  using S = state<double>;
  using I = input<double>;

  static constexpr std::string_view name = "every_nth";
  static constexpr std::string_view meaning = "fires with every n-th spike that arrives";
  static constexpr auto fields = table(param("n", &P::n, none, "spikes that make one", positive),
                                       variable("counted", &S::counted, none, "spikes since the last", recordable));
  static_assert(covers<P>(fields, part::params) && covers<S>(fields, part::state));
  static constexpr auto channels = inputs(count(0, &I::spikes));

  static derived<double> calibrate(const P&, resolution) { return {}; }

  template <class V> static mask_of<V> step(const params<V>& p, const derived<V>&, state<V>& s, const input<V>& in) {
    const V counted = s.counted + in.spikes;
    const auto spike = counted >= p.n;
    s.counted = select(spike, counted - p.n, counted);
    return spike;
  }
};

}  // namespace volley::neurons
