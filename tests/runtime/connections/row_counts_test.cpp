#include "runtime/connections/row_counts.hpp"

#include <gtest/gtest.h>

#include <map>

#include "tests/runtime/connections/built_store.hpp"

namespace volley::runtime::tests {
namespace {

TEST(row_counts, of_no_sources_span_nothing) {
  EXPECT_EQ(id_span().size(), 0u);
  projection none;
  none.pairs = std::make_shared<id_pairs>();
  EXPECT_EQ(sources_of(none).size(), 0u);
}

TEST(row_counts, span_all_ids_that_can_be_sources) {
  const node_set scattered{0, {{4, 6, 1}, {20, 30, 5}}};
  const auto one_way = sources_of(all_to_all(scattered, ids(40, 50)));
  EXPECT_EQ(one_way.first, 4u);
  EXPECT_EQ(one_way.last, 30u);
  const auto both = sources_of(call_of({{"rule", "one_to_one"}, {"make_symmetric", true}}, ids(4, 6), ids(10, 12)));
  EXPECT_EQ(both.first, 4u);
  EXPECT_EQ(both.last, 12u);
  auto pairs = std::make_shared<id_pairs>();
  pairs->sources = {7, 3, 9};
  pairs->targets = {1, 1, 1};
  projection of_pairs;
  of_pairs.pairs = pairs;
  const auto given = sources_of(of_pairs);
  EXPECT_EQ(given.first, 3u);
  EXPECT_EQ(given.last, 9u);
}

TEST(row_counts, are_what_a_walk_finds_on_the_vp) {
  for (const dictionary& rule : {dictionary{{"rule", "fixed_indegree"}, {"indegree", 7}},
                                 dictionary{{"rule", "fixed_outdegree"}, {"outdegree", 7}},
                                 dictionary{{"rule", "one_to_one"}, {"make_symmetric", true}}}) {
    const auto p = call_of(rule, ids(4, 9), ids(8, 13));
    for (const layout place : {layout{0, 1}, layout{1, 3}}) {
      std::map<std::uint64_t, std::uint32_t> found;
      walk(p, place, [&](const id_batch& b) {
        for (std::size_t i = 0; i < b.size(); ++i) ++found[b.source(i)];
      });
      const auto rows = count_rows(p, place);
      EXPECT_FALSE(found.empty());
      for (std::uint64_t source = 0; source < 20; ++source)
        EXPECT_EQ(rows.of(source), found.contains(source) ? found[source] : 0) << source;
    }
  }
}

}  // namespace
}  // namespace volley::runtime::tests
