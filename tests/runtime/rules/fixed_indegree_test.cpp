#include <gtest/gtest.h>

#include "runtime/values/parameter.hpp"
#include "tests/runtime/rules/statistics.hpp"

namespace volley::runtime {
namespace {

TEST(fixed_indegree, each_target_has_its_degree_with_places_in_order) {
  const auto all = drawn({{"rule", "fixed_indegree"}, {"indegree", 4}}, nodes(1, 9), nodes(21, 25));
  EXPECT_EQ(indegrees(all, nodes(21, 25)), std::vector<int>(5, 4));
  for (std::uint64_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i].entry, i);
    EXPECT_EQ(all[i].target, 21 + i / 4);
  }
}

TEST(fixed_indegree, without_multapses_and_autapses_the_rest_is_drawn_once_each) {
  const auto all =
      drawn({{"rule", "fixed_indegree"}, {"indegree", 5}, {"allow_autapses", false}, {"allow_multapses", false}},
            nodes(1, 6), nodes(1, 6));
  EXPECT_EQ(all.size(), 30u);
  EXPECT_EQ(autapses(all), 0);
  EXPECT_EQ(multapses(all), 0);
}

TEST(fixed_indegree, draws_sources_evenly) {
  for (const bool multapses : {true, false}) {
    const auto all = drawn({{"rule", "fixed_indegree"}, {"indegree", 30}, {"allow_multapses", multapses}},
                           nodes(1, 100), nodes(101, 1100));
    EXPECT_LT(std::fabs(excess(outdegrees(all, nodes(1, 100)), 300)), 4);
  }
}

TEST(fixed_indegree, without_autapses_stays_even) {
  const auto all =
      drawn({{"rule", "fixed_indegree"}, {"indegree", 200}, {"allow_autapses", false}}, nodes(1, 100), nodes(1, 100));
  EXPECT_LT(std::fabs(excess(outdegrees(all, nodes(1, 100)), 200)), 4);
}

TEST(fixed_indegree, drawn_degrees_follow_their_parameter) {
  const auto degree = parameter::make({{operation::uniform, {}, {-0.5, 9.5}}});  // 0 ... 9, equally likely
  const auto all = drawn({{"rule", "fixed_indegree"}, {"indegree", degree}}, nodes(1, 20), nodes(101, 2100));
  std::vector<int> histogram(10);
  for (const int n : indegrees(all, nodes(101, 2100))) ++histogram.at(n);
  EXPECT_LT(std::fabs(excess(histogram, 200)), 4);
}

TEST(fixed_indegree, targets_with_a_drawn_degree_of_zero_have_none) {
  const auto degree = parameter::make({{operation::uniform, {}, {-9, 0.4}}});
  EXPECT_TRUE(drawn({{"rule", "fixed_indegree"}, {"indegree", degree}}, nodes(1, 9), nodes(21, 40)).empty());
}

}  // namespace
}  // namespace volley::runtime
