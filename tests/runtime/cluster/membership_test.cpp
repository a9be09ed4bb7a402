#include "runtime/cluster/membership.hpp"

#include <gtest/gtest.h>

namespace volley::runtime::cluster {
namespace {

using namespace std::chrono_literals;
const worker_number one{1}, two{2};
constexpr membership::time_point begin{1h};

class a_membership : public testing::Test {
 protected:
  std::vector<worker_number> tick(std::chrono::milliseconds at) { return m.tick(begin + at); }
  // Ticks in time up to and at `end`; nobody may be dead before.
  std::vector<worker_number> ticks_until(std::chrono::milliseconds end) {
    for (; at < end; at += 200ms) EXPECT_TRUE(tick(at).empty());
    return tick(end);
  }
  membership m{{200ms, 3'000ms}};
  std::chrono::milliseconds at{0};
};

TEST_F(a_membership, tells_once_who_was_silent_too_long) {
  m.join(one, begin);
  m.join(two, begin);
  m.hear(two, begin + 1s);
  EXPECT_EQ(ticks_until(3'001ms), (std::vector{one}));
  EXPECT_TRUE(tick(3'200ms).empty());
  m.hear(one, begin + 3'300ms);
  EXPECT_TRUE(tick(3'400ms).empty()) << "who is dead does not come back";
  EXPECT_TRUE(tick(3'800ms).empty());
  EXPECT_EQ(tick(4'001ms), (std::vector{two}));
}

TEST_F(a_membership, who_has_left_is_not_missed) {
  m.join(one, begin);
  m.leave(one);
  EXPECT_TRUE(ticks_until(10s).empty());
}

TEST_F(a_membership, a_late_tick_gives_everybody_a_period) {
  m.join(one, begin);
  EXPECT_TRUE(ticks_until(400ms).empty());
  EXPECT_TRUE(tick(60s).empty());
  m.hear(one, begin + 60s + 100ms);
  EXPECT_TRUE(tick(60s + 200ms).empty());
  EXPECT_TRUE(tick(60s + 400ms).empty());
}

TEST_F(a_membership, but_no_more_than_one) {
  m.join(one, begin);
  EXPECT_TRUE(ticks_until(400ms).empty());
  EXPECT_TRUE(tick(60s).empty());
  EXPECT_TRUE(tick(60s + 200ms).empty());
  EXPECT_EQ(tick(60s + 400ms), (std::vector{one}));
}

}  // namespace
}  // namespace volley::runtime::cluster
