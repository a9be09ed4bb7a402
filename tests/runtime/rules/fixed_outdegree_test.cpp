#include <gtest/gtest.h>

#include "runtime/values/parameter.hpp"
#include "tests/runtime/rules/statistics.hpp"

namespace volley::runtime {
namespace {

TEST(fixed_outdegree, each_source_has_its_degree_with_places_in_order) {
  const auto all = drawn({{"rule", "fixed_outdegree"}, {"outdegree", 4}}, nodes(1, 5), nodes(21, 29));
  EXPECT_EQ(outdegrees(all, nodes(1, 5)), std::vector<int>(5, 4));
  for (std::uint64_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i].entry, i);
    EXPECT_EQ(all[i].source, 1 + i / 4);
  }
}

TEST(fixed_outdegree, the_places_of_a_vp_are_those_of_all_draws) {
  const auto rule = parse_rule({{"rule", "fixed_outdegree"}, {"outdegree", 7}}, nodes(1, 5), nodes(20, 29), 1234, 1);
  std::vector<std::uint64_t> entries;
  for (std::uint32_t vp = 0; vp < 3; ++vp)
    for (const auto& c : walked(rule, {vp, 3})) {
      EXPECT_EQ(c.target % 3, vp);
      entries.push_back(c.entry);
    }
  std::ranges::sort(entries);
  ASSERT_EQ(entries.size(), 35u);
  for (std::uint64_t i = 0; i < 35; ++i) EXPECT_EQ(entries[i], i);
}

TEST(fixed_outdegree, without_multapses_and_autapses_the_rest_is_drawn_once_each) {
  const auto all =
      drawn({{"rule", "fixed_outdegree"}, {"outdegree", 5}, {"allow_autapses", false}, {"allow_multapses", false}},
            nodes(1, 6), nodes(1, 6));
  EXPECT_EQ(all.size(), 30u);
  EXPECT_EQ(autapses(all), 0);
  EXPECT_EQ(multapses(all), 0);
}

TEST(fixed_outdegree, draws_targets_evenly) {
  const auto all = drawn({{"rule", "fixed_outdegree"}, {"outdegree", 30}}, nodes(1, 1000), nodes(501, 600));
  EXPECT_LT(std::fabs(excess(indegrees(all, nodes(501, 600)), 300)), 4);
}

TEST(fixed_outdegree, drawn_degrees_follow_their_parameter) {
  const auto degree = parameter::make({{operation::uniform, {}, {-0.5, 9.5}}});  // 0 ... 9, equally likely
  const auto all = drawn({{"rule", "fixed_outdegree"}, {"outdegree", degree}}, nodes(101, 2100), nodes(1, 20));
  std::vector<int> histogram(10);
  for (const int n : outdegrees(all, nodes(101, 2100))) ++histogram.at(static_cast<std::size_t>(n));
  EXPECT_LT(std::fabs(excess(histogram, 200)), 4);
}

}  // namespace
}  // namespace volley::runtime
