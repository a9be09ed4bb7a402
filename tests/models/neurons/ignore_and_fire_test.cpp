#include <gtest/gtest.h>

#include "runtime/base/error.hpp"
#include "tests/runtime/driven_population.hpp"

namespace volley::neurons::tests {
namespace {

using runtime::tests::driven_population;
using runtime::tests::neuron;
using runtime::tests::spike;

driven_population one(const runtime::dictionary& values) {
  return driven_population(neuron("ignore_and_fire"), 1, values);
}

TEST(ignore_and_fire, waits_the_phase_and_then_fires_once_a_period) {
  auto p = one({{"rate", 50.0}, {"phase", 0.25}});
  p.run(700, 60);
  EXPECT_EQ(p.spikes(), (std::vector<spike>{{51, 0, 1}, {251, 0, 1}, {451, 0, 1}, {651, 0, 1}}));
}

TEST(ignore_and_fire, a_period_between_two_steps_lasts_until_the_later) {
  auto p = one({{"rate", 96.0}});  // 10.4167 ms
  p.run(320, 10);
  EXPECT_EQ(p.spikes(), (std::vector<spike>{{106, 0, 1}, {211, 0, 1}, {316, 0, 1}}));
}

TEST(ignore_and_fire, a_change_starts_anew) {
  auto p = one({{"rate", 50.0}});
  p.run(150);
  p.set({{"rate", 100.0}, {"phase", 0.5}});
  p.run(200, 50);
  EXPECT_EQ(p.spikes(), (std::vector<spike>{{201, 0, 1}, {301, 0, 1}}));
}

TEST(ignore_and_fire, fires_in_every_step_at_most) {
  auto p = one({{"rate", 1e9}});
  p.run(20, 4);
  EXPECT_EQ(p.spikes().size(), 20u);
}

TEST(ignore_and_fire, takes_spikes_and_currents_without_effect) {
  const auto& channels = neuron("ignore_and_fire").channels;
  ASSERT_EQ(channels.size(), 2u);
  EXPECT_LT(channels[0].member, 0);
  EXPECT_FALSE(channels[0].is_current());
  EXPECT_LT(channels[1].member, 0);
  EXPECT_TRUE(channels[1].is_current());
}

TEST(ignore_and_fire, the_phase_is_a_share_of_a_period) {
  EXPECT_THROW(one({{"phase", 0.0}}), runtime::api_error);
  EXPECT_THROW(one({{"phase", 1.0000001}}), runtime::api_error);
  EXPECT_NO_THROW(one({{"phase", 1.0}}));
}

}  // namespace
}  // namespace volley::neurons::tests
