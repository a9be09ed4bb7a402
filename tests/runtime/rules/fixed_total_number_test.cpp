#include <gtest/gtest.h>

#include "tests/runtime/rules/statistics.hpp"

namespace volley::runtime {
namespace {

TEST(fixed_total_number, makes_so_many_with_places_in_order) {
  for (const int n : {0, 1, 333}) {
    const auto all = drawn({{"rule", "fixed_total_number"}, {"N", n}}, nodes(1, 9), nodes(21, 31));
    ASSERT_EQ(static_cast<int>(all.size()), n);
    for (std::uint64_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i].entry, i);
  }
}

TEST(fixed_total_number, is_multinomial_on_both_sides) {
  // 37 targets: the tree has halves of different size.
  const auto all = drawn({{"rule", "fixed_total_number"}, {"N", 7400}}, nodes(1, 50), nodes(51, 87));
  ASSERT_EQ(all.size(), 7400u);
  EXPECT_LT(std::fabs(excess(indegrees(all, nodes(51, 87)), 200)), 4);
  EXPECT_LT(std::fabs(excess(outdegrees(all, nodes(1, 50)), 148)), 4);
}

TEST(fixed_total_number, weighs_targets_by_their_possible_sources) {
  // Without autapses 1, 2 and 3 have two sources each, 4 ... 9 three: 24 pairs.
  const auto all =
      drawn({{"rule", "fixed_total_number"}, {"N", 240000}, {"allow_autapses", false}}, nodes(1, 3), nodes(1, 9));
  EXPECT_EQ(autapses(all), 0);
  const auto in = indegrees(all, nodes(1, 9));
  for (int i = 0; i < 9; ++i) EXPECT_NEAR(in[i], i < 3 ? 20000 : 30000, 4 * std::sqrt(30000));
  const auto histogram = [&] {
    std::map<std::pair<std::uint64_t, std::uint64_t>, int> count;
    for (const connection& c : all) ++count[{c.source, c.target}];
    std::vector<int> result;
    for (const auto& [pair, n] : count) result.push_back(n);
    return result;
  }();
  ASSERT_EQ(histogram.size(), 24u);
  EXPECT_LT(std::fabs(excess(histogram, 10000)), 4);
}

TEST(fixed_total_number, gives_shares_of_binomial_spread) {
  std::vector<int> shares;
  for (std::uint32_t call = 1; call <= 2000; ++call)
    shares.push_back(indegrees(
        walked(parse_rule({{"rule", "fixed_total_number"}, {"N", 100}}, nodes(1, 9), nodes(10, 14), 99, call)),
        nodes(10, 14))[3]);
  EXPECT_NEAR(std::accumulate(shares.begin(), shares.end(), 0.0) / 2000, 20, 4 * 4 / std::sqrt(2000));
  EXPECT_NEAR(dispersion(shares), 0.8, 0.11);
}

TEST(fixed_total_number, splits_branches_of_the_tree_independently) {
  // Four targets. Where both halves got the same share, they split it alike by chance alone: 1 / sqrt(4 pi 10) of the
  // time.
  int same_share = 0, same_split = 0;
  for (std::uint32_t call = 1; call <= 2000; ++call) {
    const auto in =
        indegrees(walked(parse_rule({{"rule", "fixed_total_number"}, {"N", 80}}, nodes(1, 9), nodes(10, 13), 99, call)),
                  nodes(10, 13));
    if (in[0] + in[1] != 40) continue;
    ++same_share;
    same_split += in[0] == in[2];
  }
  EXPECT_NEAR(same_share, 2000 * 0.089, 4 * std::sqrt(2000 * 0.081));
  EXPECT_NEAR(same_split, same_share * 0.089, 4 * std::sqrt(same_share * 0.081));
}

}  // namespace
}  // namespace volley::runtime
