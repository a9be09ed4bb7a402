#include <gtest/gtest.h>

#include <cmath>

#include "runtime/base/error.hpp"
#include "tests/runtime/driven_population.hpp"

namespace volley::neurons::tests {
namespace {

using runtime::api_error;
using runtime::tests::driven_population;
using runtime::tests::neuron;

TEST(iaf_psc_delta_ps, jumps_when_spikes_arrive) {
  driven_population p(neuron("iaf_psc_delta_ps"), 2);
  p.input_within(3, 1, 0.04, 5.0);
  p.input(0, 3, 0, 5.0);
  p.run(5, 5);
  EXPECT_NEAR(p.value_of("V_m", 0), -70 + 5 * std::exp(-0.01), 1e-13);
  EXPECT_NEAR(p.value_of("V_m", 1), -70 + 5 * std::exp(-0.014), 1e-13);
}

TEST(iaf_psc_delta_ps, a_jump_above_threshold_is_a_spike_at_its_time) {
  driven_population p(neuron("iaf_psc_delta_ps"), 1);
  p.input_within(3, 0, 0.04, 15.0);
  p.input(0, 9, 0, 8.0);  // in the refractory period
  p.run(24, 5);
  ASSERT_EQ(p.spikes().size(), 1u);
  EXPECT_EQ(p.spikes()[0].stamp, 4);
  EXPECT_EQ(p.spikes()[0].offset_ms, 0.04);
  EXPECT_NEAR(p.value_of("t_spike"), 0.36, 1e-15);
  EXPECT_EQ(p.value_of("V_m"), -70);
}

TEST(iaf_psc_delta_ps, tells_whether_it_is_refractory) {
  driven_population p(neuron("iaf_psc_delta_ps"), 1, {{"t_ref", 0.2}});
  p.input(0, 0, 0, 20.0);
  const auto resting = [&] { return *p.nodes().values().get("is_refractory", 0).get_if<bool>(); };
  EXPECT_FALSE(resting());
  p.run(1);
  EXPECT_TRUE(resting());
  p.run(2);
  EXPECT_FALSE(resting());
  EXPECT_THROW(p.set({{"refractory_input", true}}), api_error);
  try {
    p.set({{"t_ref", 0.0}});
    FAIL();
  } catch (const api_error& e) {
    EXPECT_NE(std::string(e.what()).find("t_ref = 0 ms: Refractory time must be at least one time step"),
              std::string::npos);
  }
  EXPECT_THROW(p.set({{"V_min", -60.0}}), api_error) << "above V_reset";
}

}  // namespace
}  // namespace volley::neurons::tests
