// conn_spec as users write it: what is accepted, and the exception of every mistake.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "runtime/base/error.hpp"
#include "runtime/rules/rule.hpp"
#include "runtime/values/parameter.hpp"
#include "tests/runtime/rules/walked.hpp"

namespace volley::runtime {
namespace {

const node_set seven = nodes(1, 7), five = nodes(8, 12);
const parameter_ref drawn = parameter::make({{operation::uniform, {}, {0, 1}}});

std::string error_of(const dictionary& conn_spec, const node_set& sources = seven, const node_set& targets = five) {
  try {
    parse_rule(conn_spec, sources, targets, 1, 1);
  } catch (const api_error& e) {
    return to_string(e.kind());
  }
  return "";
}
std::string same_nodes_error(const dictionary& conn_spec) { return error_of(conn_spec, seven, seven); }

std::string message_of(const dictionary& conn_spec) {
  try {
    parse_rule(conn_spec, seven, five, 1, 1);
  } catch (const api_error& e) {
    return e.what();
  }
  return "";
}

TEST(parse_rule, reads_what_is_given) {
  const dictionary spec{
      {"rule", "fixed_indegree"}, {"allow_autapses", false}, {"indegree", 4}, {"allow_multapses", false}};
  const rule_spec rule = parse_rule(spec, seven, five, 17, 3);
  EXPECT_EQ(rule.kind, rule_kind::fixed_indegree);
  EXPECT_EQ(std::get<std::int64_t>(rule.number), 4);
  EXPECT_FALSE(rule.allow_autapses);
  EXPECT_FALSE(rule.allow_multapses);
  EXPECT_FALSE(rule.make_symmetric);
  EXPECT_EQ(rule.sources, seven);
  EXPECT_EQ(rule.targets, five);
  EXPECT_EQ(rule.seed, 17u);
  EXPECT_EQ(rule.call, 3u);
  const rule_spec plain = parse_rule({{"rule", "all_to_all"}}, seven, five, 1, 1);
  EXPECT_TRUE(plain.allow_autapses && plain.allow_multapses);
}

TEST(parse_rule, the_rule_must_be_a_known_name) {
  EXPECT_EQ(error_of({}), "builtins.KeyError");
  EXPECT_EQ(error_of({{"rule", 3}}), "builtins.TypeError");
  EXPECT_EQ(error_of({{"rule", "fixed_indegre"}}), "BadProperty");
  EXPECT_NE(message_of({{"rule", "fixed_indegre"}}).find("did you mean 'fixed_indegree'"), std::string::npos);
}

TEST(parse_rule, both_sides_need_nodes) {
  EXPECT_EQ(error_of({{"rule", "all_to_all"}}, node_set{}, five), "IllegalConnection");
  EXPECT_EQ(error_of({{"rule", "all_to_all"}}, seven, node_set{}), "IllegalConnection");
}

TEST(parse_rule, unknown_keys_are_named_with_their_neighbour) {
  const dictionary spec{{"rule", "fixed_indegree"}, {"indegree", 4}, {"alow_autapses", true}};
  EXPECT_EQ(error_of(spec), "UnaccessedDictionaryEntry");
  EXPECT_NE(message_of(spec).find("did you mean 'allow_autapses'"), std::string::npos);
  EXPECT_NE(message_of(spec).find("Unaccessed"), std::string::npos);
  EXPECT_EQ(error_of({{"rule", "all_to_all"}, {"indegree", 3}}), "UnaccessedDictionaryEntry");
}

TEST(parse_rule, missing_numbers_are_index_errors) {
  for (const char* rule :
       {"fixed_indegree", "fixed_outdegree", "fixed_total_number", "pairwise_bernoulli", "pairwise_poisson"})
    EXPECT_EQ(error_of({{"rule", rule}}), "builtins.IndexError") << rule;
}

TEST(parse_rule, counts_are_integers) {
  for (const auto& [rule, key] :
       {std::pair{"fixed_indegree", "indegree"}, {"fixed_outdegree", "outdegree"}, {"fixed_total_number", "N"}}) {
    EXPECT_EQ(error_of({{"rule", rule}, {key, 3}}), "") << rule;
    EXPECT_EQ(error_of({{"rule", rule}, {key, 0}}), "") << rule;
    EXPECT_EQ(error_of({{"rule", rule}, {key, 3.0}}), "TypeMismatch") << rule;
    EXPECT_EQ(error_of({{"rule", rule}, {key, true}}), "TypeMismatch") << rule;
    EXPECT_EQ(error_of({{"rule", rule}, {key, "3"}}), "TypeMismatch") << rule;
    EXPECT_EQ(error_of({{"rule", rule}, {key, -1}}), "BadProperty") << rule;
    EXPECT_EQ(error_of({{"rule", rule}, {key, std::numeric_limits<std::int64_t>::max()}}), "BadProperty") << rule;
  }
  EXPECT_EQ(error_of({{"rule", "fixed_total_number"}, {"N", drawn}}), "TypeMismatch");
}

TEST(parse_rule, flags_are_bools) {
  for (const char* key : {"allow_autapses", "allow_multapses", "make_symmetric"}) {
    EXPECT_EQ(error_of({{"rule", "all_to_all"}, {key, 1}}), "TypeMismatch") << key;
    EXPECT_EQ(error_of({{"rule", "all_to_all"}, {key, 0.0}}), "TypeMismatch") << key;
  }
}

TEST(parse_rule, degrees_must_be_possible) {
  const auto in = [](std::int64_t n, bool autapses, bool multapses) {
    return dictionary{
        {"rule", "fixed_indegree"}, {"indegree", n}, {"allow_autapses", autapses}, {"allow_multapses", multapses}};
  };
  EXPECT_EQ(error_of(in(9, true, true)), "");
  EXPECT_EQ(error_of(in(7, true, false)), "");
  EXPECT_EQ(error_of(in(8, true, false)), "BadProperty");
  EXPECT_EQ(error_of(in(7, false, false)), "");  // no common node
  EXPECT_EQ(same_nodes_error(in(6, false, false)), "");
  EXPECT_EQ(same_nodes_error(in(7, false, false)), "BadProperty");
  EXPECT_EQ(error_of(in(1, false, true), nodes(3, 3), nodes(3, 3)), "BadProperty");
  EXPECT_EQ(error_of(in(1, true, true), nodes(3, 3), nodes(3, 3)), "");
  EXPECT_EQ(error_of(in(0, false, true), nodes(3, 3), nodes(3, 3)), "");
  const dictionary out{{"rule", "fixed_outdegree"}, {"outdegree", 6}, {"allow_multapses", false}};
  EXPECT_EQ(error_of(out), "BadProperty");
  EXPECT_EQ(same_nodes_error(out), "");
  EXPECT_NE(message_of(in(8, true, false)).find("indegree = 8 must be at most 7"), std::string::npos);
  // Words by which scripts know the refusal.
  EXPECT_NE(message_of(in(8, true, false)).find("Indegree"), std::string::npos);
  EXPECT_NE(message_of({{"rule", "fixed_outdegree"}, {"outdegree", 9}, {"allow_multapses", false}}).find("Outdegree"),
            std::string::npos);
}

TEST(parse_rule, probabilities_are_in_their_range) {
  const auto with = [](value p) { return dictionary{{"rule", "pairwise_bernoulli"}, {"p", std::move(p)}}; };
  for (const value& p : {value(0.0), value(1.0), value(1), value(true), value(drawn)}) EXPECT_EQ(error_of(with(p)), "");
  for (const value& p : {value(-0.1), value(1.5), value(2), value(std::nan(""))})
    EXPECT_EQ(error_of(with(p)), "BadProperty");
  EXPECT_EQ(error_of(with("0.1")), "TypeMismatch");
  EXPECT_EQ(error_of(with(parameter::make_constant(1.5))), "BadProperty");
}

TEST(parse_rule, means_are_not_negative_nor_endless) {
  const auto with = [](value mean) {
    return dictionary{{"rule", "pairwise_poisson"}, {"pairwise_avg_num_conns", std::move(mean)}};
  };
  EXPECT_EQ(error_of(with(1.5)), "");
  EXPECT_EQ(error_of(with(0)), "");
  EXPECT_EQ(error_of(with(-1.0)), "BadProperty");
  EXPECT_EQ(error_of(with(std::nan(""))), "BadProperty");
  EXPECT_EQ(error_of(with(INFINITY)), "BadProperty");
  EXPECT_EQ(error_of({{"rule", "pairwise_poisson"}, {"pairwise_avg_num_conns", 1.5}, {"allow_multapses", false}}),
            "BadProperty");
}

TEST(parse_rule, constants_written_as_parameters_are_numbers) {
  const auto number = [](const char* rule, const char* key) {
    const auto p = parameter::make(
        {{operation::constant, {}, {1.6}}, {operation::constant, {}, {1}}, {operation::divide, {0, 1}, {}}});
    return parse_rule({{"rule", rule}, {key, p}}, seven, five, 1, 1).number;
  };
  EXPECT_EQ(std::get<std::int64_t>(number("fixed_indegree", "indegree")), 2);
  EXPECT_EQ(std::get<double>(number("pairwise_poisson", "pairwise_avg_num_conns")), 1.6);
}

TEST(parse_rule, one_to_one_needs_equal_numbers) {
  EXPECT_EQ(error_of({{"rule", "one_to_one"}}), "DimensionMismatch");
  EXPECT_EQ(same_nodes_error({{"rule", "one_to_one"}}), "");
}

TEST(parse_rule, some_rules_lack_some_choices) {
  EXPECT_EQ(error_of({{"rule", "fixed_total_number"}, {"N", 20}, {"allow_multapses", false}}), "NotImplemented");
  EXPECT_EQ(same_nodes_error({{"rule", "all_to_all"}, {"make_symmetric", true}}), "NotImplemented");
  EXPECT_EQ(same_nodes_error({{"rule", "one_to_one"}, {"make_symmetric", true}}), "");
  EXPECT_EQ(error_of({{"rule", "fixed_total_number"}, {"N", 1}, {"allow_autapses", false}}, nodes(3, 3), nodes(3, 3)),
            "BadProperty");
}

TEST(parse_rule, the_symmetric_rule_has_conditions) {
  const auto spec = [](value p, bool autapses, bool multapses, bool symmetric) {
    return dictionary{{"rule", "symmetric_pairwise_bernoulli"},
                      {"p", std::move(p)},
                      {"allow_autapses", autapses},
                      {"allow_multapses", multapses},
                      {"make_symmetric", symmetric}};
  };
  EXPECT_EQ(same_nodes_error(spec(0.5, false, true, true)), "");
  EXPECT_EQ(same_nodes_error(spec(0.5, true, true, true)), "BadProperty");
  EXPECT_EQ(same_nodes_error(spec(0.5, false, false, true)), "BadProperty");
  EXPECT_EQ(same_nodes_error(spec(0.5, false, true, false)), "BadProperty");
  EXPECT_EQ(same_nodes_error(spec(1.0, false, true, true)), "BadProperty");
  EXPECT_EQ(same_nodes_error(spec(drawn, false, true, true)), "TypeMismatch");
  EXPECT_EQ(error_of(spec(0.5, false, true, true)),
            "");  // sources and targets may differ, as measured on the reference
}

}  // namespace
}  // namespace volley::runtime
