#include <gtest/gtest.h>

#include <cmath>

#include "runtime/base/error.hpp"
#include "tests/runtime/driven_population.hpp"

namespace volley::neurons::tests {
namespace {

using runtime::tests::driven_population;
using runtime::tests::neuron;

driven_population one(const runtime::dictionary& values) {
  return driven_population(neuron("aeif_cond_exp"), 1, values);
}

TEST(aeif_cond_exp, rests_where_leak_and_spike_current_cancel) {
  auto p = one({{"a", 0.0}});
  p.run(5000, 50);
  const double V = p.value_of("V_m");
  EXPECT_NEAR(-30 * (V + 70.6) + 30 * 2 * std::exp((V + 50.4) / 2), 0, 1e-3);
}

TEST(aeif_cond_exp, a_spike_resets_within_the_step_and_adds_to_the_adaptation) {
  auto p = one({{"V_m", -1.0}, {"w", 10.0}});
  p.run(1);
  ASSERT_EQ(p.spikes().size(), 1u);
  EXPECT_NEAR(p.value_of("w"), 90.5, 0.1);
  EXPECT_LT(p.value_of("V_m"), -60);  // the reset potential, and what was left of the step
  EXPECT_GT(p.value_of("V_m"), -61);
}

TEST(aeif_cond_exp, stays_at_the_reset_potential_for_the_refractory_period) {
  auto p = one({{"V_m", -1.0}, {"t_ref", 1.0}});
  p.run(11);
  EXPECT_EQ(p.value_of("V_m"), -60);
  p.run(1);
  EXPECT_NE(p.value_of("V_m"), -60);
  EXPECT_EQ(p.spikes().size(), 1u);
}

TEST(aeif_cond_exp, the_threshold_is_sharp_without_a_spike_current) {
  auto p = one({{"Delta_T", 0.0}, {"V_m", -49.0}});
  p.run(1);
  EXPECT_EQ(p.spikes().size(), 1u);
  auto below = one({{"Delta_T", 0.0}, {"V_m", -50.5}});
  below.run(1);
  EXPECT_TRUE(below.spikes().empty());
}

TEST(aeif_cond_exp, may_fire_twice_in_a_step) {
  auto p = one({{"g_ex", 20000.0}});
  p.run(1);
  ASSERT_EQ(p.spikes().size(), 1u);
  EXPECT_GT(p.spikes()[0].count, 1);
}

TEST(aeif_cond_exp, conductances_jump_by_the_weight_and_decay) {
  auto p = one({{"tau_syn_ex", 3.0}});
  p.input(0, 0, 0, 5.0);
  p.input(1, 0, 0, -2.0);
  p.run(31, 10);
  EXPECT_NEAR(p.value_of("g_ex"), 5 * std::exp(-1), 1e-5);
  EXPECT_NEAR(p.value_of("g_in"), 2 * std::exp(-1.5), 1e-5);
}

TEST(aeif_cond_exp, a_peak_below_the_threshold_or_beyond_all_numbers_is_refused) {
  EXPECT_THROW(one({{"V_peak", -50.5}}), runtime::api_error);
  EXPECT_THROW(one({{"V_peak", 700.0}, {"Delta_T", 1.0}}), runtime::api_error);
  EXPECT_NO_THROW(one({{"V_peak", 700.0}, {"Delta_T", 0.0}}));
}

}  // namespace
}  // namespace volley::neurons::tests
