#include <gtest/gtest.h>

#include <cmath>

#include "tests/runtime/driven_population.hpp"

namespace volley::neurons::tests {
namespace {

using runtime::tests::driven_population;
using runtime::tests::neuron;

driven_population one(const runtime::dictionary& values) {
  return driven_population(neuron("iaf_psc_delta"), 1, values);
}

TEST(iaf_psc_delta, jumps_by_the_weight_and_decays) {
  auto p = one({});
  p.input(0, 0, 0, 4.0);
  p.run(1);
  EXPECT_DOUBLE_EQ(p.value_of("V_m"), -66);
  p.run(100, 10);
  EXPECT_NEAR(p.value_of("V_m"), -70 + 4 * std::exp(-1), 1e-12);
}

TEST(iaf_psc_delta, a_current_acts_one_step_after_it_arrived) {
  auto p = one({});
  p.input(1, 0, 0, 250.0);
  p.run(1);
  EXPECT_EQ(p.value_of("V_m"), -70);
  p.run(1);
  EXPECT_NEAR(p.value_of("V_m"), -70 + 10 * (1 - std::exp(-0.01)), 1e-12);
}

/// The potential at the end of the refractory period (1 ms) when 3 mV arrive 4 steps before it.
double after_refractory_input(bool refractory_input) {
  auto p = one({{"V_m", -50.0}, {"t_ref", 1.0}, {"refractory_input", refractory_input}});
  p.run(1);
  EXPECT_EQ(p.spikes().size(), 1u);
  p.input(0, 7, 0, 3.0);  // updates 1..10 are refractory
  p.run(10, 10);
  EXPECT_EQ(p.value_of("V_m"), -70);
  p.run(1);
  return p.value_of("V_m");
}

TEST(iaf_psc_delta, input_of_the_refractory_period_is_lost_or_kept_with_decay) {
  EXPECT_EQ(after_refractory_input(false), -70);
  EXPECT_NEAR(after_refractory_input(true), -70 + 3 * std::exp(-4 * 0.01), 1e-12);
}

TEST(iaf_psc_delta, a_refractory_time_between_two_steps_is_rounded_up) {
  auto p = driven_population(neuron("iaf_psc_delta"), 2,
                             {{"I_e", 362.57}, {"C_m", 123.0}, {"t_ref", std::vector<double>{4.58, 3.92}}});
  p.run(400, 10);
  std::map<std::uint32_t, std::vector<runtime::step_t>> stamps;
  for (const auto& s : p.spikes()) stamps[s.cell].push_back(s.stamp);
  EXPECT_EQ(stamps[0], (std::vector<runtime::step_t>{72, 190, 308}));  // measured on the reference
  EXPECT_EQ(stamps[1], (std::vector<runtime::step_t>{72, 184, 296}));
}

TEST(iaf_psc_delta, the_potential_does_not_fall_below_V_min) {
  auto p = one({{"V_min", -71.0}});
  p.input(0, 0, 0, -100.0);
  p.run(1);
  EXPECT_EQ(p.value_of("V_m"), -71);
}

}  // namespace
}  // namespace volley::neurons::tests
