#include <gtest/gtest.h>

#include <cmath>

#include "runtime/base/error.hpp"
#include "tests/runtime/driven_population.hpp"

namespace volley::neurons::tests {
namespace {

using runtime::tests::driven_population;
using runtime::tests::neuron;

driven_population one(const runtime::dictionary& values) {
  return driven_population(neuron("mat2_psc_exp"), 1, values);
}

TEST(mat2_psc_exp, the_potential_is_the_difference_of_two_exponentials) {
  auto p = one({});
  p.input(0, 0, 0, 300.0);
  for (int step = 1; step <= 300; ++step) {
    p.run(1);
    const double t = (step - 1) * 0.1;
    const double shape = std::exp(-t / 5) - std::exp(-t);
    EXPECT_NEAR(p.value_of("V_m"), -70 + 300.0 / 100 * (5 * 1 / (5.0 - 1)) * shape, 1e-12);
  }
}

TEST(mat2_psc_exp, a_spike_raises_the_threshold_and_leaves_the_potential) {
  auto p = one({{"V_m", -40.0}});
  EXPECT_EQ(p.value_of("V_th"), -51);
  p.run(1);
  ASSERT_EQ(p.spikes().size(), 1u);
  EXPECT_NEAR(p.value_of("V_m"), -70 + 30 * std::exp(-0.1 / 5), 1e-12);
  EXPECT_EQ(p.value_of("V_th"), -51 + 37 + 2);
  p.run(50, 10);
  EXPECT_NEAR(p.value_of("V_th"), -51 + 37 * std::exp(-5.0 / 10) + 2 * std::exp(-5.0 / 200), 1e-12);
}

TEST(mat2_psc_exp, does_not_fire_twice_within_the_refractory_period) {
  auto p = one({{"I_e", 5000.0}, {"alpha_1", 0.0}, {"alpha_2", 0.0}, {"t_ref", 1.5}});
  p.run(200, 10);
  ASSERT_GE(p.spikes().size(), 3u);
  for (std::size_t i = 1; i < p.spikes().size(); ++i) EXPECT_EQ(p.spikes()[i].stamp - p.spikes()[i - 1].stamp, 16);
}

TEST(mat2_psc_exp, the_threshold_is_computed) {
  auto p = one({{"E_L", -60.0}, {"V_th_alpha_1", 3.0}, {"V_th_alpha_2", 0.5}});
  EXPECT_EQ(p.value_of("omega"), -51);
  EXPECT_EQ(p.value_of("V_th"), -47.5);
  EXPECT_THROW(p.set({{"V_th", -50.0}}), runtime::api_error);
  EXPECT_EQ(p.nodes().recorded(p.nodes().recordable("V_th").value())[0], -47.5);
}

TEST(mat2_psc_exp, time_constants_differ) {
  EXPECT_THROW(one({{"tau_m", 1.0}}), runtime::api_error);
  EXPECT_THROW(one({{"tau_syn_in", 5.0}}), runtime::api_error);
  EXPECT_NO_THROW(one({{"tau_m", 1.0}, {"tau_syn_ex", 2.0}}));
}

}  // namespace
}  // namespace volley::neurons::tests
