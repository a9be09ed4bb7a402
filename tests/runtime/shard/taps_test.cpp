#include "runtime/shard/taps.hpp"

#include <gtest/gtest.h>

#include <new>

#include "runtime/rules/rule.hpp"

namespace volley::runtime {
namespace {

// Ids 1..64 are cells of block 0, 65..128 of block 1; from 200 on there are stimulators.
tapped_node find(std::uint64_t id) {
  if (id >= 200) return {block_ordinal::none(), 0, 0, stimulator_ordinal(id - 200)};
  return {block_ordinal((id - 1) / 64), 64, static_cast<std::uint32_t>((id - 1) % 64), {}};
}

tap tap_of(std::uint32_t recorder, std::vector<node_range> ranges, std::vector<double> weights = {1.0}) {
  tap t;
  t.recorder = recorder_ordinal(recorder);
  t.recorder_id = 300 + recorder;
  t.nodes = {0, std::move(ranges)};
  t.weights = tap_column<double>(std::move(weights));
  return t;
}

class a_board : public testing::Test {
 protected:
  a_board() { board.set_blocks(2); }

  /// How often each recorder hears a cell.
  std::vector<int> heard(std::uint64_t id) const {
    std::vector<int> times(4);
    const auto at = find(id);
    for (const auto& m : board.masks(at.block)) times[m.recorder.index()] += m.has(at.cell);
    return times;
  }

