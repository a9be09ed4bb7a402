#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include "tests/runtime/driven_population.hpp"

namespace volley::neurons::tests {
namespace {

using runtime::tests::driven_population;
using runtime::tests::neuron;

driven_population one(const runtime::dictionary& values) {
  return driven_population(neuron("aeif_cond_beta_multisynapse"), 1, values);
}

TEST(aeif_cond_beta_multisynapse, rests_where_leak_and_spike_current_cancel) {
  auto p = one({{"a", 0.0}});
  p.run(5000, 50);
  const double V = p.value_of("V_m");
  EXPECT_NEAR(-30 * (V + 70.6) + 30 * 2 * std::exp((V + 50.4) / 2), 0, 1e-3);
}

TEST(aeif_cond_beta_multisynapse, a_spike_resets_within_the_step_and_adds_to_the_adaptation) {
  auto p = one({{"V_m", -1.0}, {"w", 10.0}});
  p.run(1);
  ASSERT_EQ(p.spikes().size(), 1u);
  EXPECT_NEAR(p.value_of("w"), 90.5, 0.1);
  EXPECT_LT(p.value_of("V_m"), -60);  // the reset potential, and what was left of the step
  EXPECT_GT(p.value_of("V_m"), -61);
}

TEST(aeif_cond_beta_multisynapse, stays_at_the_reset_potential_for_the_refractory_period) {
  auto p = one({{"V_m", -1.0}, {"t_ref", 1.0}});
  p.run(11);
  EXPECT_EQ(p.value_of("V_m"), -60);
  p.run(1);
  EXPECT_NE(p.value_of("V_m"), -60);
  EXPECT_EQ(p.spikes().size(), 1u);
}

const runtime::dictionary three{{"E_rev", std::vector<double>{0.0, -85.0, -20.0}},
                                {"tau_rise", std::vector<double>{0.5, 1.0, 2.0}},
                                {"tau_decay", std::vector<double>{2.0, 5.0, 10.0}}};

TEST(aeif_cond_beta_multisynapse, each_receptor_has_a_conductance_of_its_own_that_peaks_at_the_weight) {
  auto p = one(three);
  for (std::size_t k = 0; k < 3; ++k) p.input(1 + k, 0, 0, 1.0 + static_cast<double>(k));
  std::vector<double> peaks(3);
  for (int step = 0; step < 400; ++step) {
    p.run(1);
    const auto g = p.nodes().values().get("g", 0);
    for (std::size_t k = 0; k < 3; ++k) peaks[k] = std::max(peaks[k], (*g.get_if<std::vector<double>>())[k]);
  }
  for (std::size_t k = 0; k < 3; ++k) EXPECT_NEAR(peaks[k], 1.0 + static_cast<double>(k), 1e-2);
}

TEST(aeif_cond_beta_multisynapse, the_reversal_potential_says_where_the_potential_is_drawn) {
  for (std::size_t k = 0; k < 3; ++k) {
    auto p = one(three);
    p.input(1 + k, 0, 0, 3.0);
    p.run(50, 10);
    EXPECT_EQ(p.value_of("V_m") < -70.6, k == 1) << k;
  }
}

}  // namespace
}  // namespace volley::neurons::tests
