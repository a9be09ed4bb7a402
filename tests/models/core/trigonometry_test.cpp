#include "models/core/trigonometry.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>

namespace volley::models {
namespace {

double ulps(double a, double b) {
  const double magnitude = std::fabs(b);
  return std::fabs(a - b) / (std::nextafter(magnitude, HUGE_VAL) - magnitude);
}

/// Glibc's results are within one ulp of the truth.
void expect_close(double x) {
  EXPECT_LE(ulps(models::sin(x), std::sin(x)), 3.5) << x;
  EXPECT_LE(ulps(models::cos(x), std::cos(x)), 3.5) << x;
}

TEST(trigonometry, agrees_with_the_library_on_moderate_angles) {
  for (int i = -20000; i <= 20000; ++i) expect_close(0.0137 * i);
  for (int i = 0; i < 20000; ++i) expect_close(52.3 * i + 1e-3);
}

TEST(trigonometry, agrees_with_the_library_near_multiples_of_a_quarter_turn) {
  for (int i = 1; i < 5000; ++i) {
    const double x = i * (std::numbers::pi / 2);
    for (const double near : {x, std::nextafter(x, 0.0), std::nextafter(x, 1e9)}) expect_close(near);
  }
}

TEST(trigonometry, reduces_huge_angles) {
  for (int exponent = 19; exponent < 1024; ++exponent)
    for (const double mantissa : {1.0, 1.2345678901234567, 1.9999999999999998})
      expect_close(std::ldexp(mantissa, exponent));
  // Of all doubles the nearest to a multiple of pi / 2 (glibc is 8 ulp off).
  EXPECT_EQ(models::cos(6381956970095103.0 * 0x1p797), -0x1.14ae72e6ba22fp-61);
}

TEST(trigonometry, keeps_signs_and_refuses_infinities) {
  EXPECT_EQ(std::bit_cast<std::uint64_t>(models::sin(-0.0)), std::bit_cast<std::uint64_t>(-0.0));
  EXPECT_EQ(models::sin(-1.0), -models::sin(1.0));
  EXPECT_EQ(models::cos(-1.0), models::cos(1.0));
  EXPECT_TRUE(std::isnan(models::sin(std::numeric_limits<double>::infinity())));
  EXPECT_TRUE(std::isnan(models::cos(-std::numeric_limits<double>::infinity())));
}

TEST(trigonometry, turns_are_exact_at_quarters_and_close_elsewhere) {
  EXPECT_EQ(sincos_turns(0.0).sine, 0.0);
  EXPECT_EQ(sincos_turns(0.0).cosine, 1.0);
  EXPECT_EQ(sincos_turns(0.25).sine, 1.0);
  EXPECT_EQ(sincos_turns(0.25).cosine, 0.0);
  EXPECT_EQ(sincos_turns(0.5).cosine, -1.0);
  EXPECT_EQ(sincos_turns(0.75).sine, -1.0);
  EXPECT_EQ(sincos_turns(1.0).cosine, 1.0);
  for (int i = 0; i < 10000; ++i) {
    const double turns = i / 10000.0;
    const auto [sine, cosine] = sincos_turns(turns);
    EXPECT_NEAR(sine, std::sin(2 * std::numbers::pi * turns), 1e-15);
    EXPECT_NEAR(cosine, std::cos(2 * std::numbers::pi * turns), 1e-15);
  }
}

}  // namespace
}  // namespace volley::models
