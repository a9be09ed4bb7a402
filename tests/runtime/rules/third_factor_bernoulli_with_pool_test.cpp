// Which nodes take part in which connections: as many as the coins say, from the target's pool, and the same on any
// layout.
#include <gtest/gtest.h>

#include <set>

#include "runtime/rules/third_factor.hpp"
#include "tests/runtime/rules/statistics.hpp"

namespace volley::runtime {
namespace {

struct both_sides {
  std::vector<connection> in, out;
};

struct tripartite {
  dictionary primary{{"rule", "all_to_all"}}, spec{};
  node_set pre = nodes(1, 20), post = nodes(21, 50), third = nodes(51, 60);
  std::uint32_t seed = 1234;

  std::shared_ptr<const third_factor> parsed() const {
    auto given = spec;
    given["rule"] = "third_factor_bernoulli_with_pool";
    unknown_keys errors;
    return parse_third_factor(given, std::make_shared<const rule_spec>(parse_rule(primary, pre, post, seed, 1)), third,
                              errors);
  }
  std::vector<connection> primary_ones() const { return walked(parse_rule(primary, pre, post, seed, 1)); }
  both_sides walk(const layout& place = {}) const {
    const auto t = parsed();
    return {walked(into_third(t), place), walked(out_of_third(t), place)};
  }
};

using pairs = std::multiset<std::pair<std::uint64_t, std::uint64_t>>;

pairs ends(const std::vector<connection>& all) {
  pairs found;
  for (const auto& c : all) found.emplace(c.source, c.target);
  return found;
}

class each_primary_rule : public testing::TestWithParam<dictionary> {};

INSTANTIATE_TEST_SUITE_P(
    rules, each_primary_rule,
    testing::Values(dictionary{{"rule", "all_to_all"}}, dictionary{{"rule", "all_to_all"}, {"allow_autapses", false}},
                    dictionary{{"rule", "one_to_one"}}, dictionary{{"rule", "fixed_indegree"}, {"indegree", 30}},
                    dictionary{{"rule", "fixed_outdegree"}, {"outdegree", 30}},
                    dictionary{{"rule", "fixed_total_number"}, {"N", 500}},
                    dictionary{{"rule", "pairwise_bernoulli"}, {"p", 0.5}},
                    dictionary{{"rule", "pairwise_poisson"}, {"pairwise_avg_num_conns", 1.5}}),
    [](const auto& info) {
      return *info.param.find("rule")->template get_if<std::string>() +
             (info.param.size() > 1 && info.param.contains("allow_autapses") ? "_without_autapses" : "");
    });

TEST_P(each_primary_rule, each_connection_has_a_node_where_all_coins_win) {
  const tripartite t{.primary = GetParam(), .pre = nodes(1, 20), .post = nodes(11, 30)};
  const auto primary = t.primary_ones();
  const auto [in, out] = t.walk();
  ASSERT_GT(primary.size(), 0u);
  EXPECT_EQ(in.size(), primary.size());
  EXPECT_EQ(out.size(), primary.size());
  EXPECT_EQ(outdegrees(in, t.pre), outdegrees(primary, t.pre));
  EXPECT_EQ(indegrees(out, t.post), indegrees(primary, t.post));
  EXPECT_EQ(indegrees(in, t.third), outdegrees(out, t.third)) << "the same nodes on both sides";
}

TEST_P(each_primary_rule, the_same_on_any_layout) {
  const tripartite t{
      .primary = GetParam(), .spec = {{"p", 0.6}, {"pool_size", 4}}, .pre = nodes(1, 20), .post = nodes(11, 30)};
  const auto one = t.walk();
  for (const std::uint32_t vps : {2u, 3u, 7u}) {
    both_sides all;
    for (std::uint32_t vp = 0; vp < vps; ++vp) {
      const auto part = t.walk({vp, vps});
      for (const auto* side : {&part.in, &part.out})
        for (const auto& c : *side) EXPECT_EQ(c.target % vps, vp);
      all.in.insert(all.in.end(), part.in.begin(), part.in.end());
      all.out.insert(all.out.end(), part.out.begin(), part.out.end());
    }
    EXPECT_EQ(ends(all.in), ends(one.in)) << vps;
    EXPECT_EQ(ends(all.out), ends(one.out)) << vps;
  }
}

TEST_P(each_primary_rule, targets_ascend) {
  const tripartite t{.primary = GetParam(), .pre = nodes(1, 20), .post = nodes(11, 30)};
  const auto sides = t.walk({1, 2});
  for (const auto* side : {&sides.in, &sides.out})
    EXPECT_TRUE(std::ranges::is_sorted(*side, {}, [](const connection& c) { return c.target; }));
}

TEST(third_factor_bernoulli_with_pool, coins_win_as_often_as_asked) {
  const tripartite t{.spec = {{"p", 0.3}}, .pre = nodes(1, 200), .post = nodes(201, 400)};
  const auto [in, out] = t.walk();
  EXPECT_NEAR(static_cast<double>(out.size()), 0.3 * 40000, 4 * std::sqrt(40000 * 0.3 * 0.7));
  EXPECT_NEAR(dispersion(indegrees(out, t.post)), 0.7, 0.3);
  EXPECT_NEAR(dispersion(outdegrees(in, t.pre)), 0.7, 0.3);
  EXPECT_TRUE((tripartite{.spec = {{"p", 0.0}}}).walk().in.empty());
}

TEST(third_factor_bernoulli_with_pool, a_target_has_the_nodes_of_its_pool) {
  const tripartite t{.spec = {{"pool_size", 3}}, .pre = nodes(1, 100)};
  std::map<std::uint64_t, std::set<std::uint64_t>> pools;
  const auto [in, out] = t.walk();
  for (const auto& c : out) pools[c.target].insert(c.source);
  std::set<std::set<std::uint64_t>> different;
  for (const auto& [target, pool] : pools) {
    EXPECT_EQ(pool.size(), 3u) << target;
    different.insert(pool);
  }
  EXPECT_EQ(pools.size(), 30u);
  EXPECT_GT(different.size(), 10u) << "each target draws its own";
}

TEST(third_factor_bernoulli_with_pool, nodes_are_drawn_evenly) {
  for (const int size : {2, 10}) {
    const tripartite t{.spec = {{"pool_size", size}}, .pre = nodes(1, 10), .post = nodes(101, 2100)};
    const auto counts = outdegrees(t.walk().out, t.third);
    // 2,000 pools of 2, or 20,000 draws among all.
    EXPECT_LT(std::fabs(excess(counts, 2000)), size == 2 ? 40 : 4) << size;
  }
}

TEST(third_factor_bernoulli_with_pool, blocks_are_neighbours) {
  const tripartite t{.spec = {{"pool_size", 3}, {"pool_type", "block"}}, .post = nodes(21, 24), .third = nodes(51, 62)};
  const auto out = t.walk().out;
  std::map<std::uint64_t, std::set<std::uint64_t>> pools;
  for (const auto& c : out) pools[c.target].insert(c.source);
  for (std::uint64_t target = 0; target < 4; ++target) {
    const auto first = 51 + 3 * target;
    EXPECT_EQ(pools.at(21 + target), (std::set<std::uint64_t>{first, first + 1, first + 2}));
  }
}

TEST(third_factor_bernoulli_with_pool, targets_share_blocks_of_one) {
  const tripartite t{.spec = {{"pool_size", 1}, {"pool_type", "block"}}};
  const auto [in, out] = t.walk();
  for (const auto& c : out) EXPECT_EQ(c.source, 51 + (c.target - 21) / 3);
}

TEST(third_factor_bernoulli_with_pool, multapses_throw_coins_of_their_own) {
  const tripartite t{.primary = {{"rule", "fixed_indegree"}, {"indegree", 2000}},
                     .spec = {{"p", 0.5}},
                     .pre = nodes(1, 1),
                     .post = nodes(21, 21)};
  EXPECT_NEAR(static_cast<double>(t.walk().out.size()), 1000, 100);
}

TEST(third_factor_bernoulli_with_pool, another_seed_gives_others) {
  const tripartite t{.spec = {{"pool_size", 3}}};
  auto other = t;
  other.seed = 99;
  EXPECT_NE(ends(t.walk().out), ends(other.walk().out));
}

}  // namespace
}  // namespace volley::runtime
