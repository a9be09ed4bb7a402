#include "runtime/kernel/element_uses.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "runtime/rules/walk.hpp"

namespace volley::runtime {
namespace {

const element_names names{"pre", "post"};

std::map<std::uint64_t, std::int64_t> by_node(const element_use& use) {
  std::map<std::uint64_t, std::int64_t> all;
  for (std::uint64_t i = 0; i < use.nodes.size(); ++i)
    if (use.of(i) != 0) all[use.nodes[i]] = use.of(i);
  return all;
}

TEST(element_uses, are_those_of_the_connections_that_a_rule_makes_on_all_vps) {
  const node_set some{0, {{1, 4, 1}, {8, 12, 2}}}, others{0, {{3, 9, 1}}};
  const std::vector<dictionary> rules{{{"rule", "all_to_all"}, {"allow_autapses", false}},
                                      {{"rule", "one_to_one"}},
                                      {{"rule", "one_to_one"}, {"make_symmetric", true}, {"allow_autapses", false}},
                                      {{"rule", "fixed_indegree"}, {"indegree", 3}},
                                      {{"rule", "fixed_outdegree"}, {"outdegree", 2}},
                                      {{"rule", "pairwise_poisson"}, {"pairwise_avg_num_conns", 0.8}}};
  for (const auto& spec : rules) {
    const auto rule = parse_rule(spec, some, others, 1, 1);
    std::map<std::string, std::map<std::uint64_t, std::int64_t>> expected, counted;
    for (std::uint32_t vp = 0; vp < 3; ++vp)
      rule_walk(rule, {vp, 3}).for_each([&](const connection_batch& b) {
        for (std::size_t i = 0; i < b.size(); ++i) {
          --expected["pre"][(b.reversed ? others : some)[b.source(i)]];
          --expected["post"][(b.reversed ? some : others)[b.target(i)]];
        }
      });
    for (const auto& use : uses_of(rule, names, -1))
      for (const auto& [id, more] : by_node(use)) counted[use.name][id] += more;
    EXPECT_EQ(counted, expected) << to_text(value(spec));
  }
}

TEST(element_uses, one_number_stands_for_all_nodes) {
  const node_set some{0, {{1, 1000, 1}}}, others{0, {{2000, 2009, 1}}};
  const auto uses = uses_of(parse_rule({{"rule", "all_to_all"}}, some, others, 1, 1), names, 1);
  EXPECT_EQ(uses[0].more, std::vector<std::int64_t>{10});
  EXPECT_EQ(uses[1].more, std::vector<std::int64_t>{1000});
}

TEST(element_uses, of_single_connections_are_counted_by_node) {
  const std::vector<std::uint64_t> sources{5, 1, 5, 9}, targets{1, 1, 1, 2};
  const auto uses = uses_of(sources, targets, names, 1);
  EXPECT_EQ(by_node(uses[0]), (std::map<std::uint64_t, std::int64_t>{{1, 1}, {5, 2}, {9, 1}}));
  EXPECT_EQ(by_node(uses[1]), (std::map<std::uint64_t, std::int64_t>{{1, 3}, {2, 1}}));
}

}  // namespace
}  // namespace volley::runtime
