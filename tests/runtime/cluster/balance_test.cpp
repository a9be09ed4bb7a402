#include "runtime/cluster/balance.hpp"

#include <gtest/gtest.h>

namespace volley::runtime::cluster {
namespace {

using namespace std::chrono_literals;
const worker_number one{1}, two{2}, three{3};
const std::vector<candidate> pair{{one, 1, 0}, {two, 1, 0}};
constexpr balance::time_point begin{1h};

TEST(loads, are_shared_by_lanes_as_far_as_there_are_vps) {
  const std::vector<candidate> all{{one, 2, 0}, {two, 4, 0}, {three, 1, 0}};
  EXPECT_EQ(loads({one, one, one, two}, {1, 2, 3, 5}, all), (std::vector<double>{3, 5, 0}));
}

TEST(balanced, moves_the_fewest_that_mend_it) {
  EXPECT_EQ(balanced({one, one, one, two}, {4, 1, 1, 4}, pair), std::nullopt) << "20 % is not too long";
  EXPECT_EQ(balanced({one, one, one, two}, {3, 3, 3, 3}, pair), (placement{two, one, one, two}));
  EXPECT_EQ(balanced({one, one, two, two}, {9, 9, 1, 1}, pair), (placement{two, one, two, two}));
  EXPECT_EQ(balanced({one, two}, {9, 1}, pair), std::nullopt) << "a VP is not parted";
  EXPECT_EQ(balanced({one, one, two, two, three}, {4, 4, 4, 4, 0}, {{one, 1, 0}, {two, 1, 0}, {three, 1, 0}}),
            std::nullopt)
      << "it would be as long with another";
}

TEST(a_balance, waits_until_it_is_sure_and_then_for_a_while) {
  balance b;
  const placement p{one, one, one, two};
  double seconds = 0;
  const auto hear = [&](balance::time_point now) {
    seconds += 1;
    return b.hear(p, {seconds, seconds, seconds, seconds}, pair, now).has_value();
  };
  EXPECT_FALSE(hear(begin)) << "how long that took is not known";
  EXPECT_FALSE(hear(begin + 1s) || hear(begin + 2s));
  EXPECT_TRUE(hear(begin + 3s));
  EXPECT_FALSE(hear(begin + 4s) || hear(begin + 5s) || hear(begin + 6s)) << "not more often than once in 5 s";
  EXPECT_TRUE(hear(begin + 8s));
  b.begin();
  EXPECT_FALSE(hear(begin + 20s) || hear(begin + 21s) || hear(begin + 22s));
  EXPECT_TRUE(hear(begin + 23s));
}

TEST(a_balance, tells_how_much_workers_wait_for_the_slowest) {
  balance b;
  const placement p{one, one, one, two};
  b.hear(p, {1, 1, 1, 1}, pair, begin);
  EXPECT_EQ(b.evenness(), std::nullopt) << "how long that took is not known";
  b.hear(p, {2, 2, 2, 2}, pair, begin + 1s);
  EXPECT_EQ(b.evenness(), 2.0 / 3);
  b.hear(p, {2, 2, 2, 2}, pair, begin + 2s);
  EXPECT_EQ(b.evenness(), 2.0 / 3) << "nothing was computed since";
  b.hear(p, {3, 3, 3, 5}, pair, begin + 3s);
  EXPECT_EQ(b.evenness(), 1.0);
  b.begin();
  EXPECT_EQ(b.evenness(), std::nullopt);
}

TEST(a_balance, forgets_what_was_once) {
  balance b;
  const placement p{one, two, one, two};
  std::vector<double> seconds(4);
  for (std::size_t i = 0; i < 20; ++i) {
    for (const auto vp : {i % 2, i % 2 + 2}) seconds[vp] += 2;
    EXPECT_FALSE(b.hear(p, seconds, pair, begin + std::chrono::seconds(i)));
  }
}

}  // namespace
}  // namespace volley::runtime::cluster
