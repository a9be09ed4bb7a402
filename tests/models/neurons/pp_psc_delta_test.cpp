#include <gtest/gtest.h>

#include <cmath>

#include "tests/runtime/driven_population.hpp"

namespace volley::neurons::tests {
namespace {

using runtime::tests::driven_population;
using runtime::tests::neuron;

driven_population one(const runtime::dictionary& values) {
  return driven_population(neuron("pp_psc_delta"), 1, values);
}

TEST(pp_psc_delta, the_potential_jumps_by_the_weight_and_leaks) {
  auto p = one({{"c_2", 0.0}});
  p.input(0, 0, 0, 3.0);
  p.run(51, 10);
  EXPECT_NEAR(p.value_of("V_m"), 3 * std::exp(-0.5), 1e-12);
}

TEST(pp_psc_delta, fires_at_its_rate_outside_the_dead_time) {
  driven_population p(neuron("pp_psc_delta"), 500, {{"c_2", 50.0}, {"c_3", 0.0}, {"dead_time", 5.0}});
  p.run(2000, 50);
  const double expected = 0.2 * 500 * 50 / (1 + 50 * 0.005);
  EXPECT_NEAR(static_cast<double>(p.spikes().size()), expected, 5 * std::sqrt(expected));
}

TEST(pp_psc_delta, without_a_dead_time_a_step_may_have_several_spikes) {
  driven_population p(neuron("pp_psc_delta"), 100, {{"c_2", 20000.0}, {"c_3", 0.0}, {"dead_time", 0.0}});
  p.run(100, 20);
  double spikes = 0;
  for (const auto& s : p.spikes()) spikes += s.count;
  EXPECT_NEAR(spikes, 20000, 5 * std::sqrt(20000));
}

TEST(pp_psc_delta, dead_times_are_drawn_with_the_mean_that_is_set) {
  driven_population p(
      neuron("pp_psc_delta"), 400,
      {{"c_2", 1e7}, {"c_3", 0.0}, {"dead_time", 4.0}, {"dead_time_random", true}, {"dead_time_shape", 3}});
  p.run(4000, 50);
  EXPECT_NEAR(static_cast<double>(p.spikes().size()) / 400, 400 / 4.1, 2);
}

TEST(pp_psc_delta, a_spike_resets_the_potential_where_it_should) {
  for (const bool resets : {true, false}) {
    auto p = one({{"V_m", 5.0}, {"c_2", 1e9}, {"with_reset", resets}});
    p.run(1);
    ASSERT_EQ(p.spikes().size(), 1u);
    EXPECT_EQ(p.value_of("V_m") == 0, resets);
  }
}

}  // namespace
}  // namespace volley::neurons::tests
