// Rows that an edit lays out anew.
#include <gtest/gtest.h>

#include "tests/runtime/connections/edited_row.hpp"

namespace volley::runtime::tests {
namespace {

using connection = built_store::connection;
using connections = std::vector<connection>;
using names = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

connection_edit delays(std::vector<double> steps) { return {.delay_steps = number_list{std::move(steps)}}; }
const connection_edit removal{.remove = true};

TEST(row_layout, connections_with_another_delay_go_to_their_place) {
  edited_row row;
  row.connect(11, 14, 2);
  row.edit({0, 2}, delays({25, 5}));
  EXPECT_EQ(row.connections(), (connections{{1, 13, 2, 5}, {1, 12, 2, 10}, {1, 14, 2, 10}, {1, 11, 2, 25}}));
  EXPECT_EQ(row.store.n_weights(), 0u) << "the weight of the call stays shared";
  row.edit({3}, delays({10}));
  EXPECT_EQ(row.nodes(), (std::vector<std::uint64_t>{13, 12, 14, 11})) << "behind those that have it";
  EXPECT_EQ(row.store.row(1).size(), 2u) << "one segment of equal delays";
}

TEST(row_layout, the_delay_that_it_has_moves_nothing) {
  edited_row row;
  row.connect(11, 14, 2);
  row.edit({0, 2}, delays({10, 10}));
  EXPECT_EQ(row.nodes(), (std::vector<std::uint64_t>{11, 12, 13, 14}));
}

TEST(row_layout, removed_connections_are_gone_and_the_others_stay_in_order) {
  edited_row row;
  row.connect(11, 14, 2);
  row.connect(11, 12, 3);
  row.edit({1, 4}, removal);
  EXPECT_EQ(row.connections(), (connections{{1, 11, 2, 10}, {1, 13, 2, 10}, {1, 14, 2, 10}, {1, 12, 3, 10}}));
  EXPECT_EQ(row.store.size(), 4u);
  row.edit({0, 1, 2, 3}, removal);
  EXPECT_EQ(row.store.size(), 0u);
  EXPECT_TRUE(row.store.row(1).empty());
}

TEST(row_layout, numbers_stay_with_their_connections) {
  edited_row row;
  for (int i = 0; i < 3; ++i) row.connect(11, 11, i);
  row.edit({0}, delays({30}));
  EXPECT_EQ(row.names(1), (names{{11, 1}, {11, 2}, {11, 0}}));
  EXPECT_EQ(row.weights(), (std::vector<double>{1, 2, 0}));
  row.edit({1}, removal);
  EXPECT_EQ(row.names(1), (names{{11, 1}, {11, 0}}));
}

TEST(row_layout, weights_change_while_connections_move) {
  edited_row row;
  row.connect(11, 13, 2);
  auto edit = delays({25, 10});
  edit.weight = number_list{{7, 8}};
  row.edit({0, 1}, edit);
  EXPECT_EQ(row.connections(), (connections{{1, 12, 8, 10}, {1, 13, 2, 10}, {1, 11, 7, 25}}));
}

TEST(row_layout, plastic_connections_keep_their_cohort) {
  edited_row row("stdp_synapse");
  row.connect(11, 13, 2);
  row.edit({1}, delays({25}));
  ASSERT_EQ(row.store.row(1).size(), 2u);
  const auto first = row.store.first_segment(1);
  EXPECT_EQ(row.store.cohort_index(first), row.store.cohort_index(first + 1));
  EXPECT_EQ(row.connections(), (connections{{1, 11, 2, 10}, {1, 13, 2, 10}, {1, 12, 2, 25}}));
}

}  // namespace
}  // namespace volley::runtime::tests
