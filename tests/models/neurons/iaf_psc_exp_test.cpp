#include <gtest/gtest.h>

#include <cmath>

#include "tests/runtime/driven_population.hpp"

namespace volley::neurons::tests {
namespace {

using runtime::tests::driven_population;
using runtime::tests::neuron;

driven_population some(std::uint32_t cells, const runtime::dictionary& values) {
  return driven_population(neuron("iaf_psc_exp"), cells, values);
}

TEST(iaf_psc_exp, currents_jump_by_the_weight_and_decay) {
  auto p = some(1, {{"tau_syn_in", 5.0}});
  p.input(0, 0, 0, 100.0);
  p.input(1, 0, 0, -40.0);
  p.run(1);
  EXPECT_EQ(p.nodes().recorded(0)[0], 100);
  EXPECT_EQ(p.nodes().recorded(1)[0], -40);
  p.run(50, 10);
  EXPECT_NEAR(p.nodes().recorded(0)[0], 100 * std::exp(-5.0 / 2), 1e-12);
  EXPECT_NEAR(p.nodes().recorded(1)[0], -40 * std::exp(-5.0 / 5), 1e-12);
}

TEST(iaf_psc_exp, the_potential_is_the_difference_of_two_exponentials) {
  auto p = some(1, {});
  p.input(0, 0, 0, 300.0);
  for (int step = 1; step <= 300; ++step) {
    p.run(1);
    const double t = (step - 1) * 0.1;
    EXPECT_NEAR(p.value_of("V_m"), -70 + 300.0 / 250 * (10 * 2 / (10.0 - 2)) * (std::exp(-t / 10) - std::exp(-t / 2)),
                1e-12);
  }
}

TEST(iaf_psc_exp, a_current_on_receptor_1_is_filtered_by_the_excitatory_synapse) {
  auto p = some(1, {});
  for (int step = 0; step < 300; ++step) p.input(3, step, 0, 50.0);
  p.run(101, 10);
  EXPECT_NEAR(p.nodes().recorded(0)[0], 50 * (1 - std::exp(-10.0 / 2)), 1e-11);
}

TEST(iaf_psc_exp, a_soft_threshold_fires_at_the_escape_rate) {
  // Clamped 2 mV below threshold by a tiny time constant: rate = rho exp(-2 / delta).
  const double rho = 2000, delta = 3, h = 1e-4;
  auto p =
      some(200, {{"delta", delta}, {"rho", rho}, {"V_m", -57.0}, {"E_L", -57.0}, {"V_reset", -57.0}, {"t_ref", 0.0}});
  const int steps = 2000;
  p.run(steps, 50);
  const double expected = rho * std::exp(-2 / delta) * h * steps * 200;  // 41,000
  EXPECT_NEAR(static_cast<double>(p.spikes().size()), expected, 5 * std::sqrt(expected));
}

TEST(iaf_psc_exp, a_soft_threshold_is_crossed_without_a_spike_and_never_in_the_refractory_period) {
  auto silent = some(1, {{"delta", 1.0}, {"rho", 0.0}, {"I_e", 1000.0}});
  silent.run(1000, 50);
  EXPECT_TRUE(silent.spikes().empty());
  EXPECT_GT(silent.value_of("V_m"), -55);
  auto eager = some(1, {{"delta", 1000.0}, {"rho", 1e7}, {"t_ref", 2.0}});
  eager.run(201, 50);
  ASSERT_GE(eager.spikes().size(), 2u);
  EXPECT_EQ(eager.spikes()[1].stamp - eager.spikes()[0].stamp, 21);
}

TEST(iaf_psc_exp, a_hard_threshold_is_not_random) {
  auto a = some(3, {{"I_e", 500.0}}), b = some(3, {{"I_e", 500.0}});
  a.run(1000, 10, 1);
  b.run(1000, 10, 2);
  EXPECT_EQ(a.spikes(), b.spikes());
  EXPECT_FALSE(a.spikes().empty());
}

}  // namespace
}  // namespace volley::neurons::tests
