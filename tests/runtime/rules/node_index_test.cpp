#include "runtime/rules/node_index.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace volley::runtime {
namespace {

const node_set pieces{0, {{2, 5, 1}, {9, 21, 3}, {30, 30, 1}, {40, 52, 4}}};

TEST(node_index, finds_ids_and_positions) {
  const node_index index(pieces);
  ASSERT_EQ(index.size(), pieces.size());
  for (std::uint32_t i = 0; i < index.size(); ++i) {
    EXPECT_EQ(index.id(i), pieces[i]);
    EXPECT_EQ(index.position(pieces[i]), i);
  }
  for (const std::uint64_t absent : {0, 1, 6, 10, 22, 29, 31, 41, 53})
    EXPECT_EQ(index.position(absent), std::nullopt) << absent;
}

TEST(node_index, lists_ids_across_ranges) {
  const node_index index(pieces);
  for (std::uint32_t first = 0; first < index.size(); ++first) {
    std::vector<std::uint32_t> ids(index.size() - first);
    index.low_ids(first, ids);
    for (std::uint32_t i = 0; i < ids.size(); ++i) ASSERT_EQ(ids[i], pieces[first + i]);
  }
}

TEST(node_index, counts_what_two_sets_share) {
  const auto set = [](std::vector<node_range> r) { return node_set{0, std::move(r)}; };
  EXPECT_EQ(count_shared_nodes(set({{1, 10, 1}}), set({{5, 20, 1}})), 6u);
  EXPECT_EQ(count_shared_nodes(set({{1, 10, 1}}), set({{11, 20, 1}})), 0u);
  EXPECT_EQ(count_shared_nodes(set({{0, 30, 2}}), set({{0, 30, 3}})), 6u);
  EXPECT_EQ(count_shared_nodes(set({{0, 30, 2}}), set({{1, 31, 2}})), 0u);
  EXPECT_EQ(count_shared_nodes(set({{1, 3, 1}, {5, 7, 1}}), set({{2, 6, 1}, {7, 9, 1}})), 5u);
  EXPECT_EQ(count_shared_nodes(pieces, pieces), pieces.size());
  EXPECT_TRUE(share_nodes(set({{1, 10, 1}}), set({{10, 20, 1}})));
  EXPECT_FALSE(share_nodes(set({{0, 30, 2}}), set({{1, 31, 2}})));
  EXPECT_TRUE(same_nodes(set({{1, 4, 1}}), set({{1, 2, 1}, {3, 4, 1}})));
  EXPECT_FALSE(same_nodes(set({{1, 4, 1}}), set({{1, 2, 1}, {4, 5, 1}})));
}

}  // namespace
}  // namespace volley::runtime
