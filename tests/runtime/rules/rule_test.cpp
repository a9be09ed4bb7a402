#include "runtime/rules/rule.hpp"

#include <gtest/gtest.h>

#include "runtime/values/parameter.hpp"
#include "tests/runtime/rules/walked.hpp"

namespace volley::runtime {
namespace {

const node_set seven = nodes(1, 7), five = nodes(8, 12);
const parameter_ref drawn = parameter::make({{operation::uniform, {}, {0, 1}}});

TEST(rule, names_eight_kinds_in_order) {
  EXPECT_EQ(connection_rules(), (std::vector<std::string>{"all_to_all", "fixed_indegree", "fixed_outdegree",
                                                          "fixed_total_number", "one_to_one", "pairwise_bernoulli",
                                                          "pairwise_poisson", "symmetric_pairwise_bernoulli"}));
  EXPECT_STREQ(to_string(rule_kind::one_to_one), "one_to_one");
  EXPECT_STREQ(to_string(rule_kind::symmetric_pairwise_bernoulli), "symmetric_pairwise_bernoulli");
}

TEST(rule, arrays_have_the_shape_of_their_rule) {
  const auto shape = [](const dictionary& spec, const node_set& targets = five) {
    return shape_of_arrays(parse_rule(spec, seven, targets, 1, 1));
  };
  EXPECT_EQ(shape({{"rule", "all_to_all"}}), (array_shape{5, 7}));
  EXPECT_EQ(shape({{"rule", "one_to_one"}}, seven), (array_shape{0, 7}));
  EXPECT_EQ(shape({{"rule", "fixed_indegree"}, {"indegree", 3}}), (array_shape{5, 3}));
  EXPECT_EQ(shape({{"rule", "fixed_outdegree"}, {"outdegree", 2}}), (array_shape{7, 2}));
  EXPECT_EQ(shape({{"rule", "fixed_total_number"}, {"N", 11}}), (array_shape{0, 11}));
  EXPECT_EQ(shape({{"rule", "fixed_indegree"}, {"indegree", drawn}}), std::nullopt);
  EXPECT_EQ(shape({{"rule", "pairwise_bernoulli"}, {"p", 0.1}}), std::nullopt);
}

TEST(rule, tells_which_rules_make_both_directions) {
  EXPECT_TRUE(makes_both_directions(parse_rule({{"rule", "all_to_all"}}, seven, seven, 1, 1)));
  EXPECT_FALSE(makes_both_directions(parse_rule({{"rule", "all_to_all"}}, seven, five, 1, 1)));
  EXPECT_TRUE(
      makes_both_directions(parse_rule({{"rule", "one_to_one"}, {"make_symmetric", true}}, five, nodes(1, 5), 1, 1)));
  EXPECT_FALSE(makes_both_directions(parse_rule({{"rule", "one_to_one"}}, five, nodes(1, 5), 1, 1)));
}

}  // namespace
}  // namespace volley::runtime
