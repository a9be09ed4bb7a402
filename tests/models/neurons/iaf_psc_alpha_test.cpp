#include <gtest/gtest.h>

#include <cmath>

#include "tests/runtime/driven_population.hpp"

namespace volley::neurons::tests {
namespace {

using runtime::tests::driven_population;
using runtime::tests::neuron;

driven_population one(const runtime::dictionary& values) {
  return driven_population(neuron("iaf_psc_alpha"), 1, values);
}

TEST(iaf_psc_alpha, charges_towards_the_steady_state_of_a_constant_current) {
  auto p = one({{"I_e", 200.0}});
  for (int step = 1; step <= 500; ++step) {
    p.run(1);
    EXPECT_NEAR(p.value_of("V_m"), -70 + 200.0 * 10 / 250 * (1 - std::exp(-step * 0.1 / 10)), 1e-12);
  }
}

TEST(iaf_psc_alpha, a_spike_of_weight_w_gives_a_current_that_peaks_at_w_after_tau_syn) {
  auto p = one({{"tau_syn_ex", 2.0}});
  p.input(0, 0, 0, 100.0);
  for (int step = 1; step <= 100; ++step) {
    p.run(1);
    const double t = (step - 1) * 0.1;  // the spike acts from the end of the step in which it is due
    EXPECT_NEAR(p.nodes().recorded(0)[0], 100 * t / 2 * std::exp(1 - t / 2), 1e-11) << t;
  }
}

/// V(t) for one alpha current of 100 pA through tau = 2, tau_m = 10, C = 250, by integrating with small steps.
double potential_after(double t) {
  const double h = 1e-4, tau = 2, tau_m = 10, C = 250;
  double V = 0;
  for (double s = 0; s < t - h / 2; s += h) {
    const double mid = s + h / 2, I = 100 * mid / tau * std::exp(1 - mid / tau);
    V = (V + I / C * h / 2) * std::exp(-h / tau_m) + I / C * h / 2;
  }
  return V;
}

TEST(iaf_psc_alpha, the_potential_follows_both_currents) {
  auto excited = one({}), inhibited = one({});
  excited.input(0, 0, 0, 100.0);
  inhibited.input(1, 0, 0, -100.0);
  excited.run(51, 10);
  inhibited.run(51, 10);
  EXPECT_NEAR(excited.value_of("V_m"), -70 + potential_after(5.0), 1e-6);
  EXPECT_NEAR(inhibited.value_of("V_m"), -70 - potential_after(5.0), 1e-6);
}

TEST(iaf_psc_alpha, equal_time_constants_are_a_limit_not_an_exception) {
  auto equal = one({{"tau_syn_ex", 10.0}}), nearly = one({{"tau_syn_ex", 10.0 + 1e-9}});
  equal.input(0, 0, 0, 100.0);
  nearly.input(0, 0, 0, 100.0);
  equal.run(50, 10);
  nearly.run(50, 10);
  EXPECT_GT(equal.value_of("V_m"), -69.5);
  EXPECT_NEAR(equal.value_of("V_m"), nearly.value_of("V_m"), 1e-8);
}

TEST(iaf_psc_alpha, fires_regularly_with_the_period_of_the_closed_formula) {
  auto p = one({{"I_e", 500.0}, {"V_reset", -70.0}, {"t_ref", 3.0}});
  p.run(2000, 20);
  const double rise = -10 * std::log(1 - 15.0 / (500.0 * 10 / 250));  // 13.86 ms from reset to threshold
  const auto period = static_cast<runtime::step_t>(std::ceil(rise / 0.1)) + 30;
  ASSERT_GT(p.spikes().size(), 5u);
  for (std::size_t i = 1; i < p.spikes().size(); ++i) EXPECT_EQ(p.spikes()[i].stamp - p.spikes()[i - 1].stamp, period);
}

TEST(iaf_psc_alpha, stays_at_the_reset_potential_for_the_refractory_period) {
  auto p = one({{"V_m", -54.0}, {"t_ref", 1.0}, {"V_reset", -65.0}, {"I_e", 100.0}});
  p.run(1);
  ASSERT_EQ(p.spikes().size(), 1u);
  for (int step = 0; step < 10; ++step) {
    EXPECT_EQ(p.value_of("V_m"), -65);
    p.run(1);
  }
  p.run(1);
  EXPECT_NE(p.value_of("V_m"), -65);
}

TEST(iaf_psc_alpha, the_potential_does_not_fall_below_V_min) {
  auto p = one({{"I_e", -1000.0}, {"V_min", -72.5}});
  p.run(100, 10);
  EXPECT_EQ(p.value_of("V_m"), -72.5);
}

}  // namespace
}  // namespace volley::neurons::tests
