#include "models/core/lanes.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/models/core/lane_probe.hpp"

namespace volley::models::tests {
namespace {

const std::vector<double> some = {-3, 0.5, 1, 7, -0.0, 2, 100, 3};

TEST(lanes, masks_combine_lane_by_lane) {
  for (const auto& probe : runnable_probes())
    EXPECT_EQ(probe.between(some, 0.5, 7, 2), (std::vector<double>{-1, -1, 1, 7, -1, -1, -1, 3})) << probe.isa;
}

TEST(lanes, bitmap_has_lane_0_lowest) {
  for (const auto& probe : runnable_probes()) EXPECT_EQ(probe.bitmap_below(some, 1.5), 0b00010111u) << probe.isa;
}

TEST(lanes, abs_clears_the_sign_of_zero_too) {
  for (const auto& probe : runnable_probes()) {
    const auto result = probe.magnitude(some);
    EXPECT_EQ(result[0], 3) << probe.isa;
    EXPECT_FALSE(std::signbit(result[4])) << probe.isa;
  }
}

TEST(lanes, a_double_is_the_reference) {
  EXPECT_EQ(select(3.0 < 4.0, 1.0, 2.0), 1.0);
  EXPECT_EQ(max(-1.0, 2.0), 2.0);
  EXPECT_EQ(min(-1.0, 2.0), -1.0);
  EXPECT_EQ(abs(-2.5), 2.5);
}

}  // namespace
}  // namespace volley::models::tests
