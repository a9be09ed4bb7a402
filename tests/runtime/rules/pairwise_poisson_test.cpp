#include <gtest/gtest.h>

#include "runtime/base/error.hpp"
#include "runtime/values/parameter.hpp"
#include "tests/runtime/rules/statistics.hpp"

namespace volley::runtime {
namespace {

TEST(pairwise_poisson, pairs_have_poisson_counts) {
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

TEST(pairwise_poisson, without_autapses_the_other_pairs_keep_their_mean) {
  for (const value& mean : {value(2.0), value(parameter::make({{operation::uniform, {}, {2, 2.000001}}}))}) {
    const auto all = drawn({{"rule", "pairwise_poisson"}, {"pairwise_avg_num_conns", mean}, {"allow_autapses", false}},
                           nodes(1, 100), nodes(1, 200));
    EXPECT_EQ(autapses(all), 0);
    const double expected = 2.0 * (100 * 200 - 100);
    EXPECT_NEAR(static_cast<double>(all.size()), expected, 4 * std::sqrt(expected));
  }
}

TEST(pairwise_poisson, a_drawn_mean_must_be_a_number_that_can_be_met) {
  const term negative{operation::uniform, {}, {-2, -1}};
  for (const auto& [mean, text] :
       {std::pair(parameter::make({negative, {operation::power, {0}, {0.5}}}), "nan must be at most 2147483647"),
        std::pair(parameter::make({{operation::uniform, {}, {1e300, 2e300}}}), "+300 must be at most 2147483647")}) {
    try {
      drawn({{"rule", "pairwise_poisson"}, {"pairwise_avg_num_conns", mean}}, nodes(1, 5), nodes(1, 5));
      FAIL() << text;
    } catch (const api_error& e) {
      EXPECT_EQ(e.kind(), error_kind::BadProperty);
      EXPECT_TRUE(std::string(e.what()).ends_with(text)) << e.what();
    }
  }
  const auto never = parameter::make({negative});
  EXPECT_TRUE(
      drawn({{"rule", "pairwise_poisson"}, {"pairwise_avg_num_conns", never}}, nodes(1, 5), nodes(1, 5)).empty())
      << "negative means count as 0";
}

}  // namespace
}  // namespace volley::runtime
