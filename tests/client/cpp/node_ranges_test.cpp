#include "client/cpp/node_ranges.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

namespace volley::client {
namespace {

using ids = std::vector<std::uint64_t>;

TEST(node_ranges, compress_finds_runs_and_steps) {
  EXPECT_EQ(compress(ids{}), node_ranges{});
  EXPECT_EQ(compress(ids{4}), (node_ranges{{4, 4, 1}}));
  EXPECT_EQ(compress(ids{4, 5, 6}), (node_ranges{{4, 6, 1}}));
  EXPECT_EQ(compress(ids{1, 3, 5, 7}), (node_ranges{{1, 7, 2}}));
  EXPECT_EQ(compress(ids{1, 100, 101, 102}), (node_ranges{{1, 1, 1}, {100, 102, 1}}));
}

TEST(node_ranges, a_million_neighbours_are_one_range) {
  const node_ranges large = {{1, 1'000'000, 1}, {2'000'000, 3'000'000, 2}};
  EXPECT_EQ(count(large), 1'500'001u);
  EXPECT_EQ(id_at(large, 1'000'001), 2'000'002u);
  EXPECT_EQ(slice(large, 10, 1'000'002, 1), (node_ranges{{11, 1'000'000, 1}, {2'000'000, 2'000'002, 2}}));
  EXPECT_EQ(unite(large, {{1'000'001, 1'500'000, 1}}), (node_ranges{{1, 1'500'000, 1}, {2'000'000, 3'000'000, 2}}));
}

TEST(node_ranges, positions) {
  const node_ranges ranges = {{2, 8, 3}, {10, 12, 1}};
  EXPECT_EQ(position_of(ranges, 5), 1u);
  EXPECT_EQ(position_of(ranges, 12), 5u);
  for (std::uint64_t absent : {1, 3, 9, 13}) EXPECT_FALSE(position_of(ranges, absent)) << absent;
}

TEST(node_ranges, a_shared_id_cannot_be_united) {
  EXPECT_FALSE(unite({{1, 5, 1}}, {{5, 5, 1}}));
  EXPECT_FALSE(unite({{1, 9, 2}}, {{4, 8, 1}}));
  EXPECT_EQ(unite({{1, 9, 2}}, {{2, 10, 2}}), (node_ranges{{1, 10, 1}}));
}

TEST(node_ranges, the_same_ids_cut_otherwise_are_the_same) {
  EXPECT_TRUE(same_ids({{1, 3, 1}, {5, 7, 2}}, {{1, 2, 1}, {3, 7, 2}}));
  EXPECT_FALSE(same_ids({{1, 3, 1}}, {{1, 4, 1}}));
  EXPECT_FALSE(same_ids({{1, 3, 1}}, {{1, 5, 2}}));
}

ids random_ids(std::mt19937& random, std::size_t count, std::uint64_t limit) {
  std::set<std::uint64_t> chosen;
  while (chosen.size() < count) chosen.insert(1 + random() % limit);
  return {chosen.begin(), chosen.end()};
}

TEST(node_ranges, agree_with_plain_lists_of_ids) {
  std::mt19937 random(1);
  for (int round = 0; round < 2000; ++round) {
    const auto all = random_ids(random, 1 + random() % 20, 40);
    const auto ranges = compress(all);
    ASSERT_EQ(expand(ranges), all);
    ASSERT_TRUE(std::ranges::is_sorted(ranges, {}, &node_range::first));
    for (std::size_t i = 0; i < all.size(); ++i) {
      ASSERT_EQ(id_at(ranges, i), all[i]);
      ASSERT_EQ(position_of(ranges, all[i]), i);
    }
    const std::size_t first = random() % all.size(), last = first + 1 + random() % (all.size() - first),
                      step = 1 + random() % 4;
    ids sliced;
    for (std::size_t i = first; i < last; i += step) sliced.push_back(all[i]);
    ASSERT_EQ(expand(slice(ranges, first, last, step)), sliced);
  }
}

TEST(node_ranges, unions_agree_with_plain_lists_of_ids) {
  std::mt19937 random(2);
  for (int round = 0; round < 2000; ++round) {
    const auto a = random_ids(random, 1 + random() % 8, 60), b = random_ids(random, 1 + random() % 8, 60);
    ids both, shared;
    std::ranges::set_union(a, b, std::back_inserter(both));
    std::ranges::set_intersection(a, b, std::back_inserter(shared));
    const auto united = unite(compress(a), compress(b));
    ASSERT_EQ(united.has_value(), shared.empty());
    if (united) {
      ASSERT_EQ(expand(*united), both);
    }
  }
}

}  // namespace
}  // namespace volley::client
