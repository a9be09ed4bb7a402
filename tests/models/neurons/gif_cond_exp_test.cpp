#include <gtest/gtest.h>

#include <cmath>

#include "runtime/base/error.hpp"
#include "tests/runtime/driven_population.hpp"

namespace volley::neurons::tests {
namespace {

using runtime::tests::driven_population;
using runtime::tests::neuron;

driven_population one(const runtime::dictionary& values) {
  return driven_population(neuron("gif_cond_exp"), 1, values);
}

runtime::dictionary sharp(runtime::dictionary values = {}) {
  values["Delta_V"] = 1e-3;
  return values;
}

TEST(gif_cond_exp, fires_where_the_potential_crosses_a_sharp_threshold_and_is_reset_a_step_later) {
  auto p = one(sharp({{"I_e", 200.0}}));
  while (p.spikes().empty() && p.now() < 2000) p.run(1);
  ASSERT_EQ(p.spikes().size(), 1u);
  EXPECT_GT(p.value_of("V_m"), -35.01);
  p.run(1);
  EXPECT_EQ(p.value_of("V_m"), -55);
  p.run(39, 10);
  EXPECT_EQ(p.value_of("V_m"), -55);
  p.run(1);
  EXPECT_NE(p.value_of("V_m"), -55);
}

TEST(gif_cond_exp, a_spike_moves_the_threshold_and_sets_off_a_current_which_decay) {
  auto p = one(sharp({{"I_e", 200.0},
                      {"tau_sfa", std::vector<double>{10.0, 50.0}},
                      {"q_sfa", std::vector<double>{3.0, 1.0}},
                      {"tau_stc", std::vector<double>{20.0}},
                      {"q_stc", std::vector<double>{5.0}}}));
  while (p.spikes().empty() && p.now() < 2000) p.run(1);
  EXPECT_EQ(p.value_of("E_sfa"), -35);
  p.run(11);
  EXPECT_NEAR(p.value_of("E_sfa"), -35 + 3 * std::exp(-0.1) + std::exp(-0.02), 1e-12);
  EXPECT_NEAR(p.value_of("I_stc"), 5 * std::exp(-0.05), 1e-12);
}

TEST(gif_cond_exp, lists_of_one_kind_have_the_same_length) {
  EXPECT_THROW(one({{"tau_sfa", std::vector<double>{10.0}}}), runtime::api_error);
  EXPECT_THROW(one({{"tau_sfa", std::vector<double>{10.0}}, {"q_sfa", std::vector<double>{1.0, 2.0}}}),
               runtime::api_error);
}

TEST(gif_cond_exp, the_rate_at_the_threshold_is_that_of_the_parameter) {
  driven_population p(neuron("gif_cond_exp"), 500,
                      {{"V_m", -35.0}, {"E_L", -35.0}, {"V_reset", -35.0}, {"lambda_0", 20.0}, {"t_ref", 0.0}});
  p.run(1000, 50);
  EXPECT_NEAR(static_cast<double>(p.spikes().size()), 20 * 0.1 * 500, 4 * std::sqrt(1000));
}

}  // namespace
}  // namespace volley::neurons::tests
