#include <gtest/gtest.h>

#include <cmath>

#include "runtime/base/error.hpp"
#include "tests/runtime/driven_population.hpp"

namespace volley::neurons::tests {
namespace {

using runtime::tests::driven_population;
using runtime::tests::neuron;

driven_population one(const runtime::dictionary& values) {
  return driven_population(neuron("glif_psc_double_alpha"), 1, values);
}

TEST(glif_psc_double_alpha, charges_like_a_leaky_membrane) {
  auto p = one({{"V_m", -70.0}});
  p.run(50, 10);
  EXPECT_NEAR(p.value_of("V_m"), -78.85 + 8.85 * std::exp(-5 * 9.43 / 58.72), 1e-6);
}

TEST(glif_psc_double_alpha, level_1_resets_to_a_potential_and_rests) {
  auto p = one({{"V_m", -40.0}, {"t_ref", 1.0}, {"V_reset", -75.0}});
  p.run(1);
  ASSERT_EQ(p.spikes().size(), 1u);
  EXPECT_EQ(p.value_of("V_m"), -75);
  p.run(10, 3);
  EXPECT_EQ(p.value_of("V_m"), -75);
  p.run(1);
  EXPECT_NE(p.value_of("V_m"), -75);
}

TEST(glif_psc_double_alpha, level_2_raises_the_threshold_and_keeps_a_share_of_the_potential) {
  auto p = one({{"V_m", -40.0}, {"spike_dependent_threshold", true}});
  p.run(1);
  ASSERT_EQ(p.spikes().size(), 1u);
  EXPECT_NEAR(p.value_of("threshold_spike"), 0.37, 1e-12);
  EXPECT_NEAR(p.value_of("V_m"), -78.85 + 0.2 * 38.85 + 18.51, 1e-9);
}

TEST(glif_psc_double_alpha, level_3_sets_off_currents) {
  auto p = one({{"V_m", -40.0}, {"after_spike_currents", true}});
  p.run(1);
  const auto currents = p.nodes().values().get("ASCurrents", 0);
  EXPECT_EQ(currents, runtime::value(std::vector<double>{-9.18, -198.94}));
}

TEST(glif_psc_double_alpha, level_5_follows_the_potential_with_its_threshold) {
  auto p = one({{"spike_dependent_threshold", true},
                {"after_spike_currents", true},
                {"adapting_threshold", true},
                {"V_m", -70.0}});
  p.run(10, 5);
  double th = 0;  // by Euler's method with small steps
  for (int i = 0; i < 100000; ++i) th += 1e-5 * (0.005 * 8.85 * std::exp(-1e-5 * i * 9.43 / 58.72) - 0.09 * th);
  EXPECT_NEAR(p.value_of("threshold_voltage"), th, 1e-6);
}

TEST(glif_psc_double_alpha, only_five_levels_exist_and_what_a_level_lacks_cannot_be_set) {
  EXPECT_THROW(one({{"adapting_threshold", true}}), runtime::api_error);
  EXPECT_THROW(one({{"threshold_spike", 1.0}}), runtime::api_error);
  EXPECT_THROW(one({{"ASCurrents", std::vector<double>{1.0, 2.0}}}), runtime::api_error);
  EXPECT_NO_THROW(one({{"ASCurrents", std::vector<double>{1.0, 2.0}}, {"after_spike_currents", true}}));
}

}  // namespace
}  // namespace volley::neurons::tests
