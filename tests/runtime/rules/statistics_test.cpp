// The random rules draw from the distributions they promise: chi-square statistics at fixed seeds.
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "runtime/values/parameter.hpp"
#include "tests/runtime/rules/walked.hpp"

namespace volley::runtime {
namespace {

std::vector<connection> drawn(const dictionary& spec, const node_set& sources, const node_set& targets) {
  return walked(parse_rule(spec, sources, targets, 1234, 1));
}

/// (chi2 - degrees of freedom) in standard deviations, for counts that should all be near their mean.
double excess(const std::vector<int>& counts, double expected) {
  double chi2 = 0;
  for (const int n : counts) chi2 += (n - expected) * (n - expected) / expected;
  const double freedom = static_cast<double>(counts.size()) - 1;
  return (chi2 - freedom) / std::sqrt(2 * freedom);
}

/// Variance of counts over their mean: 1 for Poisson, 1 - p for binomial counts.
double dispersion(const std::vector<int>& counts) {
  const double n = static_cast<double>(counts.size());
  const double mean = std::accumulate(counts.begin(), counts.end(), 0.0) / n;
  double sum = 0;
  for (const int c : counts) sum += (c - mean) * (c - mean);
  return sum / n / mean;
}

/// How many of all pairs have 0, 1, 2, ... connections.
std::vector<int> pair_histogram(const std::vector<connection>& all, std::uint64_t pairs) {
  std::map<std::pair<std::uint64_t, std::uint64_t>, int> count;
  for (const connection& c : all) ++count[{c.source, c.target}];
  std::vector<int> histogram(20);
  for (const auto& [pair, n] : count) ++histogram.at(n);
  histogram[0] = static_cast<int>(pairs - count.size());
  return histogram;
}

TEST(rule_statistics, fixed_indegree_draws_sources_evenly) {
  for (const bool multapses : {true, false}) {
    const auto all = drawn({{"rule", "fixed_indegree"}, {"indegree", 30}, {"allow_multapses", multapses}},
                           nodes(1, 100), nodes(101, 1100));
    EXPECT_LT(std::fabs(excess(outdegrees(all, nodes(1, 100)), 300)), 4);
  }
}

TEST(rule_statistics, fixed_indegree_without_autapses_stays_even) {
  const auto all =
      drawn({{"rule", "fixed_indegree"}, {"indegree", 200}, {"allow_autapses", false}}, nodes(1, 100), nodes(1, 100));
  EXPECT_LT(std::fabs(excess(outdegrees(all, nodes(1, 100)), 200)), 4);
}

TEST(rule_statistics, fixed_outdegree_draws_targets_evenly) {
  const auto all = drawn({{"rule", "fixed_outdegree"}, {"outdegree", 30}}, nodes(1, 1000), nodes(501, 600));
  EXPECT_LT(std::fabs(excess(indegrees(all, nodes(501, 600)), 300)), 4);
}

TEST(rule_statistics, fixed_total_number_is_multinomial_on_both_sides) {
  // 37 targets: the tree has halves of different size.
  const auto all = drawn({{"rule", "fixed_total_number"}, {"N", 7400}}, nodes(1, 50), nodes(51, 87));
  ASSERT_EQ(all.size(), 7400u);
  EXPECT_LT(std::fabs(excess(indegrees(all, nodes(51, 87)), 200)), 4);
  EXPECT_LT(std::fabs(excess(outdegrees(all, nodes(1, 50)), 148)), 4);
}

TEST(rule_statistics, fixed_total_number_weighs_targets_by_their_possible_sources) {
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

TEST(rule_statistics, fixed_total_number_gives_shares_of_binomial_spread) {
  std::vector<int> shares;
  for (std::uint32_t call = 1; call <= 2000; ++call)
    shares.push_back(indegrees(
        walked(parse_rule({{"rule", "fixed_total_number"}, {"N", 100}}, nodes(1, 9), nodes(10, 14), 99, call)),
        nodes(10, 14))[3]);
  EXPECT_NEAR(std::accumulate(shares.begin(), shares.end(), 0.0) / 2000, 20, 4 * 4 / std::sqrt(2000));
  EXPECT_NEAR(dispersion(shares), 0.8, 0.11);
}

TEST(rule_statistics, fixed_total_number_splits_branches_of_the_tree_independently) {
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

TEST(rule_statistics, bernoulli_rows_of_many_draws_stay_independent) {
  const auto all = drawn({{"rule", "pairwise_bernoulli"}, {"p", 0.1}}, nodes(1, 2000), nodes(2001, 2400));
  EXPECT_NEAR(dispersion(indegrees(all, nodes(2001, 2400))), 0.9, 4 * std::sqrt(2.0 / 400));
  EXPECT_NEAR(dispersion(outdegrees(all, nodes(1, 2000))), 0.9, 4 * std::sqrt(2.0 / 2000));
}

TEST(rule_statistics, bernoulli_pairs_are_independent_coins) {
  const double p = 0.15;
  for (const value& number : {value(p), value(parameter::make({{operation::uniform, {}, {p - 0.1, p + 0.1}}}))}) {
    const auto all = drawn({{"rule", "pairwise_bernoulli"}, {"p", number}}, nodes(1, 200), nodes(301, 700));
    const double n = 200 * 400;
    EXPECT_NEAR(static_cast<double>(all.size()), p * n, 4 * std::sqrt(p * (1 - p) * n));
    EXPECT_EQ(multapses(all), 0);
    EXPECT_NEAR(dispersion(indegrees(all, nodes(301, 700))), 1 - p, 4 * std::sqrt(2.0 / 400));
    EXPECT_NEAR(dispersion(outdegrees(all, nodes(1, 200))), 1 - p, 4 * std::sqrt(2.0 / 200));
  }
}

TEST(rule_statistics, bernoulli_reaches_first_and_last_source_alike) {
  const auto all =
      drawn({{"rule", "pairwise_bernoulli"}, {"p", 0.5}, {"allow_autapses", false}}, nodes(1, 40), nodes(1, 2000));
  EXPECT_EQ(autapses(all), 0);
  const auto out = outdegrees(all, nodes(1, 40));
  for (const int n : out) EXPECT_NEAR(n, 1000, 4 * std::sqrt(500));
}

TEST(rule_statistics, poisson_pairs_have_poisson_counts) {
  const double mean = 0.8;
  for (const value& number :
       {value(mean), value(parameter::make({{operation::uniform, {}, {mean - 1e-9, mean + 1e-9}}}))}) {
    const auto all =
        drawn({{"rule", "pairwise_poisson"}, {"pairwise_avg_num_conns", number}}, nodes(1, 100), nodes(201, 600));
    const double n = 100 * 400;
    const auto histogram = pair_histogram(all, 100 * 400);
    double expected = n * std::exp(-mean);
    for (int k = 0; k < 6; expected *= mean / ++k) EXPECT_NEAR(histogram[k], expected, 4 * std::sqrt(expected)) << k;
    EXPECT_NEAR(dispersion(indegrees(all, nodes(201, 600))), 1, 4 * std::sqrt(2.0 / 400));
  }
}

TEST(rule_statistics, symmetric_pairs_throw_two_coins_and_get_both_directions) {
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

TEST(rule_statistics, symmetric_pairs_of_different_nodes_throw_one_coin) {
  const double p = 0.2;
  const auto all =
      drawn({{"rule", "symmetric_pairwise_bernoulli"}, {"p", p}, {"allow_autapses", false}, {"make_symmetric", true}},
            nodes(1, 100), nodes(101, 300));
  std::map<std::pair<std::uint64_t, std::uint64_t>, int> count;
  for (const connection& c : all) ++count[{c.source, c.target}];
  for (const auto& [pair, n] : count) EXPECT_EQ(n, (count.contains({pair.second, pair.first}) ? 1 : -1));
  EXPECT_NEAR(static_cast<double>(all.size()) / 2, p * 20000, 4 * std::sqrt(0.16 * 20000));
}

TEST(rule_statistics, drawn_degrees_follow_their_parameter) {
  const auto degree = parameter::make({{operation::uniform, {}, {-0.5, 9.5}}});  // 0 ... 9, equally likely
  const auto all = drawn({{"rule", "fixed_indegree"}, {"indegree", degree}}, nodes(1, 20), nodes(101, 2100));
  std::vector<int> histogram(10);
  for (const int n : indegrees(all, nodes(101, 2100))) ++histogram.at(n);
  EXPECT_LT(std::fabs(excess(histogram, 200)), 4);
}

}  // namespace
}  // namespace volley::runtime
