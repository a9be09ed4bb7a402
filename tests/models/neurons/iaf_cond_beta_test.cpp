#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/runtime/driven_population.hpp"

namespace volley::neurons::tests {
namespace {

using runtime::tests::driven_population;
using runtime::tests::neuron;

driven_population one(const runtime::dictionary& values) {
  return driven_population(neuron("iaf_cond_beta"), 1, values);
}

TEST(iaf_cond_beta, charges_like_a_leaky_membrane) {
  auto p = one({{"I_e", 200.0}});
  const double tau = 250 / 16.6667, V_inf = -70 + 200 / 16.6667;
  p.run(300, 10);
  EXPECT_NEAR(p.value_of("V_m"), V_inf + (-70 - V_inf) * std::exp(-30 / tau), 1e-6);
}

TEST(iaf_cond_beta, conductances_are_differences_of_exponentials) {
  auto p = one({{"tau_rise_ex", 1.0}, {"tau_decay_ex", 4.0}});
  p.input(0, 0, 0, 5.0);
  p.run(1);
  // The peak of exp(-t/4) - exp(-t) is at 4/3 ln 4.
  const double peak = std::pow(4, -1.0 / 3) - std::pow(4, -4.0 / 3);
  for (int step = 1; step <= 100; ++step) {
    p.run(1);
    const double t = step * 0.1;
    EXPECT_NEAR(p.value_of("g_ex"), 5 * (std::exp(-t / 4) - std::exp(-t)) / peak, 1e-4) << t;
  }
}

/// Largest inhibitory conductance after a spike of 3 nS.
double peak(double tau_rise, double tau_decay) {
  auto p = one({{"tau_rise_in", tau_rise}, {"tau_decay_in", tau_decay}});
  p.input(1, 0, 0, -3.0);
  double highest = 0;
  for (int step = 0; step < 200; ++step) {
    p.run(1);
    highest = std::max(highest, p.value_of("g_in"));
  }
  return highest;
}

TEST(iaf_cond_beta, the_weight_is_the_peak_whichever_time_is_longer_and_if_they_are_equal) {
  for (const double tau_rise : {0.5, 1.999999, 2.0, 2.0000000001, 5.0}) EXPECT_NEAR(peak(tau_rise, 2), 3, 5e-3);
}

TEST(iaf_cond_beta, equal_times_make_an_alpha_function) {
  auto beta = one({});
  driven_population alpha(neuron("iaf_cond_alpha"), 1);
  for (driven_population* p : {&beta, &alpha}) {
    p->input(0, 0, 0, 20.0);
    p->input(1, 40, 0, -9.0);
    p->run(100, 10);
  }
  for (const char* const key : {"V_m", "g_in", "dg_in"}) EXPECT_NEAR(beta.value_of(key), alpha.value_of(key), 1e-9);
}

TEST(iaf_cond_beta, stays_at_the_reset_potential_for_the_refractory_period) {
  auto p = one({{"V_m", -50.0}, {"t_ref", 1.0}});
  p.run(1);
  ASSERT_EQ(p.spikes().size(), 1u);
  const auto left = p.nodes().recordable("t_ref_remaining").value();
  EXPECT_DOUBLE_EQ(p.nodes().recorded(left)[0], 1);
  p.run(10);
  EXPECT_EQ(p.value_of("V_m"), -60);
  EXPECT_EQ(p.nodes().recorded(left)[0], 0);
  p.run(1);
  EXPECT_NE(p.value_of("V_m"), -60);
}

}  // namespace
}  // namespace volley::neurons::tests
