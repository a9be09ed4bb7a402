#include <gtest/gtest.h>

#include <cmath>

#include "runtime/base/error.hpp"
#include "tests/runtime/driven_population.hpp"

namespace volley::neurons::tests {
namespace {

using runtime::tests::driven_population;
using runtime::tests::neuron;

driven_population one(const runtime::dictionary& values) {
  return driven_population(neuron("amat2_psc_exp"), 1, values);
}

TEST(amat2_psc_exp, the_potential_is_the_difference_of_two_exponentials) {
  auto p = one({});
  p.input(0, 0, 0, 300.0);
  for (int step = 1; step <= 300; ++step) {
    p.run(1);
    const double t = (step - 1) * 0.1;
    const double shape = std::exp(-t / 10) - std::exp(-t);
    EXPECT_NEAR(p.value_of("V_m"), -70 + 300.0 / 200 * (10 * 1 / (10.0 - 1)) * shape, 1e-12);
  }
}

TEST(amat2_psc_exp, a_spike_raises_the_threshold_and_leaves_the_potential) {
  auto p = one({{"V_m", -40.0}, {"alpha_2", 2.0}});
  EXPECT_EQ(p.value_of("V_th"), -65);
  p.run(1);
  ASSERT_EQ(p.spikes().size(), 1u);
  EXPECT_NEAR(p.value_of("V_m"), -70 + 30 * std::exp(-0.1 / 10), 1e-12);
  EXPECT_EQ(p.value_of("V_th"), -65 + 10 + 2);
  p.run(19);
  EXPECT_NEAR(p.value_of("V_th"), -65 + 10 * std::exp(-1.9 / 10) + 2 * std::exp(-1.9 / 200), 1e-12);
}

/// beta times the integral of s exp(-s / tau) V'(t - s) over s in [0, t], by Simpson's rule.
template <class Slope> double followed(double beta, double tau, double t, const Slope& slope) {
  constexpr int parts = 20000;
  const double h = t / parts;
  double sum = 0;
  for (int i = 0; i <= parts; ++i) {
    const double s = i * h;
    sum += (i == 0 || i == parts ? 1 : i % 2 == 1 ? 4 : 2) * s * std::exp(-s / tau) * slope(t - s);
  }
  return beta * sum * h / 3;
}

TEST(amat2_psc_exp, the_threshold_follows_a_decaying_potential) {
  auto p = one({{"V_m", -75.0}, {"beta", 0.3}, {"tau_v", 4.0}});
  p.run(150, 10);
  const auto slope = [](double t) { return 5.0 / 10 * std::exp(-t / 10); };
  EXPECT_NEAR(p.value_of("V_th_v"), followed(0.3, 4, 15, slope), 1e-10);
  EXPECT_NEAR(p.value_of("V_th"), -65 + p.value_of("V_th_v"), 1e-12);
}

TEST(amat2_psc_exp, the_threshold_follows_a_constant_current) {
  auto p = one({{"I_e", 40.0}, {"beta", -0.3}});
  p.run(150, 10);
  const auto slope = [](double t) { return 40.0 / 200 * std::exp(-t / 10); };
  EXPECT_NEAR(p.value_of("V_th_v"), followed(-0.3, 5, 15, slope), 1e-10);
}

TEST(amat2_psc_exp, the_threshold_follows_synaptic_currents) {
  auto p = one({{"beta", 0.2}, {"tau_syn_in", 4.9}});
  p.input(0, 0, 0, 100.0);
  p.input(1, 0, 0, -60.0);
  p.run(151, 10);
  const auto from = [](double t, double pA, double tau) {
    return pA / 200 * (std::exp(-t / tau) / tau - std::exp(-t / 10) / 10) / (1 / tau - 1.0 / 10);
  };
  const auto slope = [&](double t) { return from(t, 100, 1) + from(t, -60, 4.9); };
  EXPECT_NEAR(p.value_of("V_th_v"), followed(0.2, 5, 15, slope), 1e-10);
}

TEST(amat2_psc_exp, time_constants_differ) {
  EXPECT_THROW(one({{"tau_m", 1.0}}), runtime::api_error);
  EXPECT_THROW(one({{"tau_v", 10.0}}), runtime::api_error);
  EXPECT_THROW(one({{"tau_v", 3.0}}), runtime::api_error);
  EXPECT_NO_THROW(one({{"tau_v", 3.0}, {"tau_syn_in", 4.0}}));
}

}  // namespace
}  // namespace volley::neurons::tests
