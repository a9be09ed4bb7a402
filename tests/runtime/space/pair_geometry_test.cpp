#include "runtime/space/pair_geometry.hpp"

#include "gtest/gtest.h"

namespace volley::runtime {
namespace {

TEST(pair_geometry, tell_where_both_ends_are_and_how_far_apart) {
  const frame torus{2, {0, 0, 0}, {10, 10, 0}, true};
  const auto sources = layer::at_points(1, {std::vector<double>{1, 9}, {1, 1}, {}}, torus);
  const auto targets = layer::at_points(3, {std::vector<double>{9, 4}, {1, 5}, {}}, torus);
  spatial_reads reads;
  reads.distance = true;
  reads.apart = 3;
  connection_geometry geometry(*sources, *targets, torus, reads);
  const std::vector<std::uint32_t> one{1}, many{3, 4};
  const auto& row = geometry.between(one, many);
  EXPECT_TRUE(row.of_pairs);
  EXPECT_EQ(row.source[0][0], 1);
  EXPECT_EQ(row.target[0][1], 4);
  EXPECT_EQ(row.apart[0][0], 2);  // around
  EXPECT_EQ(row.distance[0], 2);
  EXPECT_EQ(row.distance[1], 5);
  EXPECT_TRUE(row.target[2].empty());
  const std::vector<std::uint32_t> ends{1, 2}, last{3};
  const auto& column = geometry.between(ends, last);
  EXPECT_EQ(column.source[0][1], 9);
  EXPECT_EQ(column.target[0].size(), 1u);
  EXPECT_EQ(column.distance[1], 0);
}

}  // namespace
}  // namespace volley::runtime
