#include "actors/pace.hpp"

#include <gtest/gtest.h>

namespace volley::actors {
namespace {

using namespace std::chrono_literals;

TEST(pace, some_come_at_once_and_the_others_wait) {
  const pace::clock::time_point now{10s};
  pace requests(100, 5);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(requests.count(now), 0ms) << i;
  EXPECT_EQ(requests.count(now), 10ms);
  EXPECT_EQ(requests.count(now + 10ms), 10ms);
}

TEST(pace, who_asks_at_the_rate_never_waits) {
  pace::clock::time_point now{10s};
  pace requests(100, 1);
  for (int i = 0; i < 1000; ++i, now += 10ms) EXPECT_EQ(requests.count(now), 0ms);
}

TEST(pace, a_rest_earns_no_more_than_what_may_come_at_once) {
  pace::clock::time_point now{10s};
  pace requests(100, 2);
  requests.count(now);
  now += 1h;
  EXPECT_EQ(requests.count(now), 0ms);
  EXPECT_EQ(requests.count(now), 0ms);
  EXPECT_EQ(requests.count(now), 10ms);
}

}  // namespace
}  // namespace volley::actors
