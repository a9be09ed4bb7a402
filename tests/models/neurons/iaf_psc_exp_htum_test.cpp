#include <gtest/gtest.h>

#include <cmath>

#include "runtime/base/error.hpp"
#include "tests/runtime/driven_population.hpp"

namespace volley::neurons::tests {
namespace {

using runtime::tests::driven_population;
using runtime::tests::neuron;

driven_population one(const runtime::dictionary& values) {
  return driven_population(neuron("iaf_psc_exp_htum"), 1, values);
}

TEST(iaf_psc_exp_htum, the_potential_is_the_difference_of_two_exponentials) {
  auto p = one({});
  p.input(0, 0, 0, 300.0);
  for (int step = 1; step <= 300; ++step) {
    p.run(1);
    const double t = (step - 1) * 0.1;
    const double shape = std::exp(-t / 10) - std::exp(-t / 2);
    EXPECT_NEAR(p.value_of("V_m"), -70 + 300.0 / 250 * (10 * 2 / (10.0 - 2)) * shape, 1e-12);
  }
}

TEST(iaf_psc_exp_htum, after_a_spike_it_is_clamped_then_silent) {
  auto p = one({{"I_e", 1000.0}, {"t_ref_abs", 1.0}, {"t_ref_tot", 4.0}, {"V_m", -55.0}});
  p.run(1);
  ASSERT_EQ(p.spikes().size(), 1u);
  p.run(10);
  EXPECT_EQ(p.value_of("V_m"), -70);
  p.run(29);  // far above the threshold, which is reached after 5 ms
  EXPECT_NEAR(p.value_of("V_m"), -70 + 40 * (1 - std::exp(-2.9 / 10)), 1e-12);
  p.run(15);
  ASSERT_EQ(p.spikes().size(), 1u);
  p.run(10);
  EXPECT_EQ(p.spikes().size(), 2u);
}

TEST(iaf_psc_exp_htum, no_spike_comes_before_the_total_refractory_period_ends) {
  auto p = one({{"I_e", 10000.0}, {"t_ref_abs", 0.1}, {"t_ref_tot", 3.0}});
  p.run(200, 10);
  ASSERT_GE(p.spikes().size(), 3u);
  for (std::size_t i = 1; i < p.spikes().size(); ++i) EXPECT_EQ(p.spikes()[i].stamp - p.spikes()[i - 1].stamp, 31);
}

TEST(iaf_psc_exp_htum, the_total_period_is_not_shorter_than_the_absolute_one) {
  EXPECT_THROW(one({{"t_ref_abs", 3.0}}), runtime::api_error);
  EXPECT_NO_THROW(one({{"t_ref_abs", 3.0}, {"t_ref_tot", 3.0}}));
}

TEST(iaf_psc_exp_htum, multimeters_see_the_potential_relative_to_E_L) {
  auto p = one({{"V_m", -66.0}});
  const auto V_m = p.nodes().recordable("V_m");
  ASSERT_TRUE(V_m.has_value());
  EXPECT_EQ(p.nodes().recorded(*V_m)[0], 4);
  EXPECT_EQ(p.value_of("V_m"), -66);
}

}  // namespace
}  // namespace volley::neurons::tests
