#include "runtime/shard/listed_connections.hpp"

#include <gtest/gtest.h>

#include <array>

#include "tests/runtime/shard/shards_of_a_kernel.hpp"

namespace volley::runtime::tests {
namespace {

TEST(listed_connections, are_split_among_the_vps_of_their_targets) {
  shards_of_a_kernel n(2);
  const auto list = n.list({{2, 5, 0}, {2, 4, 0}, {1, 6, 0}, {1, 4, 1}, {8, 4, 0}});
  const auto even = local_part(n.parts(0), list), odd = local_part(n.parts(1), list);
  std::vector<std::uint32_t> positions;
  for (const auto& one : even.in_rows) positions.push_back(one.position);
  EXPECT_EQ(positions, (std::vector<std::uint32_t>{3, 2, 1, 4})) << "by source, target and number";
  ASSERT_EQ(odd.in_rows.size(), 1u);
  EXPECT_EQ(odd.in_rows[0].source, 2u);
  EXPECT_EQ(odd.in_rows[0].sought.target, 5u);
  EXPECT_TRUE(even.of_recorders.empty() && even.missing.empty());
}

TEST(listed_connections, of_recorders_are_with_the_node_that_is_heard) {
  shards_of_a_kernel n(2);
  const auto list = n.list({{4, 10, 0}, {5, 10, 0}, {6, 10, 0}});
  const auto even = local_part(n.parts(0), list), odd = local_part(n.parts(1), list);
  EXPECT_TRUE(even.in_rows.empty());
  ASSERT_EQ(even.of_recorders.size(), 1u);
  EXPECT_EQ(even.of_recorders[0].position, 0u);
  EXPECT_EQ(even.missing, (std::vector<std::uint64_t>{2})) << "node 6 is not heard";
  ASSERT_EQ(odd.of_recorders.size(), 1u);
  EXPECT_EQ(odd.of_recorders[0].position, 1u);
  EXPECT_TRUE(odd.missing.empty());
}

TEST(listed_connections, of_detectors_are_with_the_detector) {
  shards_of_a_kernel n(2);
  const auto d = n.k.create("correlation_detector");  // 11
  n.k.connect({n.neurons.generation, {{4, 5, 1}}}, d);
  const auto list = n.list({{4, 11, 0}, {5, 11, 0}, {6, 11, 0}});
  const auto even = local_part(n.parts(0), list), odd = local_part(n.parts(1), list);
  EXPECT_TRUE(even.of_recorders.empty() && even.missing.empty());
  EXPECT_EQ(odd.of_recorders.size(), 2u);
  EXPECT_EQ(odd.missing, (std::vector<std::uint64_t>{2}));
}

TEST(listed_connections, are_visited_row_by_row) {
  const std::vector<listed_connection> list{{store_ordinal(0), 1, {4, 0}, 0},
                                            {store_ordinal(0), 1, {5, 0}, 1},
                                            {store_ordinal(0), 2, {4, 0}, 2},
                                            {store_ordinal(1), 2, {4, 0}, 3}};
  std::vector<std::array<std::size_t, 3>> rows;
  for_each_row(list, [&](store_ordinal model, std::uint64_t source, std::span<const listed_connection> row) {
    rows.push_back({model.index(), source, row.size()});
  });
  EXPECT_EQ(rows, (std::vector<std::array<std::size_t, 3>>{{0, 1, 2}, {0, 2, 1}, {1, 2, 1}}));
}

TEST(listed_connections, ids_are_visited_in_order) {
  std::vector<std::uint64_t> visited;
  for_each_id({0, {{3, 7, 2}, {9, 9, 1}}}, [&](std::uint64_t id) { visited.push_back(id); });
  EXPECT_EQ(visited, (std::vector<std::uint64_t>{3, 5, 7, 9}));
}

}  // namespace
}  // namespace volley::runtime::tests
