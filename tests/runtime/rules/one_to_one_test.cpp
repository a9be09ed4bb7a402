#include <gtest/gtest.h>

#include "tests/runtime/rules/walked.hpp"

namespace volley::runtime {
namespace {

rule_spec pairs(node_set sources, node_set targets, dictionary flags = {}) {
  flags["rule"] = "one_to_one";
  return parse_rule(flags, std::move(sources), std::move(targets), 1, 1);
}

TEST(one_to_one, joins_what_stands_at_the_same_place) {
  const std::vector<connection> expected{{1, 9, 0, false}, {4, 10, 1, false}, {7, 11, 2, false}};
  EXPECT_EQ(walked(pairs(nodes(1, 7, 3), nodes(9, 11))), expected);
}

TEST(one_to_one, gives_all_of_more_pairs_than_one_batch_holds) {
  const auto all = walked(pairs(nodes(1, 300), nodes(301, 600)));
  ASSERT_EQ(all.size(), 300u);
  for (std::uint64_t i = 0; i < 300; ++i) EXPECT_EQ(all[i], (connection{1 + i, 301 + i, i, false}));
}

TEST(one_to_one, autapses_are_left_out_where_they_are_forbidden) {
  const node_set sources{0, {{1, 3, 1}, {9, 9, 1}}};
  const std::vector<connection> expected{{3, 4, 2, false}, {9, 8, 3, false}};
  const node_set targets{0, {{1, 2, 1}, {4, 4, 1}, {8, 8, 1}}};
  EXPECT_EQ(walked(pairs(sources, targets, {{"allow_autapses", false}})), expected);
  EXPECT_EQ(walked(pairs(sources, targets)).size(), 4u);
}

TEST(one_to_one, symmetric_pairs_go_both_ways) {
  const rule_spec rule =
      parse_rule({{"rule", "one_to_one"}, {"make_symmetric", true}}, nodes(1, 5), nodes(6, 10), 1, 1);
  const auto all = walked(rule);
  ASSERT_EQ(all.size(), 10u);
  for (std::uint64_t i = 0; i < 5; ++i) {
    EXPECT_EQ(all[i], (connection{1 + i, 6 + i, i, false}));
    EXPECT_EQ(all[5 + i], (connection{6 + i, 1 + i, i, true}));
  }
}

TEST(one_to_one, the_way_back_lives_where_the_sources_do) {
  const auto rule = pairs(nodes(2, 6, 2), nodes(1, 5, 2), {{"make_symmetric", true}});
  for (const auto& c : walked(rule, {0, 2})) EXPECT_TRUE(c.reversed);
  for (const auto& c : walked(rule, {1, 2})) EXPECT_FALSE(c.reversed);
  EXPECT_EQ(walked(rule, {0, 2}).size() + walked(rule, {1, 2}).size(), 6u);
}

}  // namespace
}  // namespace volley::runtime