  taps board;
};

TEST_F(a_board, hears_cells_as_often_as_they_are_connected) {
  board.add(tap_of(1, {{1, 3, 1}, {70, 70, 1}}), find);
  board.add(tap_of(2, {{3, 3, 1}}), find);
  board.add(tap_of(1, {{3, 5, 2}}), find);
  EXPECT_EQ(heard(2), (std::vector<int>{0, 1, 0, 0}));
  EXPECT_EQ(heard(3), (std::vector<int>{0, 2, 1, 0}));
  EXPECT_EQ(heard(5), (std::vector<int>{0, 1, 0, 0}));
  EXPECT_EQ(heard(70), (std::vector<int>{0, 1, 0, 0}));
  EXPECT_EQ(board.n_connections(), 7u);
}

TEST_F(a_board, keeps_one_mask_for_what_is_connected_bit_by_bit) {
  for (std::uint64_t id = 1; id <= 64; ++id) board.add(tap_of(1, {{id, id, 1}}), find);
  EXPECT_EQ(board.masks(block_ordinal(0)).size(), 1u);
  EXPECT_EQ(heard(64), (std::vector<int>{0, 1, 0, 0}));
}

TEST_F(a_board, numbers_the_connections_of_a_generator) {
  board.add(tap_of(1, {{200, 201, 1}}), find);
  board.add(tap_of(1, {{201, 201, 1}}), find);
  board.add(tap_of(2, {{201, 201, 1}}), find);
  std::vector<std::vector<std::uint32_t>> all;
  for (const auto& g : board.generators()) all.push_back({g.recorder.index(), g.stimulator.index(), g.multapse});
  EXPECT_EQ(all, (std::vector<std::vector<std::uint32_t>>{{1, 0, 0}, {1, 1, 0}, {1, 1, 1}, {2, 1, 0}}));
}

TEST_F(a_board, forgets_what_is_taken_back) {
  board.add(tap_of(1, {{1, 3, 1}, {201, 201, 1}}), find);
  board.add(tap_of(1, {{2, 4, 1}, {201, 201, 1}}), find);
  board.cut(1, find);
  EXPECT_EQ(heard(2), (std::vector<int>{0, 1, 0, 0}));
  EXPECT_EQ(heard(4), (std::vector<int>{0, 0, 0, 0}));
  EXPECT_EQ(board.generators().size(), 1u);
  EXPECT_EQ(board.n_connections(), 4u);
  board.add(tap_of(1, {{2, 4, 1}, {201, 201, 1}}), find);
  EXPECT_EQ(heard(2), (std::vector<int>{0, 2, 0, 0}));
  EXPECT_EQ(board.generators().back().multapse, 1u);
}

TEST_F(a_board, is_as_it_was_when_something_is_refused) {
  board.add(tap_of(1, {{1, 3, 1}}), find);
  int left = 3;
  const auto refusing = [&](std::uint64_t id) {
    if (left-- == 0) throw std::bad_alloc();
    return find(id);
  };
  EXPECT_THROW(board.add(tap_of(1, {{2, 9, 1}}), refusing), std::bad_alloc);
  EXPECT_EQ(heard(2), (std::vector<int>{0, 1, 0, 0}));
  EXPECT_EQ(heard(4), (std::vector<int>{0, 0, 0, 0}));
  EXPECT_EQ(board.n_connections(), 3u);
}

TEST_F(a_board, finds_connections_by_their_names) {
  board.add(tap_of(1, {{1, 3, 1}}, {11, 12, 13}), find);
  board.add(tap_of(2, {{1, 3, 1}}), find);
  board.add(tap_of(1, {{3, 3, 1}}, {23}), find);
  const auto weight_of = [&](std::uint64_t node, std::uint32_t port) {
    const taps::asked one{{}, node, 301, port, 5};
    const auto found = board.find(std::span(&one, 1));
    if (found.empty()) return -1.0;
    EXPECT_EQ(found[0].position, 5u);
    return board.at(found[0].tap).weights[found[0].node];
  };
  EXPECT_EQ(weight_of(2, 0), 12);
  EXPECT_EQ(weight_of(3, 0), 13);
  EXPECT_EQ(weight_of(3, 1), 23);
  EXPECT_EQ(weight_of(3, 2), -1);
  EXPECT_EQ(weight_of(4, 0), -1);
  std::vector<taps::asked> many;
  for (std::uint64_t node = 1; node <= 3; ++node) many.push_back({{}, node, 301, 0, node});
  many.push_back({{}, 3, 301, 1, 4});
  many.push_back({{}, 3, 7, 0, 5});
  EXPECT_EQ(board.find(many).size(), 4u);
}

TEST(a_tap_column, holds_one_value_while_all_are_equal) {
  tap_column<double> c(std::vector<double>{2, 2, 2});
  EXPECT_TRUE(c.is_shared());
  c.set(1, 3, 2);
  EXPECT_TRUE(c.is_shared());
  c.set(1, 3, 5);
  EXPECT_EQ(c.values(), (std::vector<double>{2, 5, 2}));
  tap_column<double> one(1.0);
  one.set(0, 1, 4);
  EXPECT_EQ(one[0], 4);
}

TEST(local_parts, of_a_tap_are_all_of_it) {
  const auto whole = tap_of(1, {{3, 9, 2}, {12, 15, 1}}, {1, 2, 3, 4, 5, 6, 7, 8});
  std::map<std::uint64_t, double> seen;
  for (std::uint32_t vp = 0; vp < 3; ++vp) {
    const auto part = local_part(whole, {vp, 3});
    for (std::uint64_t i = 0; i < part.nodes.size(); ++i) {
      EXPECT_EQ(part.nodes[i] % 3, vp);
      seen[part.nodes[i]] = part.weights[i];
    }
  }
  EXPECT_EQ(seen,
            (std::map<std::uint64_t, double>{{3, 1}, {5, 2}, {7, 3}, {9, 4}, {12, 5}, {13, 6}, {14, 7}, {15, 8}}));
  auto generators = whole;
  generators.of_generators = true;
  for (std::uint32_t vp = 0; vp < 3; ++vp)
    EXPECT_EQ(local_part(generators, {vp, 3}).nodes.size(), vp == 301 % 3 ? 8u : 0u);
}

TEST(taps_of_pairs, that_repeat_are_several) {
  projection p;
  p.pairs = std::make_shared<id_pairs>(id_pairs{{5, 3, 5, 4, 5}, {9, 9, 9, 8, 9}, {}, {}, {}, false});
  p.weight = std::make_shared<const std::vector<double>>(std::vector<double>{1, 2, 3, 4, 5});
  const auto all = taps_of(p, {false, false, [](std::uint64_t id) { return recorder_ordinal(id); }}, {}, {});
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all[0].recorder, recorder_ordinal(8));
  EXPECT_EQ(all[1].nodes.size(), 2u);
  EXPECT_EQ(all[1].weights.values(), (std::vector<double>{2, 1}));
  EXPECT_EQ(all[2].weights.values(), (std::vector<double>{3}));
  EXPECT_EQ(all[3].weights.values(), (std::vector<double>{5}));
}

}  // namespace
}  // namespace volley::runtime
