#include <gtest/gtest.h>

#include <cmath>

#include "tests/runtime/driven_population.hpp"

namespace volley::neurons::tests {
namespace {

using runtime::tests::driven_population;
using runtime::tests::neuron;

driven_population one(const runtime::dictionary& values) {
  return driven_population(neuron("iaf_cond_alpha"), 1, values);
}

double recorded(driven_population& p, std::string_view name) {
  return p.nodes().recorded(p.nodes().recordable(name).value())[0];
}

TEST(iaf_cond_alpha, charges_like_a_leaky_membrane) {
  auto p = one({{"I_e", 200.0}});
  const double tau = 250 / 16.6667, V_inf = -70 + 200 / 16.6667;
  p.run(300, 10);
  EXPECT_NEAR(p.value_of("V_m"), V_inf + (-70 - V_inf) * std::exp(-30 / tau), 1e-6);
}

TEST(iaf_cond_alpha, conductances_rise_to_the_weight_and_fall) {
  auto p = one({{"tau_syn_ex", 1.5}, {"tau_syn_in", 2.0}});
  p.input(0, 0, 0, 5.0);
  p.input(1, 0, 0, -3.0);
  p.run(1);
  EXPECT_EQ(p.value_of("g_ex"), 0);
  for (int step = 1; step <= 100; ++step) {
    p.run(1);
    const double t = step * 0.1;
    EXPECT_NEAR(p.value_of("g_ex"), 5 * t / 1.5 * std::exp(1 - t / 1.5), 1e-4) << t;
    EXPECT_NEAR(p.value_of("g_in"), 3 * t / 2 * std::exp(1 - t / 2), 1e-4) << t;
  }
}

TEST(iaf_cond_alpha, the_potential_is_drawn_to_the_reversal_potentials) {
  auto excited = one({{"V_th", 100.0}, {"E_ex", -20.0}, {"tau_syn_ex", 50.0}});
  excited.input(0, 0, 0, 1e4);
  excited.run(500, 10);
  EXPECT_NEAR(excited.value_of("V_m"), -20, 0.2);
  auto inhibited = one({{"tau_syn_in", 50.0}});
  inhibited.input(1, 0, 0, -1e4);
  inhibited.run(500, 10);
  EXPECT_NEAR(inhibited.value_of("V_m"), -85, 0.1);
}

TEST(iaf_cond_alpha, multimeters_see_the_refractory_time_that_is_left) {
  auto p = one({{"V_m", -50.0}, {"t_ref", 1.0}});
  EXPECT_FALSE(p.nodes().values().has("t_ref_remaining"));
  EXPECT_EQ(recorded(p, "t_ref_remaining"), 0);
  p.run(1);
  ASSERT_EQ(p.spikes().size(), 1u);
  for (int left = 10; left > 0; --left) {
    EXPECT_DOUBLE_EQ(recorded(p, "t_ref_remaining"), left * 0.1);
    EXPECT_EQ(p.value_of("V_m"), -60);
    p.run(1);
  }
  EXPECT_EQ(recorded(p, "t_ref_remaining"), 0);
  p.run(1);
  EXPECT_NE(p.value_of("V_m"), -60);
}

}  // namespace
}  // namespace volley::neurons::tests
