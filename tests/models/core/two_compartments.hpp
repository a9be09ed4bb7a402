// A model of two compartments, with names for its receptors.
#pragma once
#include <string_view>

#include "models/core/groups.hpp"
#include "models/core/neuron.hpp"

namespace volley::models::tests {

using namespace declare;

template <class V> struct compartment { V C_m = 1, V_th = 2, V_reset = 1; };
template <class V> struct compartment_state { V V_m = 4, hidden = 5; };

struct two_compartments {
  template <class V> struct params {
    V g = 9;
    compartment<V> soma{}, dendrite{.C_m = 6};
  };
  template <class V> struct state {
    V first = 0;
    compartment_state<V> soma{}, dendrite{};
  };
  template <class V> struct derived {};
  template <class V> struct input { V soma, dendrite, current; };
  using C = compartment<double>;
  using P = params<double>;
  using S = state<double>;
  using I = input<double>;

  static constexpr std::string_view name = "two_compartments", meaning = "has two compartments";
  static constexpr auto of_compartment =
      table(param("C_m", &C::C_m, pF, "capacitance", positive), param("V_th", &C::V_th, mV, "threshold"),
            param("V_reset", &C::V_reset, mV, "reset", below(&C::V_th)),
            variable("V_m", &compartment_state<double>::V_m, mV, "potential", recordable),
            internal("hidden", &compartment_state<double>::hidden, none, "something", recordable));
  static constexpr auto fields =
      join(table(param("g", &P::g, nS, "conductance"), internal("first", &S::first, none, "before them")),
           group<of_compartment, 's'>("soma", "the soma", &P::soma, &S::soma),
           group<of_compartment, 'd'>("dendrite", "the dendrite", &P::dendrite, &S::dendrite));
  static_assert(covers<P>(fields, part::params) && covers<S>(fields, part::state));
  static constexpr auto receptor_types =
      names_of_receptors(receptor_name{"in", 2}, receptor_name{"out", 3}, receptor_name{"current", 4});
  static constexpr auto channels = inputs(sum(&I::soma, 2), sum(&I::dendrite, 3), current(4, &I::current));
  static derived<double> calibrate(const P&, resolution) { return {}; }
  template <class V> static mask_of<V> step(const params<V>&, const derived<V>&, state<V>& s, const input<V>&) {
    return s.first > 0;
  }
};

}  // namespace volley::models::tests
