#include "runtime/shard/taps.hpp"

#include <gtest/gtest.h>

#include <map>
#include <new>
#include <stdexcept>
#include <tuple>

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

TEST_F(a_board, has_ears_for_nodes_of_any_vp) {
  const auto of_detector = [](std::uint32_t recorder, std::vector<node_range> ranges, std::int64_t receptor) {
    auto t = tap_of(recorder, std::move(ranges), {receptor == 0 ? 1.0 : 2.5});
    t.detects = true;
    t.receptors = tap_column<std::int64_t>(receptor);
    return t;
  };
  const auto heard_over = [this](std::uint64_t id) {
    std::vector<std::tuple<std::uint32_t, std::uint32_t, double>> all;
    for (const auto& e : board.ears(id)) all.emplace_back(e.recorder.index(), board.receptor(e.at), board.weight(e.at));
    return all;
  };
  using ears = std::vector<std::tuple<std::uint32_t, std::uint32_t, double>>;
  const auto nowhere = [](std::uint64_t) -> tapped_node { throw std::logic_error("nobody is looked for"); };
  EXPECT_FALSE(board.has_ears());
  board.add(of_detector(2, {{1000, 1002, 1}}, 0), nowhere);
  board.add(of_detector(1, {{1001, 1001, 1}}, 4), nowhere);
  EXPECT_EQ(heard_over(1000), (ears{{2, 0, 1.0}}));
  EXPECT_EQ(heard_over(1001), (ears{{2, 0, 1.0}, {1, 4, 2.5}})) << "in the order of their making";
  EXPECT_EQ(heard_over(1), ears{});
  EXPECT_TRUE(board.is_detector(302) && board.is_recorder(302));
  EXPECT_FALSE(board.is_detector(300));
  auto of_generator = of_detector(1, {{201, 201, 1}}, 3);
  of_generator.of_generators = true;
  board.add(of_generator, find);
  EXPECT_EQ(board.receptor(board.generators().back().at), 3u);
  const taps::asked one{{}, 1001, 301, 0, 0};
  const auto places = board.find(std::span(&one, 1));
  EXPECT_EQ(board.receptors(places), std::vector<std::uint32_t>{4});
  board.stage(places[0], {7.5, {}, {}});
  board.commit();
  EXPECT_EQ(heard_over(1001), (ears{{2, 0, 1.0}, {1, 4, 7.5}}));
  board.cut(1, find);
  EXPECT_EQ(heard_over(1001), (ears{{2, 0, 1.0}}));
  EXPECT_TRUE(board.generators().empty());
  board.cut(0, nowhere);
  EXPECT_FALSE(board.has_ears());
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

TEST_F(a_board, numbers_the_meters_of_a_node) {
  const auto meter = [](std::uint32_t recorder, std::vector<node_range> ranges) {
    auto t = tap_of(recorder, std::move(ranges));
    t.samples = true;
    return t;
  };
  board.add(meter(1, {{1, 3, 1}}), find);
  board.add(tap_of(0, {{1, 3, 1}}), find);  // a recorder is none
  board.add(meter(2, {{3, 9, 2}, {201, 201, 1}}), find);
  board.add(meter(3, {{2, 3, 1}}), find);
  const auto receptor = [this](std::uint64_t source, std::uint64_t target) {
    const taps::asked one{{}, source, target, 0, 0};
    return board.receptors(board.find(std::span(&one, 1))).at(0);
  };
  EXPECT_EQ(receptor(301, 3), 1u);
  EXPECT_EQ(receptor(302, 3), 2u);
  EXPECT_EQ(receptor(303, 3), 3u);
  EXPECT_EQ(receptor(303, 2), 2u);
  EXPECT_EQ(receptor(302, 5), 1u);
  EXPECT_EQ(receptor(302, 201), 1u);
  EXPECT_EQ(receptor(3, 300), 0u);
  std::vector<taps::asked> all;  // more nodes than the taps have, all at once
  for (std::uint64_t node = 1; node <= 3; ++node)
    for (std::uint64_t source : {301, 303}) all.push_back({{}, source, node, 0, 10 * node + source});
  const auto places = board.find(all);
  const auto numbers = board.receptors(places);
  std::map<std::uint64_t, std::uint32_t> by_position;
  for (std::size_t i = 0; i < places.size(); ++i) by_position[places[i].position] = numbers[i];
  EXPECT_EQ(by_position, (std::map<std::uint64_t, std::uint32_t>{{311, 1}, {321, 1}, {323, 2}, {331, 1}, {333, 3}}));
}

}  // namespace
}  // namespace volley::runtime
