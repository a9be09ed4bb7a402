#include <gtest/gtest.h>

#include <cmath>

#include "tests/runtime/driven_population.hpp"

namespace volley::neurons::tests {
namespace {

using runtime::tests::driven_population;
using runtime::tests::neuron;

driven_population one(const runtime::dictionary& values) {
  return driven_population(neuron("iaf_cond_exp"), 1, values);
}

TEST(iaf_cond_exp, charges_like_a_leaky_membrane) {
  auto p = one({{"I_e", 200.0}});
  const double tau = 250 / 16.6667, V_inf = -70 + 200 / 16.6667;
  p.run(300, 10);
  EXPECT_NEAR(p.value_of("V_m"), V_inf + (-70 - V_inf) * std::exp(-30 / tau), 1e-6);
}

TEST(iaf_cond_exp, conductances_jump_by_the_weight_and_decay) {
  auto p = one({{"tau_syn_ex", 3.0}});
  p.input(0, 0, 0, 5.0);
  p.input(1, 0, 0, -2.0);
  p.run(1);
  EXPECT_EQ(p.value_of("g_ex"), 5);
  EXPECT_EQ(p.value_of("g_in"), 2);  // inhibitory weights are negative, conductances are not
  p.run(30, 10);
  EXPECT_NEAR(p.value_of("g_ex"), 5 * std::exp(-1), 1e-5);
  EXPECT_NEAR(p.value_of("g_in"), 2 * std::exp(-1.5), 1e-5);
}

/// The potential after a spike of 5 nS, by Heun's method with small steps.
double potential_after(double t) {
  const double h = 1e-4;
  double V = -70;
  const auto slope = [](double v, double s) { return (-16.6667 * (v + 70) - 5 * std::exp(-s / 2) * v) / 250; };
  for (double s = 0; s < t - h / 2; s += h) {
    const double k = slope(V, s);
    V += h / 2 * (k + slope(V + h * k, s + h));
  }
  return V;
}

TEST(iaf_cond_exp, the_potential_is_drawn_to_the_reversal_potential) {
  auto p = one({{"tau_syn_ex", 2.0}});
  p.input(0, 0, 0, 5.0);
  p.run(101, 10);
  EXPECT_NEAR(p.value_of("V_m"), potential_after(10), 1e-4);
}

TEST(iaf_cond_exp, stays_at_the_reset_potential_for_the_refractory_period_while_conductances_decay) {
  auto p = one({{"V_m", -50.0}, {"g_ex", 4.0}, {"tau_syn_ex", 2.0}, {"t_ref", 1.0}});
  p.run(1);
  ASSERT_EQ(p.spikes().size(), 1u);
  for (int step = 0; step < 10; ++step) {
    p.run(1);
    EXPECT_EQ(p.value_of("V_m"), -60);
  }
  EXPECT_NEAR(p.value_of("g_ex"), 4 * std::exp(-1.1 / 2), 1e-5);
  p.run(1);
  EXPECT_NE(p.value_of("V_m"), -60);
}

TEST(iaf_cond_exp, absurdly_strong_input_ends) {
  auto p = one({});
  p.input(0, 0, 0, 1e7);
  p.run(20, 10);
  EXPECT_TRUE(std::isfinite(p.value_of("V_m")));
}

}  // namespace
}  // namespace volley::neurons::tests
