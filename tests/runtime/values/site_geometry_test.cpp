#include "runtime/values/site_geometry.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace volley::runtime {
namespace {

TEST(site_geometry, a_part_has_its_share_of_columns_and_all_of_what_is_shared) {
  const std::vector<double> one{7}, many{0, 1, 2, 3, 4};
  const site_geometry all{.source = {one}, .target = {many}, .apart = {many}, .distance = many, .of_pairs = true};
  const auto part = part_of(all, 2, 3);
  EXPECT_TRUE(part.of_pairs);
  EXPECT_EQ(site_geometry::at(part.source[0], 2), 7);
  EXPECT_EQ(part.target[0].size(), 3u);
  EXPECT_EQ(site_geometry::at(part.target[0], 1), 3);
  EXPECT_EQ(site_geometry::at(part.apart[0], 2), 4);
  EXPECT_EQ(site_geometry::at(part.distance, 0), 2);
  EXPECT_TRUE(part.node[0].empty());
}

TEST(spatial_reads, tell_how_many_dimensions_there_must_be) {
  EXPECT_EQ(spatial_reads{}.dimensions(), 0);
  EXPECT_EQ((spatial_reads{.node = 1}).dimensions(), 1);
  EXPECT_EQ((spatial_reads{.source = 2, .apart = 1}).dimensions(), 2);
  EXPECT_EQ((spatial_reads{.target = 4}).dimensions(), 3);
  EXPECT_EQ((spatial_reads{.apart = 8}).dimensions(), 4);
  EXPECT_FALSE((spatial_reads{.node = 4}).of_pairs());
  EXPECT_TRUE((spatial_reads{.distance = true}).of_pairs());
  EXPECT_TRUE((spatial_reads{.functions = true}).of_pairs());
}

}  // namespace
}  // namespace volley::runtime
