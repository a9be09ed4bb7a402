#include <gtest/gtest.h>

#include <cmath>

#include "tests/runtime/driven_population.hpp"

namespace volley::neurons::tests {
namespace {

using runtime::tests::driven_population;
using runtime::tests::neuron;

/// Of a spike of weight w, t ms after its arrival, with the defaults of tau_m = 10, tau_syn = 2, C_m = 250.
double psp(double w, double t) { return w / 250 * (10 * 2 / 8.0) * (std::exp(-t / 10) - std::exp(-t / 2)); }

TEST(iaf_psc_exp_ps, adds_up_potentials_from_the_time_of_each_spike) {
  driven_population p(neuron("iaf_psc_exp_ps"), 1);
  p.input_within(0, 0, 0.03, 400.0);
  p.input_within(0, 0, 0.01, -100.0);
  p.input(0, 4, 0, 50.0);
  p.run(10, 3);
  EXPECT_NEAR(p.value_of("V_m"), -70 + psp(400, 0.93) + psp(-100, 0.91) + psp(50, 0.5), 1e-12);
  EXPECT_NEAR(p.value_of("I_syn_ex"), 400 * std::exp(-0.465) + 50 * std::exp(-0.25), 1e-12);
  EXPECT_NEAR(p.value_of("I_syn_in"), -100 * std::exp(-0.455), 1e-12);
  EXPECT_FALSE(p.nodes().recordable("I_syn_ex"));
}

TEST(iaf_psc_exp_ps, spikes_when_the_potential_is_at_threshold) {
  driven_population p(neuron("iaf_psc_exp_ps"), 1);
  p.input_within(0, 0, 0.03, 12000.0);
  p.run(20, 4);
  ASSERT_EQ(p.spikes().size(), 1u);
  const double ms = 0.1 * static_cast<double>(p.spikes()[0].stamp) - p.spikes()[0].offset_ms;
  EXPECT_NEAR(psp(12000, ms - 0.07), 15, 1e-11);
}

}  // namespace
}  // namespace volley::neurons::tests
