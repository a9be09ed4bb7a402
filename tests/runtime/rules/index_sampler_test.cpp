#include "runtime/rules/index_sampler.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace volley::runtime {
namespace {

constexpr models::random_key key{3, models::purpose::rule_target, 1};

TEST(index_sampler, repeats_cover_the_range_evenly) {
  index_sampler sampler(key, 10, true);
  std::vector<int> count(10);
  for (std::uint64_t owner = 0; owner < 500; ++owner)
    for (const auto i : sampler.draw(owner, 70, 4)) ++count.at(i);
  EXPECT_EQ(count[4], 0);  // the banned one
  for (int i = 0; i < 10; ++i)
    if (i != 4) {
      EXPECT_NEAR(count[i], 35000.0 / 9, 4 * std::sqrt(35000.0 / 9)) << i;
    }
}

TEST(index_sampler, distinct_draws_are_distinct_and_avoid_the_banned_one) {
  for (const std::uint32_t size : {1u, 2u, 63u, 64u, 65u, 128u, 1000u}) {
    index_sampler sampler(key, size, false);
    for (const auto banned : {std::optional<std::uint32_t>(), std::optional<std::uint32_t>(size / 2)}) {
      const std::uint32_t free = size - (banned ? 1 : 0);
      for (const std::uint32_t count : {0u, 1u, free / 3, free / 2, free / 2 + 1, free - std::min(free, 1u), free}) {
        if (count > free) continue;
        const auto drawn = sampler.draw(count, count, banned);
        const std::set<std::uint32_t> distinct(drawn.begin(), drawn.end());
        ASSERT_EQ(drawn.size(), count);
        EXPECT_EQ(distinct.size(), count);
        if (banned) {
          EXPECT_FALSE(distinct.contains(*banned));
        }
        if (count > 0) {
          EXPECT_LT(*distinct.rbegin(), size);
        }
      }
    }
  }
}

TEST(index_sampler, distinct_draws_do_not_remember_earlier_owners) {
  index_sampler used(key, 300, false);
  for (std::uint64_t owner = 0; owner < 50; ++owner) used.draw(owner, owner * 6, std::nullopt);
  for (const std::uint64_t count : {20, 250}) {
    index_sampler fresh(key, 300, false);
    const auto a = used.draw(7, count, 5), b = fresh.draw(7, count, 5);
    EXPECT_TRUE(std::ranges::equal(a, b));
  }
}

TEST(index_sampler, all_subsets_are_equally_likely) {
  // Of 6, below and above one half.
  for (const std::uint64_t count : {2, 4}) {
    index_sampler sampler(key, 6, false);
    std::map<std::set<std::uint32_t>, int> seen;
    for (std::uint64_t owner = 0; owner < 15000; ++owner) {
      const auto drawn = sampler.draw(owner, count, std::nullopt);
      ++seen[{drawn.begin(), drawn.end()}];
    }
    ASSERT_EQ(seen.size(), 15u);
    double chi2 = 0;
    for (const auto& [subset, n] : seen) chi2 += (n - 1000.0) * (n - 1000.0) / 1000;
    EXPECT_LT(chi2, 36.1) << count;  // 0.1 % of honest draws
  }
}

TEST(index_sampler, sparse_draws_come_in_random_order) {
  index_sampler sampler(key, 100, false);
  int ascending = 0;
  for (std::uint64_t owner = 0; owner < 1000; ++owner) {
    const auto drawn = sampler.draw(owner, 2, std::nullopt);
    ascending += drawn[0] < drawn[1];
  }
  EXPECT_NEAR(ascending, 500, 4 * std::sqrt(250));
}

TEST(index_sampler, more_draws_begin_with_the_same_ones) {
  index_sampler sampler(key, 1000, true);
  const auto few = sampler.draw(3, 100, std::nullopt);
  const std::vector<std::uint32_t> first(few.begin(), few.end());
  const auto many = sampler.draw(3, 5000, std::nullopt);
  EXPECT_TRUE(std::equal(first.begin(), first.end(), many.begin()));
}

}  // namespace
}  // namespace volley::runtime
