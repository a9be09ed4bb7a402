#include <gtest/gtest.h>

#include "tests/runtime/rules/statistics.hpp"

namespace volley::runtime {
namespace {

TEST(symmetric_pairwise_bernoulli, pairs_throw_two_coins_and_get_both_directions) {
  const double p = 0.2;
  const auto all =
      drawn({{"rule", "symmetric_pairwise_bernoulli"}, {"p", p}, {"allow_autapses", false}, {"make_symmetric", true}},
            nodes(1, 300), nodes(1, 300));
  std::map<std::pair<std::uint64_t, std::uint64_t>, int> count;
  for (const connection& c : all) ++count[{c.source, c.target}];
  for (const auto& [pair, n] : count) {
    ASSERT_NE(pair.first, pair.second);
    EXPECT_EQ((count[{pair.second, pair.first}]), n);
  }
  const double pairs = 300 * 299 / 2;
  const auto histogram = pair_histogram(all, 300 * 299);
  EXPECT_NEAR(histogram[1] / 2, pairs * 2 * p * (1 - p), 4 * std::sqrt(pairs * 0.32));
  EXPECT_NEAR(histogram[2] / 2, pairs * p * p, 4 * std::sqrt(pairs * 0.04));
  EXPECT_EQ(histogram[3], 0);
}

TEST(symmetric_pairwise_bernoulli, pairs_of_different_nodes_throw_one_coin) {
  const double p = 0.2;
  const auto all =
      drawn({{"rule", "symmetric_pairwise_bernoulli"}, {"p", p}, {"allow_autapses", false}, {"make_symmetric", true}},
            nodes(1, 100), nodes(101, 300));
  std::map<std::pair<std::uint64_t, std::uint64_t>, int> count;
  for (const connection& c : all) ++count[{c.source, c.target}];
  for (const auto& [pair, n] : count) EXPECT_EQ(n, (count.contains({pair.second, pair.first}) ? 1 : -1));
  EXPECT_NEAR(static_cast<double>(all.size()) / 2, p * 20000, 4 * std::sqrt(0.16 * 20000));
}

TEST(symmetric_pairwise_bernoulli, both_vps_of_a_pair_see_the_same_coin) {
  // Sources are even, targets odd: the two directions live on two VPs.
  const rule_spec rule = parse_rule(
      {{"rule", "symmetric_pairwise_bernoulli"}, {"p", 0.3}, {"allow_autapses", false}, {"make_symmetric", true}},
      nodes(2, 60, 2), nodes(101, 161, 2), 1234, 1);
  auto forward = walked(rule, {1, 2}), back = walked(rule, {0, 2});
  EXPECT_FALSE(forward.empty());
  for (connection& c : back) {
    EXPECT_TRUE(c.reversed);
    c = {c.target, c.source, 0, false};
  }
  for (connection& c : forward) c.entry = 0;
  std::ranges::sort(forward);
  std::ranges::sort(back);
  EXPECT_EQ(forward, back);
}

TEST(symmetric_pairwise_bernoulli, nearly_certain_pairs_are_all_there) {
  const auto all = [](double p) {
    return drawn(
        {{"rule", "symmetric_pairwise_bernoulli"}, {"p", p}, {"allow_autapses", false}, {"make_symmetric", true}},
        nodes(1, 4), nodes(3, 6));
  };
  EXPECT_EQ(all(std::nextafter(1, 0)).size(), 2u * (16 - 2));
  EXPECT_EQ(autapses(all(std::nextafter(1, 0))), 0);
  EXPECT_TRUE(all(0).empty());
}

}  // namespace
}  // namespace volley::runtime
