#include "runtime/connections/delay_limits.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "runtime/base/error.hpp"

namespace volley::runtime {
namespace {

/// The message of the refusal.
std::string refusal(double ms, const delay_limits& limits = {}) {
  try {
    legal_delay(ms, {}, limits, "Connect");
  } catch (const api_error& e) {
    EXPECT_EQ(e.kind(), error_kind::BadDelay);
    return e.what();
  }
  return "";
}

TEST(legal_delay, is_rounded_to_steps) {
  EXPECT_EQ(legal_delay(0.05, {}, {}, ""), 1);
  EXPECT_EQ(legal_delay(0.149, {}, {}, ""), 1);
  EXPECT_EQ(legal_delay(0.15, {}, {}, ""), 2);
  EXPECT_EQ(legal_delay(time_grid().to_ms(max_delay_steps), {}, {}, ""), max_delay_steps);
}

TEST(legal_led_delay, is_the_steps_that_cover_it_and_what_it_lacks_of_them) {
  const auto whole = legal_led_delay(1.7, {}, {}, "");
  EXPECT_EQ(whole.steps, 17);
  EXPECT_EQ(whole.lead_ms, 0);
  const auto led = legal_led_delay(1.73, {}, {}, "");
  EXPECT_EQ(led.steps, 18);
  EXPECT_NEAR(led.lead_ms, 0.07, 1e-15);
  for (const double ms : {0.05, 0.0, -1.0, std::nan("")})
    EXPECT_THROW(legal_led_delay(ms, {}, {}, ""), api_error) << ms;
  EXPECT_THROW(legal_led_delay(1.05, {}, {11, 20}, ""), api_error) << "the steps before it are too few";
  EXPECT_THROW(legal_led_delay(2.03, {}, {11, 20}, ""), api_error) << "and those that cover it too many";
}

TEST(legal_delay, is_one_step_at_least_and_the_largest_at_most) {
  for (const double ms : {0.0, 0.04, -1.0, std::nan(""), -HUGE_VAL, -1e300})
    EXPECT_NE(refusal(ms).find("Delay must be greater than or equal to resolution"), std::string::npos) << ms;
  for (const double ms : {time_grid().to_ms(max_delay_steps + 1), 1e300, HUGE_VAL})
    EXPECT_NE(refusal(ms).find("above the largest"), std::string::npos) << ms;
}

TEST(legal_delay, is_within_the_limits) {
  const delay_limits limits{10, 20};
  EXPECT_EQ(refusal(1.0, limits), "");
  EXPECT_EQ(refusal(2.0, limits), "");
  for (const double ms : {0.9, 2.1})
    EXPECT_NE(refusal(ms, limits).find("[min_delay, max_delay] = [1.0, 2.0] ms"), std::string::npos) << ms;
}

}  // namespace
}  // namespace volley::runtime
