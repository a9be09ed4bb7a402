#include "runtime/shard/connection_edits.hpp"

#include <gtest/gtest.h>

#include <array>

#include "tests/runtime/shard/shards_of_a_kernel.hpp"

namespace volley::runtime::tests {
namespace {

struct an_edit : testing::Test {
  shards_of_a_kernel n{1};
  shard_parts& parts = n.parts(0);
  const std::string what = "set";
  const std::map<store_ordinal, std::string> names{{store_ordinal(n.model), "static_synapse"}};

  std::uint64_t stage(const connection_columns& list, const connection_edit& edit) {
    return stage_edit(parts, list, edit, {what, names});
  }
  std::vector<double> weights(const connection_columns& list) {
    const auto values = read_connections(parts, list, false);
    std::vector<double> all(list.size(), -1);
    for (std::size_t i = 0; i < values.positions.size(); ++i) all[values.positions[i]] = values.weights[i];
    return all;
  }
  std::size_t count() { return find_connections(parts, {}).size(); }
};

TEST_F(an_edit, is_staged_and_then_done_or_dropped) {
  const auto list = n.list({{2, 5, 0}, {1, 4, 1}});
  const connection_edit edit{.weight = number_list{{1, 2}}};
  stage(list, edit);
  EXPECT_EQ(weights(list), (std::vector<double>{40, 70}));
  drop_edit(parts);
  commit_edit(parts);
  EXPECT_EQ(weights(list), (std::vector<double>{40, 70})) << "nothing is staged any more";
  stage(list, edit);
  commit_edit(parts);
  EXPECT_EQ(weights(list), (std::vector<double>{1, 2}));
}

TEST_F(an_edit, of_connections_that_are_not_there_is_refused) {
  const auto list = n.list({{2, 5, 0}, {1, 4, 2}, {3, 4, 0}});
  try {
    stage(list, {.weight = number_list{{1}}});
    FAIL();
  } catch (const api_error& e) {
    EXPECT_EQ(e.kind(), error_kind::InexistentConnection);
    EXPECT_EQ(e.place(), 1u) << "the first of the list";
  }
  drop_edit(parts);
  EXPECT_EQ(weights(n.list({{2, 5, 0}})), (std::vector<double>{40}));
}

TEST_F(an_edit, removes_what_is_listed) {
  const connection_edit removal{.remove = true};
  EXPECT_EQ(stage(n.list({{1, 4, 0}, {2, 6, 0}}), removal), 5u + 2) << "seven in rows, two of the recorder";
  commit_edit(parts);
  EXPECT_EQ(count(), 7u);
  EXPECT_EQ(weights(n.list({{1, 4, 0}, {1, 4, 1}, {2, 6, 0}})), (std::vector<double>{-1, 70, -1}));
}

TEST_F(an_edit, of_pairs_removes_the_oldest_of_each) {
  const store_ordinal store(n.model);
  const node_set one{0, {{1, 1, 1}}}, four{0, {{4, 4, 1}}};
  const pair_removal pairs{store, false, one, four};
  stage_removal(parts, pairs);
  commit_edit(parts);
  EXPECT_EQ(weights(n.list({{1, 4, 0}, {1, 4, 1}})), (std::vector<double>{-1, 70}));
  stage_removal(parts, pairs);
  commit_edit(parts);
  EXPECT_EQ(count(), 7u);
  EXPECT_THROW(stage_removal(parts, pairs), api_error) << "none is left";
  drop_edit(parts);
}

}  // namespace
}  // namespace volley::runtime::tests
