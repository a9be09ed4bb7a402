#include <gtest/gtest.h>

#include <cmath>

#include "tests/runtime/driven_population.hpp"

namespace volley::neurons::tests {
namespace {

using runtime::tests::driven_population;
using runtime::tests::neuron;

driven_population one(const runtime::dictionary& values) {
  return driven_population(neuron("iaf_psc_exp_multisynapse"), 1, values);
}

TEST(iaf_psc_exp_multisynapse, each_receptor_has_a_current_of_its_own) {
  auto p = one({{"tau_syn", std::vector<double>{2.0, 5.0}}});
  EXPECT_EQ(p.nodes().values().get("n_synapses"), runtime::value(2));
  p.input(1, 0, 0, 100.0);
  p.input(2, 0, 0, -40.0);
  p.run(31, 10);
  const auto recorded = [&](const char* name) { return p.nodes().recorded(p.nodes().recordable(name).value())[0]; };
  EXPECT_NEAR(recorded("I_syn_1"), 100 * std::exp(-1.5), 1e-10);
  EXPECT_NEAR(recorded("I_syn_2"), -40 * std::exp(-0.6), 1e-10);
  EXPECT_NEAR(recorded("I_syn"), recorded("I_syn_1") + recorded("I_syn_2"), 1e-12);
}

TEST(iaf_psc_exp_multisynapse, one_receptor_is_a_neuron_of_the_model_with_two) {
  auto p = one({{"tau_syn", std::vector<double>{3.0}}});
  driven_population other(neuron("iaf_psc_exp"), 1, {{"tau_syn_ex", 3.0}});
  p.input(1, 4, 0, 900.0);
  other.input(0, 4, 0, 900.0);
  p.input(0, 30, 0, 700.0);
  other.input(2, 30, 0, 700.0);
  for (int step = 0; step < 80; ++step) {
    p.run(1);
    other.run(1);
    EXPECT_NEAR(p.value_of("V_m"), other.value_of("V_m"), 1e-12) << step;
  }
  EXPECT_EQ(p.spikes(), other.spikes());
}

}  // namespace
}  // namespace volley::neurons::tests
