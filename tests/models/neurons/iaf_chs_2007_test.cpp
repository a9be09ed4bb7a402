#include <gtest/gtest.h>

#include <cmath>

#include "tests/runtime/driven_population.hpp"

namespace volley::neurons::tests {
namespace {

using runtime::tests::driven_population;
using runtime::tests::neuron;

driven_population one(const runtime::dictionary& values) {
  return driven_population(neuron("iaf_chs_2007"), 1, values);
}

TEST(iaf_chs_2007, a_synaptic_potential_peaks_after_its_rise_time) {
  auto p = one({{"tau_epsp", 3.0}});
  p.input(0, 0, 0, 1.0);
  p.input(1, 0, 0, -5.0);  // inhibition does not act
  p.run(31, 10);
  EXPECT_NEAR(p.value_of("V_m"), 0.77, 1e-12);
}

TEST(iaf_chs_2007, a_spike_leaves_a_potential_behind_that_decays) {
  auto p = one({{"tau_epsp", 1.0}});
  p.input(0, 0, 0, 1.5);
  p.run(200, 10);
  ASSERT_EQ(p.spikes().size(), 1u);
  const double since = 20 - 0.1 * static_cast<double>(p.spikes()[0].stamp);
  EXPECT_NEAR(p.value_of("V_m"), -2.31 * std::exp(-since / 15.4), 1e-6);
}

TEST(iaf_chs_2007, reads_its_noise_step_by_step_and_none_after_its_end) {
  auto p = one({{"noise", std::vector<double>{0.1, -0.4, 0.2}}, {"V_noise", 2.0}});
  for (const double x : {0.2, -0.8, 0.4, 0.0, 0.0}) {
    p.run(1);
    EXPECT_DOUBLE_EQ(p.value_of("V_m"), x);
  }
}

}  // namespace
}  // namespace volley::neurons::tests
