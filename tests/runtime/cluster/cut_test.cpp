#include "runtime/cluster/cut.hpp"

#include <gtest/gtest.h>

namespace volley::runtime::cluster {
namespace {

const worker_number one{1}, two{2};
const cut_name early{1, 4, 20}, late{1, 4, 30};

TEST(cut, is_safe_when_all_images_are_at_two_places) {
  cut c(3, 2);
  EXPECT_FALSE(c.is_made());
  EXPECT_TRUE(c.count(early, 0, one));
  EXPECT_FALSE(c.count(early, 0, one)) << "twice";
  EXPECT_FALSE(c.count(early, 2, one)) << "no such VP";
  EXPECT_TRUE(c.count(early, 1, two));
  EXPECT_TRUE(c.count(early, 0, two));
  EXPECT_FALSE(c.is_safe());
  EXPECT_TRUE(c.count(early, 1, one));
  EXPECT_TRUE(c.is_safe());
  EXPECT_EQ(c.name(), early);
  c.lose(one);
  EXPECT_EQ(c.holders(), (image_holders{{two}, {two}}));
}

TEST(cut, one_copy_may_do) {
  cut c(3, 1, 1);
  EXPECT_FALSE(c.is_safe());
  c.count(early, 0, one);
  EXPECT_TRUE(c.is_safe());
}

TEST(cut, images_of_a_later_one_take_over) {
  cut c(3, 1);
  c.count(early, 0, one);
  EXPECT_TRUE(c.count(late, 0, two));
  EXPECT_FALSE(c.count(early, 0, one));
  EXPECT_EQ(c.name(), late);
  EXPECT_EQ(c.holders(), (image_holders{{two}}));
}

}  // namespace
}  // namespace volley::runtime::cluster
