#include "runtime/rules/expected_number.hpp"

#include <gtest/gtest.h>

#include "runtime/values/parameter.hpp"
#include "tests/runtime/rules/walked.hpp"

namespace volley::runtime {
namespace {

rule_spec rule(dictionary spec, node_set sources, node_set targets) {
  return parse_rule(spec, std::move(sources), std::move(targets), 7, 3);
}

struct counted {
  const char* name;
  dictionary spec;
  node_set sources, targets;
};

class fixed_rule : public testing::TestWithParam<counted> {};

const node_set some = nodes(1, 40), others = nodes(31, 70), every_third = nodes(4, 40, 3);

INSTANTIATE_TEST_SUITE_P(
    rules, fixed_rule,
    testing::Values(counted{"all_to_all", {{"rule", "all_to_all"}}, some, others},
                    counted{"all_without_autapses", {{"rule", "all_to_all"}, {"allow_autapses", false}}, some, others},
                    counted{"steps_without_autapses",
                            {{"rule", "all_to_all"}, {"allow_autapses", false}},
                            nodes(2, 50, 2),
                            every_third},
                    counted{"symmetric_pairs", {{"rule", "one_to_one"}, {"make_symmetric", true}}, some, others},
                    counted{"one_to_one", {{"rule", "one_to_one"}}, some, others},
                    counted{
                        "one_to_one_without_autapses", {{"rule", "one_to_one"}, {"allow_autapses", false}}, some, some},
                    counted{"indegree", {{"rule", "fixed_indegree"}, {"indegree", 7}}, some, others},
                    counted{"outdegree", {{"rule", "fixed_outdegree"}, {"outdegree", 9}}, every_third, others},
                    counted{"total", {{"rule", "fixed_total_number"}, {"N", 123}}, some, others}),
    [](const auto& info) { return info.param.name; });

TEST_P(fixed_rule, has_as_many_connections_as_expected) {
  const auto spec = rule(GetParam().spec, GetParam().sources, GetParam().targets);
  EXPECT_EQ(expected_connections(spec), static_cast<double>(walked(spec).size()));
}

class random_rule : public testing::TestWithParam<counted> {};

const node_set many = nodes(1, 400), crowd = nodes(301, 800);
value drawn(double low, double high) { return parameter::make({{operation::uniform, {}, {low, high}}}); }

INSTANTIATE_TEST_SUITE_P(
    rules, random_rule,
    testing::Values(
        counted{"bernoulli", {{"rule", "pairwise_bernoulli"}, {"p", 0.2}}, many, crowd},
        counted{"bernoulli_without_autapses",
                {{"rule", "pairwise_bernoulli"}, {"p", 0.9}, {"allow_autapses", false}},
                many,
                many},
        counted{
            "symmetric",
            {{"rule", "symmetric_pairwise_bernoulli"}, {"p", 0.2}, {"allow_autapses", false}, {"make_symmetric", true}},
            many,
            crowd},
        counted{"poisson", {{"rule", "pairwise_poisson"}, {"pairwise_avg_num_conns", 1.5}}, many, crowd},
        counted{"drawn_degree", {{"rule", "fixed_indegree"}, {"indegree", drawn(10, 90)}}, many, crowd},
        counted{"drawn_probability", {{"rule", "pairwise_bernoulli"}, {"p", drawn(0, 0.5)}}, many, crowd}),
    [](const auto& info) { return info.param.name; });

TEST_P(random_rule, has_about_as_many_connections_as_expected) {
  const auto spec = rule(GetParam().spec, GetParam().sources, GetParam().targets);
  const double expected = expected_connections(spec);
  EXPECT_GT(expected, 10000);
  EXPECT_NEAR(static_cast<double>(walked(spec).size()), expected, 0.04 * expected);
}

TEST(expected_number, counts_drawn_degrees_below_zero_as_none) {
  const double expected =
      expected_connections(rule({{"rule", "fixed_indegree"}, {"indegree", drawn(-100, 100)}}, many, crowd));
  EXPECT_GT(expected, 10000);
  EXPECT_LT(expected, 15000);
}

TEST(expected_number, of_what_nobody_could_count) {
  EXPECT_EQ(expected_connections(rule({{"rule", "all_to_all"}}, nodes(1, 1000000), nodes(1, 1000000))), 1e12);
  EXPECT_EQ(expected_connections(
                rule({{"rule", "fixed_indegree"}, {"indegree", 100000}}, nodes(1, 1000000), nodes(1, 10000000))),
            1e12);
}

}  // namespace
}  // namespace volley::runtime
