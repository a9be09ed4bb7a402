// Space in C++, against a real kernel.
#include "client/cpp/spatial.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "client/cpp/session.hpp"

namespace volley::client {
namespace {

std::string kind_of_error(const std::function<void()>& call) {
  try {
    call();
  } catch (const error& fault) {
    return fault.kind();
  }
  return "";
}

struct space : testing::Test {
  Session nest{std::string()};
  NodeCollection grid = nest.CreateSpatial("iaf_psc_alpha", spatial::grid({3, 3}, {}, {{3.0, 3.0}}));
};

TEST_F(space, layers_tell_where_their_nodes_are) {
  ASSERT_EQ(grid.size(), 9u);
  const auto told = nest.spatial(grid);
  ASSERT_TRUE(told);
  EXPECT_EQ(told->at("network_size"), Value(9));
  EXPECT_EQ(told->at("shape"), Value(Column<std::int64_t>{3, 3}));
  EXPECT_EQ(nest.GetPosition(grid[1]), (Matrix{1, 2, {-1, 0}}));
  EXPECT_FALSE(nest.spatial(nest.Create("iaf_psc_alpha", 2)));
  const auto some = nest.CreateSpatial("iaf_psc_alpha", spatial::free({random::uniform(), random::uniform()}), 5);
  EXPECT_EQ(nest.GetPosition(some).rows, 5u);
  const auto list = nest.CreateSpatial("iaf_psc_alpha", spatial::free(Matrix{2, 2, {0, 0, 3, 4}}, {{10.0, 10.0}}, true),
                                       1, Dictionary{{"V_m", spatial::pos(1)}});
  EXPECT_EQ(list.get("V_m"), Value(Column<double>{0, 4}));
}

TEST_F(space, nodes_are_found) {
  EXPECT_EQ(nest.FindCenterElement(grid), grid[4]);
  EXPECT_EQ(nest.FindNearestElement(grid, {1, 2, {1.2, 0.9}}).at(0), grid[6]);
  EXPECT_EQ(nest.FindAllNearestElements(grid, {1, 2, {0.5, 0.5}}).at(0).size(), 4u);
  EXPECT_EQ(nest.Distance(grid[0], grid).size(), 9u);
  EXPECT_EQ(nest.Displacement(Matrix{1, 2, {0, 0}}, grid[0]), (Matrix{1, 2, {-1, 1}}));
  EXPECT_EQ(nest.SelectNodesByMask(grid, {0, 0}, spatial::circular(1.0)).size(), 5u);
  EXPECT_EQ(nest.apply(spatial::distance(), grid[4], Matrix{1, 2, {3, 4}}), Column<double>{5});
}

TEST_F(space, masks_join) {
  const auto ring = spatial::without(spatial::circular(1.0), spatial::circular(0.5));
  EXPECT_EQ(nest.Inside(ring, {3, 2, {0, 0, 0.75, 0, 2, 0}}), (Booleans{0, 1, 0}));
  nest.CheckMask(spatial::anchored(spatial::either(ring, spatial::elliptical(2, 1, 30)), Column<double>{1, 2}));
  nest.CheckMask(spatial::both(spatial::box({-1, -1, -1}, {1, 1, 1}), spatial::ellipsoidal(3, 2, 1)));
  EXPECT_EQ(kind_of_error([&] { nest.CheckMask(spatial::circular(-1)); }), "BadProperty");
  EXPECT_EQ(kind_of_error([&] { nest.CheckMask(spatial::both(ring, spatial::spherical(1))); }), "BadProperty");
}

TEST_F(space, connections_follow_masks_and_distances) {
  nest.Connect(grid, grid, Dictionary{{"rule", "pairwise_bernoulli"}, {"mask", spatial::circular(1.0)}},
               Dictionary{{"weight", 2.0 * spatial::distance()}});
  const auto targets = nest.GetTargetNodes(grid[4], grid);
  EXPECT_EQ(targets.at(0).ids(), (std::vector<std::uint64_t>{2, 4, 5, 6, 8}));
  EXPECT_EQ(nest.GetSourceNodes(grid, grid[0]).at(0).size(), 3u);
  EXPECT_EQ(nest.GetConnections(grid[4], grid[1]).get("weight"), Value(2.0));
  EXPECT_EQ(kind_of_error([&] {
              nest.Connect(grid, nest.Create("iaf_psc_alpha"),
                           Dictionary{{"rule", "pairwise_bernoulli"}, {"mask", spatial::circular(1.0)}});
            }),
            "builtins.TypeError");
}

}  // namespace
}  // namespace volley::client
