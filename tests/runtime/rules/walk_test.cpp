// What holds for every rule: the layout changes nothing, walking twice gives the same, forbidden connections never
// occur, and the counts are those measured on the reference implementation.
#include "runtime/rules/walk.hpp"

#include <gtest/gtest.h>

#include "runtime/values/parameter.hpp"
#include "tests/runtime/rules/walked.hpp"

namespace volley::runtime {
namespace {

const node_set scattered{0, {{2, 5, 1}, {9, 30, 3}, {40, 60, 1}}};
const node_set overlapping{0, {{4, 18, 2}, {33, 33, 1}, {45, 80, 5}}};

parameter_ref uniform(double min, double max) { return parameter::make({{operation::uniform, {}, {min, max}}}); }

std::vector<dictionary> random_specs() {
  std::vector<dictionary> specs;
  for (const bool autapses : {true, false}) {
    for (const bool multapses : {true, false}) {
      const auto add = [&](const char* rule, const char* key, value number) {
        specs.push_back(
            {{"rule", rule}, {key, std::move(number)}, {"allow_autapses", autapses}, {"allow_multapses", multapses}});
      };
      add("fixed_indegree", "indegree", 3);
      add("fixed_indegree", "indegree", 14);
      add("fixed_indegree", "indegree", uniform(0, 13));
      add("fixed_outdegree", "outdegree", 3);
      add("fixed_outdegree", "outdegree", 14);
      add("fixed_outdegree", "outdegree", uniform(0, 13));
      add("pairwise_bernoulli", "p", 0.3);
      add("pairwise_bernoulli", "p", uniform(-0.2, 0.6));
    }
    specs.push_back({{"rule", "fixed_total_number"}, {"N", 333}, {"allow_autapses", autapses}});
    specs.push_back({{"rule", "pairwise_poisson"}, {"pairwise_avg_num_conns", 0.7}, {"allow_autapses", autapses}});
    specs.push_back(
        {{"rule", "pairwise_poisson"}, {"pairwise_avg_num_conns", uniform(-0.5, 2)}, {"allow_autapses", autapses}});
  }
  return specs;
}

std::vector<rule_spec> all_rules() {
  std::vector<rule_spec> rules;
  for (const dictionary& spec : random_specs()) rules.push_back(parse_rule(spec, scattered, overlapping, 5, 2));
  for (const bool autapses : {true, false}) {
    rules.push_back(parse_rule({{"rule", "all_to_all"}, {"allow_autapses", autapses}}, scattered, overlapping, 5, 2));
    for (const bool symmetric : {true, false})
      rules.push_back(parse_rule({{"rule", "one_to_one"}, {"allow_autapses", autapses}, {"make_symmetric", symmetric}},
                                 node_set{0, {{1, 300, 1}}}, node_set{0, {{1, 10, 1}, {21, 310, 1}}}, 5, 2));
  }
  for (const node_set& targets : {scattered, overlapping})
    rules.push_back(parse_rule(
        {{"rule", "symmetric_pairwise_bernoulli"}, {"p", 0.2}, {"allow_autapses", false}, {"make_symmetric", true}},
        scattered, targets, 5, 2));
  return rules;
}

std::string name(const rule_spec& rule) {
  return std::string(to_string(rule.kind)) + (rule.allow_autapses ? "" : ", no autapses") +
         (rule.allow_multapses ? "" : ", no multapses") + ", number " + std::to_string(rule.number.index());
}

TEST(rule_walk, gives_the_same_connections_in_the_same_order_on_any_layout) {
  for (const rule_spec& rule : all_rules()) {
    const auto whole = walked(rule);
    ASSERT_FALSE(whole.empty()) << name(rule);
    for (const std::uint32_t n_vps : {2u, 3u, 7u}) {
      for (std::uint32_t vp = 0; vp < n_vps; ++vp) {
        const layout place{vp, n_vps};
        std::vector<connection> expected;
        std::ranges::copy_if(whole, std::back_inserter(expected),
                             [&](const connection& c) { return place.holds(c.target); });
        EXPECT_EQ(walked(rule, place), expected) << name(rule) << " on VP " << vp << " of " << n_vps;
      }
    }
  }
}

TEST(rule_walk, can_be_repeated) {
  for (const rule_spec& rule : all_rules()) EXPECT_EQ(walked(rule), walked(rule)) << name(rule);
}

TEST(rule_walk, seed_and_call_own_the_draws) {
  for (const dictionary& spec : random_specs()) {
    const auto at = [&](std::uint32_t seed, std::uint32_t call) {
      return walked(parse_rule(spec, scattered, overlapping, seed, call));
    };
    EXPECT_NE(at(5, 2), at(6, 2)) << to_text(value(spec));
    EXPECT_NE(at(5, 2), at(5, 3)) << to_text(value(spec));
  }
}

TEST(rule_walk, forbidden_connections_never_occur) {
  for (const rule_spec& rule : all_rules()) {
    const auto all = walked(rule);
    if (!rule.allow_autapses) {
      EXPECT_EQ(autapses(all), 0) << name(rule);
    }
    if (!rule.allow_multapses) {
      EXPECT_EQ(multapses(all), 0) << name(rule);
    }
  }
}

TEST(rule_walk, connects_only_what_was_given) {
  for (const rule_spec& rule : all_rules()) {
    for (const connection& c : walked(rule)) {
      ASSERT_TRUE((c.reversed ? rule.targets : rule.sources).contains(c.source)) << name(rule);
      ASSERT_TRUE((c.reversed ? rule.sources : rule.targets).contains(c.target)) << name(rule);
    }
  }
}

TEST(rule_walk, keeps_the_canonical_order) {
  for (const rule_spec& rule : all_rules()) {
    const auto all = walked(rule);
    const auto key = [&](const connection& c) {
      return std::pair(c.reversed, rule.kind == rule_kind::fixed_outdegree ? c.source : c.target);
    };
    EXPECT_TRUE(std::ranges::is_sorted(all, {}, key)) << name(rule);
  }
}

TEST(rule_walk, entries_number_the_places_of_an_array) {
  for (const rule_spec& rule : all_rules()) {
    const auto shape = shape_of_arrays(rule);
    if (!shape) continue;
    const std::uint64_t n = std::max<std::uint64_t>(shape->rows, 1) * shape->columns;
    std::vector<int> seen(n);
    const auto all = walked(rule);
    for (const connection& c : all) ++seen.at(c.entry);
    const int most = rule.make_symmetric ? 2 : 1;
    EXPECT_EQ(std::ranges::max(seen), most) << name(rule);
    const bool some_left_out =
        !rule.allow_autapses && (rule.kind == rule_kind::all_to_all || rule.kind == rule_kind::one_to_one);
    if (!some_left_out) {
      EXPECT_EQ(std::ranges::min(seen), most) << name(rule);
    }
    for (const connection& c : all) {
      if (rule.kind == rule_kind::all_to_all) {
        ASSERT_EQ(overlapping[c.entry / shape->columns], c.target);
      }
      if (rule.kind == rule_kind::all_to_all) {
        ASSERT_EQ(scattered[c.entry % shape->columns], c.source);
      }
      if (rule.kind == rule_kind::fixed_indegree) {
        ASSERT_EQ(overlapping[c.entry / shape->columns], c.target);
      }
      if (rule.kind == rule_kind::fixed_outdegree) {
        ASSERT_EQ(scattered[c.entry / shape->columns], c.source);
      }
    }
  }
}

/// Measured on NEST 3.10: 7 sources onto 5 other targets, and 7 nodes onto themselves.
struct counts {
  dictionary spec;
  bool same;
  int connections, autapses;
  std::vector<int> indegrees, outdegrees;  // empty: random
};

TEST(rule_walk, has_the_counts_of_the_reference) {
  const std::vector<int> fives(7, 5), sixes(7, 6), sevens(7, 7), ones(7, 1), fours(7, 4);
  const std::vector<counts> cases{
      {{{"rule", "all_to_all"}}, false, 35, 0, {7, 7, 7, 7, 7}, fives},
      {{{"rule", "all_to_all"}, {"allow_autapses", false}}, false, 35, 0, {7, 7, 7, 7, 7}, fives},
      {{{"rule", "all_to_all"}}, true, 49, 7, sevens, sevens},
      {{{"rule", "all_to_all"}, {"allow_multapses", false}}, true, 49, 7, sevens, sevens},
      {{{"rule", "all_to_all"}, {"allow_autapses", false}}, true, 42, 0, sixes, sixes},
      {{{"rule", "one_to_one"}}, true, 7, 7, ones, ones},
      {{{"rule", "one_to_one"}, {"allow_autapses", false}}, true, 0, 0, {}, {}},
      {{{"rule", "fixed_indegree"}, {"indegree", 4}}, false, 20, 0, {4, 4, 4, 4, 4}, {}},
      {{{"rule", "fixed_indegree"}, {"indegree", 9}}, false, 45, 0, {9, 9, 9, 9, 9}, {}},
      {{{"rule", "fixed_indegree"}, {"indegree", 4}, {"allow_autapses", false}, {"allow_multapses", false}},
       true,
       28,
       0,
       fours,
       {}},
      {{{"rule", "fixed_outdegree"}, {"outdegree", 4}}, false, 28, 0, {}, fours},
      {{{"rule", "fixed_outdegree"}, {"outdegree", 4}, {"allow_autapses", false}, {"allow_multapses", false}},
       true,
       28,
       0,
       {},
       fours},
      {{{"rule", "fixed_total_number"}, {"N", 20}}, false, 20, 0, {}, {}},
      {{{"rule", "fixed_total_number"}, {"N", 20}, {"allow_autapses", false}}, true, 20, 0, {}, {}}};
  for (const counts& c : cases) {
    const rule_spec rule = parse_rule(c.spec, nodes(1, 7), c.same ? nodes(1, 7) : nodes(8, 12), 1, 1);
    const auto all = walked(rule);
    const std::string what = to_text(value(c.spec));
    EXPECT_EQ(static_cast<int>(all.size()), c.connections) << what;
    if (c.autapses != 0 || !rule.allow_autapses) {
      EXPECT_EQ(autapses(all), c.autapses) << what;
    }
    if (!c.indegrees.empty()) {
      EXPECT_EQ(indegrees(all, rule.targets), c.indegrees) << what;
    }
    if (!c.outdegrees.empty()) {
      EXPECT_EQ(outdegrees(all, rule.sources), c.outdegrees) << what;
    }
  }
}

TEST(rule_walk, empty_requests_are_empty) {
  for (const dictionary& spec :
       {dictionary{{"rule", "fixed_indegree"}, {"indegree", 0}},
        dictionary{{"rule", "fixed_outdegree"}, {"outdegree", 0}}, dictionary{{"rule", "fixed_total_number"}, {"N", 0}},
        dictionary{{"rule", "pairwise_bernoulli"}, {"p", 0.0}},
        dictionary{{"rule", "pairwise_poisson"}, {"pairwise_avg_num_conns", 0.0}}})
    EXPECT_TRUE(walked(parse_rule(spec, scattered, overlapping, 1, 1)).empty()) << to_text(value(spec));
}

TEST(rule_walk, a_vp_without_targets_has_nothing) {
  for (const dictionary& spec : random_specs())
    EXPECT_TRUE(walked(parse_rule(spec, scattered, nodes(4, 80, 4), 1, 1), {1, 4}).empty()) << to_text(value(spec));
}

TEST(rule_walk, full_requests_are_full) {
  for (const bool autapses : {true, false}) {
    const int n = autapses ? 70 : 69;
    const auto full = [&](const char* rule, const char* key, value number) {
      return walked(parse_rule(
          {{"rule", rule}, {key, std::move(number)}, {"allow_autapses", autapses}, {"allow_multapses", false}},
          nodes(1, 70), nodes(1, 70), 1, 1));
    };
    for (const auto& all : {full("fixed_indegree", "indegree", n), full("fixed_outdegree", "outdegree", n),
                            full("pairwise_bernoulli", "p", 1.0), full("pairwise_bernoulli", "p", uniform(1.0, 1.5))}) {
      EXPECT_EQ(static_cast<int>(all.size()), 70 * n);
      EXPECT_EQ(multapses(all), 0);
    }
  }
}

}  // namespace
}  // namespace volley::runtime
