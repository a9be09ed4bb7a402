#include "actors/backoff.hpp"

#include <gtest/gtest.h>

namespace volley::actors {
namespace {

using namespace std::chrono_literals;

const backoff_limits limits{.first = 100ms, .longest = 350ms, .forgotten_after = 10min, .addresses = 3};
const backoff::clock::time_point start{};

TEST(backoff, an_address_waits_twice_as_long_each_time_up_to_a_limit) {
  backoff waits(limits);
  EXPECT_EQ(waits.refuse("a", start), 100ms);
  EXPECT_EQ(waits.refuse("a", start), 200ms);
  EXPECT_EQ(waits.refuse("a", start), 350ms);
  EXPECT_EQ(waits.refuse("a", start + 9min), 350ms);
}

TEST(backoff, addresses_do_not_wait_for_each_other) {
  backoff waits(limits);
  waits.refuse("a", start);
  EXPECT_EQ(waits.refuse("b", start), 100ms);
}

TEST(backoff, old_refusals_are_forgotten) {
  backoff waits(limits);
  waits.refuse("a", start);
  EXPECT_EQ(waits.refuse("a", start + 11min), 100ms);
}

TEST(backoff, the_address_refused_longest_ago_makes_room) {
  backoff waits(limits);
  for (const char* address : {"a", "b", "c", "a", "d"}) waits.refuse(address, start);
  EXPECT_EQ(waits.refuse("d", start + 1s), 200ms);
  waits.refuse("c", start + 2s);
  waits.refuse("a", start + 2s);
  EXPECT_EQ(waits.refuse("d", start + 3s), 350ms) << "refused later than the others";
}

}  // namespace
}  // namespace volley::actors
