#include <gtest/gtest.h>

#include "tests/runtime/rules/walked.hpp"

namespace volley::runtime {
namespace {

rule_spec all(node_set sources, node_set targets, bool autapses) {
  return parse_rule({{"rule", "all_to_all"}, {"allow_autapses", autapses}}, std::move(sources), std::move(targets), 1,
                    1);
}

TEST(all_to_all, gives_each_target_all_sources_in_order) {
  const std::vector<connection> expected{{1, 5, 0, false}, {2, 5, 1, false}, {1, 7, 2, false}, {2, 7, 3, false}};
  EXPECT_EQ(walked(all(nodes(1, 2), nodes(5, 7, 2), true)), expected);
}

TEST(all_to_all, a_pair_left_out_keeps_its_place_in_arrays) {
  const std::vector<connection> expected{{2, 1, 1, false}, {3, 1, 2, false}, {1, 2, 3, false},
                                         {3, 2, 5, false}, {1, 3, 6, false}, {2, 3, 7, false}};
  EXPECT_EQ(walked(all(nodes(1, 3), nodes(1, 3), false)), expected);
}

TEST(all_to_all, a_target_whose_one_source_is_itself_is_passed_over) {
  const std::vector<connection> expected{{5, 6, 1, false}};
  EXPECT_EQ(walked(all(nodes(5, 5), nodes(5, 6), false)), expected);
}

}  // namespace
}  // namespace volley::runtime
