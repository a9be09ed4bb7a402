#include <gtest/gtest.h>

#include "runtime/base/error.hpp"
#include "runtime/values/parameter.hpp"
#include "tests/runtime/rules/statistics.hpp"

namespace volley::runtime {
namespace {

TEST(pairwise_bernoulli, certain_pairs_are_all_there_and_impossible_ones_none) {
  const auto beyond = parameter::make({{operation::uniform, {}, {1, 2}}});
  for (const value& p : {value(1.0), value(beyond)}) {
    const auto all =
        drawn({{"rule", "pairwise_bernoulli"}, {"p", p}, {"allow_autapses", false}}, nodes(1, 600), nodes(1, 3));
    EXPECT_EQ(indegrees(all, nodes(1, 3)), std::vector<int>(3, 599));
    EXPECT_EQ(autapses(all), 0);
    EXPECT_EQ(multapses(all), 0);
  }
  const auto never = parameter::make({{operation::uniform, {}, {-2, -1}}});
  for (const value& p : {value(0.0), value(never)})
    EXPECT_TRUE(drawn({{"rule", "pairwise_bernoulli"}, {"p", p}}, nodes(1, 600), nodes(1, 3)).empty());
}

TEST(pairwise_bernoulli, a_drawn_probability_must_be_a_number) {
  const auto not_a_number = parameter::make({{operation::uniform, {}, {-2, -1}}, {operation::power, {0}, {0.5}}});
  try {
    drawn({{"rule", "pairwise_bernoulli"}, {"p", not_a_number}}, nodes(1, 5), nodes(1, 5));
    FAIL();
  } catch (const api_error& e) {
    EXPECT_EQ(e.kind(), error_kind::BadProperty);
    EXPECT_STREQ(e.what(), "Connect: pairwise_bernoulli: a drawn p is not a number");
  }
}

TEST(pairwise_bernoulli, rows_of_many_draws_stay_independent) {
  const auto all = drawn({{"rule", "pairwise_bernoulli"}, {"p", 0.1}}, nodes(1, 2000), nodes(2001, 2400));
  EXPECT_NEAR(dispersion(indegrees(all, nodes(2001, 2400))), 0.9, 4 * std::sqrt(2.0 / 400));
  EXPECT_NEAR(dispersion(outdegrees(all, nodes(1, 2000))), 0.9, 4 * std::sqrt(2.0 / 2000));
}

TEST(pairwise_bernoulli, pairs_are_independent_coins) {
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

TEST(pairwise_bernoulli, reaches_first_and_last_source_alike) {
  const auto all =
      drawn({{"rule", "pairwise_bernoulli"}, {"p", 0.5}, {"allow_autapses", false}}, nodes(1, 40), nodes(1, 2000));
  EXPECT_EQ(autapses(all), 0);
  const auto out = outdegrees(all, nodes(1, 40));
  for (const int n : out) EXPECT_NEAR(n, 1000, 4 * std::sqrt(500));
}

}  // namespace
}  // namespace volley::runtime
