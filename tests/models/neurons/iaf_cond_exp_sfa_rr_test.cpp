#include <gtest/gtest.h>

#include <cmath>

#include "tests/runtime/driven_population.hpp"

namespace volley::neurons::tests {
namespace {

using runtime::tests::driven_population;
using runtime::tests::neuron;

driven_population one(const runtime::dictionary& values) {
  return driven_population(neuron("iaf_cond_exp_sfa_rr"), 1, values);
}

TEST(iaf_cond_exp_sfa_rr, charges_like_a_leaky_membrane) {
  auto p = one({{"I_e", 200.0}});
  const double tau = 289.5 / 28.95, V_inf = -70 + 200 / 28.95;
  p.run(300, 10);
  EXPECT_NEAR(p.value_of("V_m"), V_inf + (-70 - V_inf) * std::exp(-30 / tau), 1e-6);
}

TEST(iaf_cond_exp_sfa_rr, conductances_jump_by_the_weight_and_decay) {
  auto p = one({{"tau_syn_ex", 3.0}, {"tau_syn_in", 2.0}});
  p.input(0, 0, 0, 5.0);
  p.input(1, 0, 0, -2.0);
  p.run(1);
  EXPECT_EQ(p.value_of("g_ex"), 5);
  EXPECT_EQ(p.value_of("g_in"), 2);
  p.run(30, 10);
  EXPECT_NEAR(p.value_of("g_ex"), 5 * std::exp(-1), 1e-5);
  EXPECT_NEAR(p.value_of("g_in"), 2 * std::exp(-1.5), 1e-5);
}

TEST(iaf_cond_exp_sfa_rr, a_spike_opens_the_conductances_of_adaptation_and_refractoriness) {
  auto p = one({{"V_m", -56.0}, {"t_ref", 2.0}});
  p.run(1);
  ASSERT_EQ(p.spikes().size(), 1u);
  EXPECT_EQ(p.value_of("V_m"), -70);
  EXPECT_EQ(p.value_of("g_sfa"), 14.48);
  EXPECT_EQ(p.value_of("g_rr"), 3214);
  p.run(20, 10);
  EXPECT_EQ(p.value_of("V_m"), -70);
  EXPECT_NEAR(p.value_of("g_sfa"), 14.48 * std::exp(-2.0 / 110), 1e-4);
  EXPECT_NEAR(p.value_of("g_rr"), 3214 * std::exp(-2.0 / 1.97), 1e-2);
}

TEST(iaf_cond_exp_sfa_rr, intervals_grow_with_adaptation) {
  auto p = one({{"I_e", 800.0}});
  p.run(4000, 10);
  ASSERT_GE(p.spikes().size(), 4u);
  const auto& s = p.spikes();
  EXPECT_GT(s[2].stamp - s[1].stamp, s[1].stamp - s[0].stamp);
}

}  // namespace
}  // namespace volley::neurons::tests
