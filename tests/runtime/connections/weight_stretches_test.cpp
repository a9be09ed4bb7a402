#include "runtime/connections/weight_stretches.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace volley::runtime {
namespace {

using stretch = std::array<std::size_t, 3>;  // from, to, shared

std::vector<stretch> cut(const std::vector<double>& weights, std::size_t worth_a_run) {
  std::vector<stretch> all;
  for_each_weight_stretch(weights, worth_a_run, [&](std::size_t from, std::size_t to, bool shared) {
    all.push_back({from, to, shared});
  });
  return all;
}

TEST(weight_stretches, equal_neighbours_share_from_so_many_on) {
  const std::vector<double> weights{1, 2, 2, 2, 3, 4, 4};
  EXPECT_EQ(cut(weights, 3), (std::vector<stretch>{{0, 1, 0}, {1, 4, 1}, {4, 7, 0}}));
  EXPECT_EQ(cut(weights, 2), (std::vector<stretch>{{0, 1, 0}, {1, 4, 1}, {4, 5, 0}, {5, 7, 1}}));
  EXPECT_EQ(cut(weights, 4), (std::vector<stretch>{{0, 7, 0}}));
}

TEST(weight_stretches, every_weight_can_be_worth_a_run) {
  EXPECT_EQ(cut({1, 1, 2}, 1), (std::vector<stretch>{{0, 2, 1}, {2, 3, 1}}));
  EXPECT_EQ(cut({7}, 1), (std::vector<stretch>{{0, 1, 1}}));
}

TEST(weight_stretches, repeats_that_lie_apart_share_nothing) {
  EXPECT_EQ(cut({1, 1, 2, 1, 1}, 3), (std::vector<stretch>{{0, 5, 0}}));
  EXPECT_TRUE(cut({}, 1).empty());
}

}  // namespace
}  // namespace volley::runtime
