// From conn_spec to rules for nodes with positions.
#include <gtest/gtest.h>

#include "runtime/base/error.hpp"
#include "runtime/rules/rule.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::runtime {
namespace {

parameter_ref of_space(operation what, std::vector<double> numbers) {
  return parameter::make({{what, {}, std::move(numbers)}});
}

layer_ref points(std::uint64_t first, std::size_t n, int dimensions = 2, bool wraps = false) {
  std::array<std::vector<double>, 3> columns;
  for (int axis = 0; axis < dimensions; ++axis) columns[static_cast<std::size_t>(axis)].resize(n);
  return layer::at_points(first, std::move(columns), {dimensions, {-1, -1, -1}, {2, 2, 2}, wraps});
}

TEST(parse_rule_in_space, knows_which_calls_ask_for_space) {
  const auto distance = of_space(operation::distance, {0});
  const auto asks = [](const dictionary& spec, const dictionary& synapse = {}) {
    return asks_for_space(spec, {synapse});
  };
  EXPECT_TRUE(asks({{"rule", "pairwise_bernoulli"}, {"p", distance}}));
  EXPECT_TRUE(asks({{"rule", "pairwise_bernoulli"}, {"p", 0.1}, {"mask", dictionary{}}}));
  EXPECT_TRUE(asks({{"rule", "pairwise_bernoulli"}, {"p", 0.1}, {"use_on_source", true}}));
  EXPECT_TRUE(asks({{"rule", "fixed_indegree"}, {"indegree", 3}, {"p", 0.1}}));
  EXPECT_TRUE(asks({{"rule", "all_to_all"}}, {{"weight", distance}}));
  EXPECT_FALSE(asks({{"rule", "pairwise_bernoulli"}, {"p", 0.1}}, {{"weight", 1.0}}));
  EXPECT_FALSE(asks({{"rule", "pairwise_poisson"}, {"pairwise_avg_num_conns", 0.1}}));
  EXPECT_FALSE(asks({{"rule", "all_to_all"}}));
}

TEST(parse_rule_in_space, checks_what_is_asked) {
  const node_set from{0, {{1, 7, 1}}}, to{0, {{11, 15, 1}}};
  layer_ref sources = points(1, 7), targets = points(11, 5);
  const auto error = [&](const dictionary& spec) -> std::string {
    unknown_keys unknown;
    try {
      parse_rule_in_space(spec, from, to, sources, targets, 1, 1, unknown);
    } catch (const api_error& e) {
      return to_string(e.kind());
    }
    return "";
  };
  const value circle(dictionary{{"circular", dictionary{{"radius", 1.0}}}});
  const auto distance = of_space(operation::distance, {0}), height = of_space(operation::distance, {3});
  EXPECT_EQ(error({{"rule", "pairwise_bernoulli"}, {"mask", circle}}), "");
  EXPECT_EQ(error({{"rule", "pairwise_bernoulli"}, {"p", distance}, {"mask", circle}, {"use_on_source", true}}), "");
  EXPECT_EQ(error({{"rule", "pairwise_bernoulli"}, {"p", 1.5}, {"mask", circle}}), "");
  EXPECT_EQ(error({{"rule", "pairwise_bernoulli"}, {"p", -1}, {"mask", circle}}), "");
  EXPECT_EQ(error({{"rule", "pairwise_poisson"}, {"pairwise_avg_num_conns", distance}}), "");
  EXPECT_EQ(error({{"rule", "pairwise_poisson"}, {"p", distance}}), "");
  EXPECT_EQ(error({{"rule", "pairwise_poisson"}, {"p", 2.0}, {"pairwise_avg_num_conns", 2.0}, {"mask", circle}}),
            "builtins.ValueError");
  EXPECT_EQ(error({{"rule", "fixed_indegree"}, {"indegree", 3}, {"p", distance}}), "");
  EXPECT_EQ(error({{"rule", "fixed_outdegree"}, {"outdegree", 3}, {"mask", circle}}), "");
  EXPECT_EQ(error({{"mask", circle}}), "builtins.KeyError");
  EXPECT_EQ(error({{"rule", "all_to_all"}, {"mask", circle}}), "builtins.ValueError");
  EXPECT_EQ(error({{"rule", "no_such_rule"}, {"mask", circle}}), "builtins.ValueError");
  EXPECT_EQ(error({{"rule", "pairwise_bernoulli"}, {"mask", circle}, {"make_symmetric", true}}), "builtins.ValueError");
  EXPECT_EQ(error({{"rule", "fixed_indegree"}, {"indegree", 3}, {"mask", circle}, {"use_on_source", true}}),
            "builtins.ValueError");
  EXPECT_EQ(error({{"rule", "fixed_indegree"}, {"mask", circle}}), "builtins.IndexError");
  EXPECT_EQ(error({{"rule", "fixed_indegree"}, {"indegree", -3}, {"mask", circle}}), "BadProperty");
  EXPECT_EQ(error({{"rule", "pairwise_bernoulli"}, {"mask", circle}, {"use_on_source", 1}}), "TypeMismatch");
  EXPECT_EQ(error({{"rule", "pairwise_bernoulli"}, {"mask", 3}}), "builtins.TypeError");
  EXPECT_EQ(error({{"rule", "pairwise_bernoulli"}, {"p", height}}), "KernelException");
  EXPECT_EQ(error({{"rule", "pairwise_bernoulli"}, {"p", of_space(operation::position, {0, 0})}}), "BadParameterValue");
  EXPECT_EQ(error({{"rule", "fixed_indegree"}, {"indegree", distance}, {"mask", circle}}), "BadParameterValue");
  EXPECT_EQ(error({{"rule", "fixed_indegree"}, {"indegree", of_space(operation::position, {0, 0})}, {"mask", circle}}),
            "");
  EXPECT_EQ(error({{"rule", "pairwise_bernoulli"}, {"mask", dictionary{{"spherical", dictionary{{"radius", 1.0}}}}}}),
            "BadProperty");
  targets = points(11, 5, 3);
  EXPECT_EQ(error({{"rule", "pairwise_bernoulli"}, {"mask", circle}}), "BadProperty");
  targets = points(11, 5, 2, true);
  const value wide(dictionary{{"circular", dictionary{{"radius", 1.5}}}});
  EXPECT_EQ(error({{"rule", "pairwise_bernoulli"}, {"mask", wide}}), "BadProperty");
  EXPECT_EQ(error({{"rule", "pairwise_bernoulli"}, {"mask", wide}, {"allow_oversized_mask", true}}), "");
  EXPECT_EQ(error({{"rule", "pairwise_bernoulli"}, {"mask", wide}, {"use_on_source", true}}), "");
  targets = nullptr;
  EXPECT_EQ(error({{"rule", "pairwise_bernoulli"}, {"mask", circle}}), "builtins.TypeError");
}

}  // namespace
}  // namespace volley::runtime
