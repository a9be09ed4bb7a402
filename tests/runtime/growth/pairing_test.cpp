#include "runtime/growth/pairing.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace volley::runtime {
namespace {

using choice = structural_draws::choice;

element_table table(std::vector<std::uint32_t> ids, std::vector<std::int64_t> vacant) {
  const element_counts all{std::move(ids), std::move(vacant)};
  const element_counts* const parts[] = {&all};
  return element_table(parts);
}

structural_draws draws(std::uint32_t seed = 1, step_t now = 100, std::uint32_t synapse = 0,
                       choice of = choice::of_pairs) {
  return structural_draws(seed, now, synapse, of);
}

TEST(structural_draws, are_functions_of_their_owner) {
  const auto first = [](structural_draws d) { return d.below(std::uint64_t{1} << 60); };
  EXPECT_EQ(first(draws()), first(draws()));
  const std::set<std::uint64_t> different{first(draws()),
                                          first(draws(2)),
                                          first(draws(1, 101)),
                                          first(draws(1, 100, 1)),
                                          first(draws(1, 100, 0, choice::of_pre)),
                                          first(draws(1, 100, 0, choice::of_post))};
  EXPECT_EQ(different.size(), 6u);
}

TEST(structural_draws, are_equally_likely) {
  auto d = draws();
  std::vector<int> counts(7);
  for (int i = 0; i < 70'000; ++i) ++counts.at(d.below(7));
  for (const int n : counts) EXPECT_NEAR(n, 10'000, 400);
  EXPECT_EQ(d.below(1), 0u);
}

TEST(element_table, joins_what_all_vps_have) {
  const element_counts even{{2, 4}, {1, -2}}, odd{{1, 3}, {0, 5}};
  const element_counts* const parts[] = {&even, &odd};
  element_table all(parts);
  EXPECT_EQ((std::vector<element_table::entry>(all.entries().begin(), all.entries().end())),
            (std::vector<element_table::entry>{{1, 0}, {2, 1}, {3, 5}, {4, -2}}));
  EXPECT_EQ(all.n_vacant(), 6u);
  EXPECT_EQ(all.overfull(), std::vector<std::uint64_t>{4});
  EXPECT_TRUE(all.has(1));
  EXPECT_FALSE(all.has(5));
  all.free(4, 2);
  all.free(5, 2);
  EXPECT_EQ(all.vacant(4), 0);
  EXPECT_EQ(all.vacant(5), 0);
}

TEST(pairing, removes_as_many_as_are_too_many) {
  const std::vector<std::uint64_t> sources{1, 1, 1, 2, 2, 3};
  auto d = draws();
  const auto gone = chosen_to_go(sources, table({1, 2, 3}, {-2, -5, 4}), d);
  ASSERT_EQ(gone.size(), 4u);
  EXPECT_LT(gone[1], 3u);
  EXPECT_NE(gone[0], gone[1]);
  EXPECT_EQ(gone[2], 3u);
  EXPECT_EQ(gone[3], 4u) << "no more than there are";
}

TEST(pairing, removes_each_with_equal_chance) {
  const std::vector<std::uint64_t> sources(5, 1);
  std::vector<int> counts(5);
  for (step_t now = 0; now < 10'000; ++now) {
    auto d = draws(1, now);
    for (const auto i : chosen_to_go(sources, table({1}, {-2}), d)) ++counts[i];
  }
  for (const int n : counts) EXPECT_NEAR(n, 4000, 250);
}

TEST(pairing, takes_all_elements_of_the_smaller_side) {
  const auto pre = table({1, 2, 3, 4}, {2, 0, -1, 1}), post = table({1, 5}, {4, 6});
  auto d = draws();
  const auto pairs = paired(pre, post, d);
  ASSERT_EQ(pairs.size(), 3u);
  EXPECT_EQ(pairs[0].first, 1u);
  EXPECT_EQ(pairs[1].first, 1u);
  EXPECT_EQ(pairs[2].first, 4u);
  EXPECT_TRUE(std::ranges::is_sorted(pairs));
  auto again = draws();
  EXPECT_EQ(paired(post, pre, again).size(), 3u);
}

TEST(pairing, never_takes_more_than_are_vacant) {
  const auto pre = table({1, 2}, {50, 50}), post = table({3, 4}, {60, 30});
  for (step_t now = 0; now < 50; ++now) {
    auto d = draws(1, now);
    std::map<std::uint64_t, int> used;
    for (const auto& [source, target] : paired(pre, post, d)) {
      ++used[source];
      ++used[target];
    }
    EXPECT_EQ(used[3], 60);
    EXPECT_EQ(used[4], 30);
    EXPECT_LE(std::max(used[1], used[2]), 50);
  }
}

TEST(pairing, pairs_with_equal_chance) {
  const auto pre = table({1, 2}, {1, 1}), post = table({3, 4}, {1, 1});
  int straight = 0;
  for (step_t now = 0; now < 10'000; ++now) {
    auto d = draws(1, now);
    straight += paired(pre, post, d)[0].second == 3;
  }
  EXPECT_NEAR(straight, 5000, 250);
}

TEST(pairing, of_nothing_is_nothing) {
  auto d = draws();
  EXPECT_TRUE(paired({}, table({1}, {4}), d).empty());
  EXPECT_TRUE(chosen_to_go({}, table({1}, {-4}), d).empty());
}

}  // namespace
}  // namespace volley::runtime
