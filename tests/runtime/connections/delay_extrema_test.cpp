#include "runtime/connections/delay_extrema.hpp"

#include <gtest/gtest.h>

namespace volley::runtime {
namespace {

TEST(delay_extrema, of_nothing_contain_nothing) {
  const delay_extrema none;
  EXPECT_GT(none.min, none.max);
  delay_extrema some;
  some.include(15);
  some.include(none);
  EXPECT_EQ(some.min, 15);
  EXPECT_EQ(some.max, 15);
}

TEST(delay_extrema, grow_both_ways) {
  delay_extrema all, others;
  all.include(10);
  others.include(max_delay_steps);
  others.include(3);
  all.include(others);
  all.include(20);
  EXPECT_EQ(all.min, 3);
  EXPECT_EQ(all.max, max_delay_steps);
}

}  // namespace
}  // namespace volley::runtime
