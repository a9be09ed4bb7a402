#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "runtime/base/error.hpp"
#include "tests/runtime/driven_population.hpp"

namespace volley::neurons::tests {
namespace {

using runtime::tests::driven_population;
using runtime::tests::neuron;

/// Of a spike of weight w, t ms after its arrival, with the defaults of tau_m = 10, tau_syn = 2, C_m = 250.
double psp(double w, double t) {
  const double rate = 1 / 2.0 - 1 / 10.0;
  return w * std::numbers::e / 2 / 250 * (std::exp(-t / 10) - (1 + rate * t) * std::exp(-t / 2)) / (rate * rate);
}

TEST(iaf_psc_alpha_ps, adds_up_potentials_from_the_time_of_each_spike) {
  driven_population p(neuron("iaf_psc_alpha_ps"), 1);
  p.input_within(0, 0, 0.03, 400.0);
  p.input_within(0, 0, 0.01, -100.0);
  p.input(0, 4, 0, 50.0);
  p.run(10, 3);
  EXPECT_NEAR(p.value_of("V_m"), -70 + psp(400, 0.93) + psp(-100, 0.91) + psp(50, 0.5), 1e-12);
  const auto current = [](double w, double t) { return w * std::numbers::e / 2 * t * std::exp(-t / 2); };
  EXPECT_NEAR(p.value_of("I_syn_ex"), current(400, 0.93) + current(50, 0.5), 1e-12);
  EXPECT_NEAR(p.value_of("I_syn_in"), current(-100, 0.91), 1e-12);
}

TEST(iaf_psc_alpha_ps, spikes_when_the_potential_is_at_threshold) {
  driven_population p(neuron("iaf_psc_alpha_ps"), 1);
  p.input_within(0, 0, 0.03, 5000.0);
  p.run(30, 4);
  ASSERT_EQ(p.spikes().size(), 1u);
  const double ms = 0.1 * static_cast<double>(p.spikes()[0].stamp) - p.spikes()[0].offset_ms;
  EXPECT_NEAR(psp(5000, ms - 0.07), 15, 1e-11);
}

TEST(iaf_psc_alpha_ps, shows_its_currents_and_does_not_let_them_be_set) {
  driven_population p(neuron("iaf_psc_alpha_ps"), 1);
  for (const char* key : {"I_syn_ex", "I_syn_in", "dI_syn_ex", "dI_syn_in", "is_refractory"})
    EXPECT_THROW(p.set({{key, 1.0}}), runtime::api_error) << key;
}

}  // namespace
}  // namespace volley::neurons::tests
