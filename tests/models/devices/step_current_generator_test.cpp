#include "models/devices/step_current_generator.hpp"

#include <gtest/gtest.h>

namespace volley::devices {
namespace {

TEST(step_current_generator, begins_with_what_flowed_before) {
  step_current_generator::params p;
  p.before_first = 7;
  p.amplitude_times = {2.0, 3.0};
  p.amplitude_values = {1, 2};
  const auto d = step_current_generator::calibrate(p, {});
  const auto current = [&](models::step_t stamp) { return step_current_generator::current(p, d, stamp); };
  EXPECT_EQ(current(19), 7);
  EXPECT_EQ(current(20), 1);
  EXPECT_EQ(current(29), 1);
  EXPECT_EQ(current(1000), 2);
}

}  // namespace
}  // namespace volley::devices
