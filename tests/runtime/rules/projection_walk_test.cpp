#include "runtime/rules/projection_walk.hpp"

#include <gtest/gtest.h>

#include <array>

#include "tests/runtime/rules/walked.hpp"

namespace volley::runtime {
namespace {

using triple = std::array<std::uint64_t, 3>;  // source, target, entry

std::vector<triple> all_of(const projection& p, const layout& place = {}) {
  std::vector<triple> all;
  walk(p, place, [&](const id_batch& b) {
    EXPECT_GT(b.size(), 0u);
    b.for_each_other([&](std::size_t i, std::uint64_t id) {
      EXPECT_EQ(id, b.shares_target() ? b.source(i) : b.target(i));
      all.push_back({b.source(i), b.target(i), b.entry(i)});
    });
  });
  return all;
}

projection call_with(const dictionary& rule, node_set sources, node_set targets) {
  projection p;
  p.rule = std::make_shared<rule_spec>(parse_rule(rule, std::move(sources), std::move(targets), 5, 2));
  return p;
}
projection of_pairs(std::vector<std::uint64_t> sources, std::vector<std::uint64_t> targets) {
  projection p;
  auto pairs = std::make_shared<id_pairs>();
  pairs->sources = std::move(sources);
  pairs->targets = std::move(targets);
  p.pairs = std::move(pairs);
  return p;
}
pair_filter between(node_set sources, node_set targets) { return {std::move(sources), std::move(targets)}; }

const node_set scattered{0, {{2, 4, 1}, {10, 16, 3}}};

TEST(position_ids, are_those_of_the_set) {
  for (const node_set& set : {nodes(5, 9), nodes(5, 14, 3), scattered}) {
    const position_ids ids(set);
    std::vector<std::uint32_t> positions;
    for (std::uint32_t i = static_cast<std::uint32_t>(set.size()); i-- > 0;) positions.push_back(i);
    std::size_t visited = 0;
    ids.for_each(positions, [&](std::size_t i, std::uint64_t id) {
      EXPECT_EQ(i, visited++);
      EXPECT_EQ(id, set[positions[i]]);
      EXPECT_EQ(ids[positions[i]], id);
    });
    EXPECT_EQ(visited, set.size());
  }
}

TEST(projection_walk, tells_the_ids_of_a_rule) {
  const std::vector<triple> expected{{2, 5, 0}, {3, 5, 1}, {4, 5, 2}, {10, 5, 3}, {13, 5, 4}, {16, 5, 5}};
  EXPECT_EQ(all_of(call_with({{"rule", "all_to_all"}}, scattered, nodes(5, 6)), {1, 2}), expected);
  const std::vector<triple> both_ways{{1, 5, 0}, {5, 1, 0}};
  EXPECT_EQ(all_of(call_with({{"rule", "one_to_one"}, {"make_symmetric", true}}, nodes(1, 1), nodes(5, 5))), both_ways);
}

TEST(projection_walk, sorts_the_targets_of_a_source_and_keeps_their_places) {
  const dictionary spec{{"rule", "fixed_outdegree"}, {"outdegree", 20}};
  const auto p = call_with(spec, nodes(1, 3), scattered);
  auto expected = walked(*p.rule);  // as drawn
  std::ranges::stable_sort(expected, {}, [](const connection& c) { return std::pair(c.source, c.target); });
  const auto all = all_of(p);
  ASSERT_EQ(all.size(), expected.size());
  for (std::size_t i = 0; i < all.size(); ++i)
    EXPECT_EQ(all[i], (triple{expected[i].source, expected[i].target, expected[i].entry}));
}

TEST(projection_walk, explicit_pairs_keep_their_order_and_repeat) {
  const auto p = of_pairs({7, 3, 7, 1}, {4, 5, 4, 6});
  EXPECT_EQ(all_of(p), (std::vector<triple>{{7, 4, 0}, {3, 5, 1}, {7, 4, 2}, {1, 6, 3}}));
  EXPECT_EQ(all_of(p, {1, 2}), (std::vector<triple>{{3, 5, 1}}));
}

TEST(projection_walk, a_filter_lets_its_pairs_through_with_their_places) {
  for (const dictionary& spec :
       {dictionary{{"rule", "all_to_all"}}, dictionary{{"rule", "fixed_outdegree"}, {"outdegree", 9}}}) {
    auto p = call_with(spec, nodes(1, 6), scattered);
    const auto whole = all_of(p);
    p.only = std::make_shared<pair_filter>(between(nodes(2, 3), nodes(4, 13)));
    std::vector<triple> expected;
    for (const triple& t : whole)
      if (t[0] >= 2 && t[0] <= 3 && t[1] >= 4 && t[1] <= 13) expected.push_back(t);
    EXPECT_EQ(all_of(p), expected);
    EXPECT_FALSE(expected.empty());
  }
  auto p = of_pairs({7, 3, 7}, {4, 5, 6});
  p.only = std::make_shared<pair_filter>(between(nodes(7, 7), nodes(5, 9)));
  EXPECT_EQ(all_of(p), (std::vector<triple>{{7, 6, 2}}));
}

}  // namespace
}  // namespace volley::runtime
