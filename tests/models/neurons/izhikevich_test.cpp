#include <gtest/gtest.h>

#include "tests/runtime/driven_population.hpp"

namespace volley::neurons::tests {
namespace {

using runtime::tests::driven_population;
using runtime::tests::neuron;

driven_population one(const runtime::dictionary& values) { return driven_population(neuron("izhikevich"), 1, values); }

constexpr double h = 0.1;
double slope(double v, double u) { return 0.04 * v * v + 5 * v + 140 - u; }

TEST(izhikevich, both_variables_take_whole_steps_and_weights_are_jumps) {
  auto p = one({});
  p.input(0, 0, 0, 3.0);
  p.run(1);
  EXPECT_DOUBLE_EQ(p.value_of("V_m"), -65 + h * slope(-65, -13) + 3);
  EXPECT_DOUBLE_EQ(p.value_of("U_m"), -13);
}

TEST(izhikevich, the_scheme_of_the_paper_halves_the_step_of_the_potential) {
  auto p = one({{"consistent_integration", false}});
  p.input(0, 0, 0, 3.0);
  p.run(1);
  double v = -65;
  for (int half = 0; half < 2; ++half) v += h / 2 * (slope(v, -13) + 3);
  EXPECT_DOUBLE_EQ(p.value_of("V_m"), v);
  EXPECT_DOUBLE_EQ(p.value_of("U_m"), -13 + h * 0.02 * (0.2 * v + 13));
}

TEST(izhikevich, a_current_acts_in_the_step_after_its_arrival) {
  auto p = one({});
  p.input(1, 0, 0, 5.0);
  p.run(1);
  const double v = p.value_of("V_m");
  EXPECT_DOUBLE_EQ(v, -65 + h * slope(-65, -13));
  p.run(1);
  EXPECT_DOUBLE_EQ(p.value_of("V_m"), v + h * (slope(v, -13) + 5));
}

TEST(izhikevich, a_spike_resets_the_potential_and_raises_the_recovery_variable) {
  auto p = one({{"V_m", 29.0}, {"U_m", 1.0}});
  p.run(1);
  ASSERT_EQ(p.spikes().size(), 1u);
  EXPECT_EQ(p.value_of("V_m"), -65);
  EXPECT_DOUBLE_EQ(p.value_of("U_m"), 1 + h * 0.02 * (0.2 * 29 - 1) + 8);
}

TEST(izhikevich, the_potential_does_not_fall_below_V_min) {
  auto p = one({{"V_min", -70.0}});
  p.input(0, 0, 0, -100.0);
  p.run(1);
  EXPECT_EQ(p.value_of("V_m"), -70);
}

}  // namespace
}  // namespace volley::neurons::tests
