#include "runtime/space/cell_index.hpp"

#include <algorithm>
#include <random>
#include <set>

#include "gtest/gtest.h"

namespace volley::runtime {
namespace {

constexpr std::uint64_t first_id = 5;

layer_ref scattered(int dimensions, std::size_t n, const point& sides) {
  std::mt19937 draws(1);
  std::array<std::vector<double>, 3> columns;
  for (int axis = 0; axis < dimensions; ++axis) {
    std::uniform_real_distribution<double> side(0, sides[axis]);
    for (std::size_t i = 0; i < n; ++i) columns[static_cast<std::size_t>(axis)].push_back(side(draws));
  }
  return layer::at_points(first_id, std::move(columns), {dimensions, {}, sides, false});
}

/// Which nodes the stretches of a box hold, and how many.
std::set<std::uint32_t> visited(const cell_index& index, const bounding_box& box, std::size_t& looked_at) {
  std::set<std::uint32_t> ids;
  looked_at = 0;
  index.for_each_stretch(box, [&](std::uint32_t begin, std::uint32_t end) {
    looked_at += end - begin;
    for (auto i = begin; i < end; ++i) ids.insert(index.ids()[i]);
  });
  return ids;
}

TEST(cell_index, keeps_all_nodes_with_their_coordinates_and_positions) {
  const auto where = scattered(3, 500, {1, 2, 3});
  const node_set odd{0, {{first_id, first_id + 498, 2}}};
  const cell_index index(*where, odd);
  ASSERT_EQ(index.size(), odd.size());
  std::set<std::uint32_t> seen;
  for (std::size_t i = 0; i < index.size(); ++i) {
    const auto id = index.ids()[i];
    seen.insert(id);
    EXPECT_EQ(odd[index.positions()[i]], id);
    for (std::size_t axis = 0; axis < 3; ++axis) EXPECT_EQ(index.coordinates()[axis][i], (*where)[id - first_id][axis]);
  }
  EXPECT_EQ(seen.size(), odd.size());
}

TEST(cell_index, stretches_of_a_box_hold_all_nodes_of_it) {
  for (const int dimensions : {2, 3})
    for (const point& sides : {point{1, 1, 1}, point{100, 1e-3, 1}, point{1, 1, 1e-9}}) {
      const auto where = scattered(dimensions, 2000, sides);
      const cell_index index(*where, {0, {{first_id, first_id + 1999, 1}}});
      std::mt19937 draws(2);
      std::uniform_real_distribution<double> part(-0.2, 1.2);
      for (int trial = 0; trial < 50; ++trial) {
        bounding_box box;
        for (int axis = 0; axis < dimensions; ++axis) {
          const auto [low, high] = std::minmax({part(draws) * sides[axis], part(draws) * sides[axis]});
          box.low[axis] = low;
          box.high[axis] = high;
        }
        std::size_t looked_at = 0;
        const auto found = visited(index, box, looked_at);
        EXPECT_EQ(found.size(), looked_at);  // nobody twice
        for (std::uint64_t i = 0; i < where->size(); ++i) {
          const point p = (*where)[i];
          bool inside = true;
          for (int axis = 0; axis < dimensions; ++axis)
            inside = inside && p[axis] >= box.low[axis] && p[axis] <= box.high[axis];
          ASSERT_TRUE(!inside || found.contains(static_cast<std::uint32_t>(first_id + i)));
        }
      }
    }
}

TEST(cell_index, a_search_costs_what_it_finds) {
  const auto where = scattered(2, 100000, {1, 1, 0});
  const cell_index index(*where, {0, {{first_id, first_id + 99999, 1}}});
  std::size_t looked_at = 0;
  visited(index, {{0.4, 0.4, 0}, {0.5, 0.5, 0}}, looked_at);
  EXPECT_GE(looked_at, 900u);
  EXPECT_LE(looked_at, 1400u);
  visited(index, {{0.5, 0.5, 0}, {0.5, 0.5, 0}}, looked_at);
  EXPECT_LE(looked_at, 40u);
}

TEST(cell_index, nodes_at_one_place_and_no_nodes_are_no_trouble) {
  const std::vector<double> same(100, 0.25);
  const auto where = layer::at_points(first_id, {same, same, {}}, {2, {}, {1, 1, 0}, false});
  std::size_t looked_at = 0;
  EXPECT_EQ(visited({*where, {0, {{first_id, first_id + 99, 1}}}}, {{0, 0, 0}, {1, 1, 0}}, looked_at).size(), 100u);
  EXPECT_TRUE(visited({*where, {0, {{first_id, first_id + 99, 1}}}}, {{0.3, 0, 0}, {1, 1, 0}}, looked_at).empty());
  EXPECT_EQ(cell_index(*where, {}).size(), 0u);
}

}  // namespace
}  // namespace volley::runtime
