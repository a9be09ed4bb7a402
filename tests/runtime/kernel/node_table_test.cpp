#include "runtime/kernel/node_table.hpp"

#include <gtest/gtest.h>

#include "runtime/base/error.hpp"

namespace volley::runtime {
namespace {

/// Ids 1 to 3, 4, 5 to 10.
node_table table() {
  node_table t;
  t.add({1, 3, 7});
  t.add({4, 4, 8});
  t.add({5, 10, 7});
  return t;
}

TEST(node_table, finds_the_block_of_every_id) {
  const auto t = table();
  EXPECT_EQ(t.size(), 10u);
  const std::uint64_t first_of[] = {0, 1, 1, 1, 4, 5, 5, 5, 5, 5, 5};
  for (std::uint64_t id = 1; id <= 10; ++id) EXPECT_EQ(t.block_of(id).first, first_of[id]) << id;
}

TEST(node_table, knows_no_other_ids) {
  for (const std::uint64_t id : {std::uint64_t{0}, std::uint64_t{11}, ~std::uint64_t{0}}) {
    EXPECT_THROW(table().block_of(id), api_error) << id;
    EXPECT_THROW(node_table().block_of(id), api_error) << id;
  }
}

TEST(node_table, nodes_lie_in_a_layer_where_all_of_them_do) {
  const auto one = layer::on_grid(1, {{3, 1, 1}}, {2, {0, 0, 0}, {1, 1, 0}, false});
  const auto other = layer::on_grid(4, {{2, 1, 1}}, {2, {0, 0, 0}, {1, 1, 0}, false});
  node_table t;
  t.add({1, 3, 7, -1, {}, nullptr, one});
  t.add({4, 5, 7, -1, {}, nullptr, other});
  t.add({6, 8, 7});
  EXPECT_EQ(t.layer_of({0, {{1, 3, 2}}}), one);
  EXPECT_EQ(t.layer_of({0, {{5, 5, 1}}}), other);
  EXPECT_EQ(t.layer_of({0, {{3, 4, 1}}}), nullptr);
  EXPECT_EQ(t.layer_of({0, {{5, 6, 1}}}), nullptr);
  EXPECT_EQ(t.layer_of({0, {{7, 7, 1}}}), nullptr);
  EXPECT_EQ(t.layer_of({}), nullptr);
}

TEST(node_table, refuses_sets_of_another_generation_and_ids_that_do_not_ascend) {
  const auto t = table();
  EXPECT_NO_THROW(t.check({5, {{1, 10, 3}}}, 5, "test"));
  EXPECT_NO_THROW(t.check({0, {{1, 1, 1}, {2, 4, 2}}}, 5, "test"));
  const node_set wrong[] = {
      {4, {{1, 1, 1}}}, {5, {{3, 1, 1}}}, {5, {{1, 4, 2}}}, {5, {{1, 1, 0}}}, {5, {{1, 3, 1}, {3, 4, 1}}},
      {5, {{0, 1, 1}}}, {5, {{9, 11, 1}}}};
  for (const auto& nodes : wrong) EXPECT_THROW(t.check(nodes, 5, "test"), api_error);
}

TEST(node_table, visits_the_part_of_a_set_in_each_block) {
  std::vector<std::pair<std::uint64_t, node_range>> met;
  table().for_each_block({0, {{1, 1, 1}, {2, 10, 4}}},
                         [&](const node_block& b, const node_range& part) { met.emplace_back(b.first, part); });
  EXPECT_EQ(met, (std::vector<std::pair<std::uint64_t, node_range>>{{1, {1, 1, 1}}, {1, {2, 2, 4}}, {5, {6, 10, 4}}}));
}

TEST(node_table, visits_the_nodes_of_a_set_in_order) {
  const node_set nodes{0, {{1, 9, 2}, {10, 10, 1}}};
  std::vector<std::uint64_t> ids, firsts;
  std::uint64_t next = 0;
  table().for_each(nodes, [&](const node_block& b, std::uint64_t id, std::uint64_t position) {
    EXPECT_EQ(position, next++);
    ids.push_back(id);
    firsts.push_back(b.first);
  });
  EXPECT_EQ(ids, (std::vector<std::uint64_t>{1, 3, 5, 7, 9, 10}));
  EXPECT_EQ(firsts, (std::vector<std::uint64_t>{1, 1, 5, 5, 5, 5}));
}

}  // namespace
}  // namespace volley::runtime
