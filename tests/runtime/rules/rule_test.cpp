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

TEST(rule, what_may_be_drawn_tells_whether_it_may_be_refused) {
  const auto may = [](rule_kind kind, const parameter_ref& number, bool multapses = true, bool autapses = true) {
    rule_spec spec;
    spec.kind = kind;
    spec.number = number;
    spec.allow_multapses = multapses;
    spec.allow_autapses = autapses;
    spec.sources = nodes(1, 10);
    spec.targets = nodes(10, 12);
    return may_be_refused(spec);
  };
  const auto normal = parameter::make({{operation::normal, {}, {0, 1}}});
  const auto uniform = [](double most) { return parameter::make({{operation::uniform, {}, {0, most}}}); };
  const auto never = parameter::make({{operation::uniform, {}, {0, 1}}, {operation::redraw, {0}, {2, 3}}});
  for (const auto kind : {rule_kind::fixed_indegree, rule_kind::fixed_outdegree, rule_kind::pairwise_poisson}) {
    EXPECT_FALSE(may(kind, normal));  // negative ones count as 0
    EXPECT_TRUE(may(kind, never));
    EXPECT_TRUE(may(kind, uniform(3e9)));
    EXPECT_FALSE(may(kind, uniform(2e9)));
  }
  EXPECT_FALSE(may(rule_kind::fixed_indegree, uniform(10.4), false));
  EXPECT_TRUE(may(rule_kind::fixed_indegree, uniform(10.6), false));
  EXPECT_TRUE(may(rule_kind::fixed_indegree, uniform(9.6), false, false));
  EXPECT_FALSE(may(rule_kind::fixed_outdegree, uniform(3.4), false));
  EXPECT_TRUE(may(rule_kind::fixed_outdegree, uniform(3.6), false));
  EXPECT_FALSE(may(rule_kind::pairwise_bernoulli, normal));
  EXPECT_TRUE(may(rule_kind::pairwise_bernoulli, never));
  EXPECT_FALSE(may_be_refused(rule_spec{}));
}

}  // namespace
}  // namespace volley::runtime
