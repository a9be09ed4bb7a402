#include "runtime/space/neighbour_search.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include "gtest/gtest.h"
#include "runtime/base/error.hpp"
#include "runtime/space/mask_reader.hpp"

namespace volley::runtime {
namespace {

constexpr std::uint64_t first_id = 11;

layer_ref scattered(int dimensions, std::size_t n, bool wraps, double scale = 1, unsigned seed = 1) {
  std::mt19937 draws(seed);
  std::uniform_real_distribution<double> side(-0.5 * scale, 0.5 * scale);
  std::array<std::vector<double>, 3> columns;
  for (int axis = 0; axis < dimensions; ++axis)
    for (std::size_t i = 0; i < n; ++i) columns[static_cast<std::size_t>(axis)].push_back(side(draws));
  return layer::at_points(first_id, std::move(columns),
                          {dimensions, {-0.5, -0.5, -0.5}, {1, 1, dimensions == 3 ? 1.0 : 0.0}, wraps});
}

layer_ref lattice(std::int64_t columns, std::int64_t rows, bool wraps) {
  return layer::on_grid(first_id, {{columns, rows, 1}}, {2, {-0.5, -0.5, 0}, {1, 1, 0}, wraps});
}

mask_ref region(const char* type, dictionary specs, value anchor = {}) {
  unknown_keys unknown;
  dictionary d{{type, value(std::move(specs))}};
  if (!anchor.is_none()) d["anchor"] = std::move(anchor);
  return read_mask(value(std::move(d)), "test", unknown);
}

node_set every(const layer& of, std::uint64_t step = 1) {
  return {0, {{of.first(), of.first() + (of.size() - 1) / step * step, step}}};
}

/// By the definition: any copy of the displacement in a space that wraps.
bool inside_by_definition(const mask& m, const layer& pool, const point& origin, const point& other) {
  const int reach = pool.within().wraps ? 3 : 0;
  for (int i = -reach; i <= reach; ++i)
    for (int j = -reach; j <= reach; ++j)
      for (int k = -reach; k <= (m.dimensions == 3 ? reach : -reach); ++k) {
        const std::array<int, 3> image{i, j, m.dimensions == 3 ? k : 0};
        point p{};
        for (int axis = 0; axis < m.dimensions; ++axis)
          p[axis] = other[axis] - origin[axis] + image[axis] * pool.within().extent[axis];
        if (m.contains(p)) return true;
      }
  return false;
}

std::vector<std::uint32_t> sorted(std::span<const std::uint32_t> ids) {
  std::vector<std::uint32_t> copy(ids.begin(), ids.end());
  std::ranges::sort(copy);
  return copy;
}

void expect_as_by_definition(const layer& where, const laid_mask& laid, const node_set& nodes) {
  for (const auto at : {neighbour_search::origin::at_point, neighbour_search::origin::at_found}) {
    neighbour_search search(where, nodes, laid, at);
    for (std::uint64_t driver = 0; driver < where.size(); driver += 7) {
      const point from = where[driver];
      search.find(from);
      std::vector<std::uint32_t> expected;
      for (std::uint64_t i = 0; i < nodes.size(); ++i) {
        const point other = where[nodes[i] - where.first()];
        const bool there = at == neighbour_search::origin::at_point;
        if (inside_by_definition(*laid.region, *laid.pool, there ? from : other, there ? other : from))
          expected.push_back(static_cast<std::uint32_t>(nodes[i]));
      }
      ASSERT_EQ(sorted(search.ids()), expected) << driver;
      for (std::size_t i = 0; i < search.size(); ++i) {
        ASSERT_EQ(nodes[search.positions()[i]], search.ids()[i]);
        ASSERT_EQ(search.coordinates()[1][i], where[search.ids()[i] - where.first()][1]);
      }
    }
  }
}

mask_ref joined(const char* how, dictionary a, dictionary b) {
  unknown_keys unknown;
  return read_mask(value(dictionary{{how, std::vector<value>{value(std::move(a)), value(std::move(b))}}}), "test",
                   unknown);
}

dictionary circle(double radius, std::vector<double> anchor = {0, 0}) {
  return {{"circular", dictionary{{"radius", radius}}}, {"anchor", std::move(anchor)}};
}

using numbers = std::vector<double>;

TEST(neighbour_search, finds_what_lies_in_a_mask_of_the_plane) {
  const std::vector<mask_ref> masks{
      region("circular", {{"radius", 0.2}}),
      region("circular", {{"radius", 0.3}}, numbers{0.15, -0.1}),
      region("rectangular", {{"lower_left", numbers{0, -0.1}}, {"upper_right", numbers{0.6, 0.2}}}),
      region("rectangular",
             {{"lower_left", numbers{-0.3, -0.1}}, {"upper_right", numbers{0.3, 0.1}}, {"azimuth_angle", 30.0}}),
      region("doughnut", {{"inner_radius", 0.1}, {"outer_radius", 0.25}}),
      region("elliptical", {{"major_axis", 0.6}, {"minor_axis", 0.2}, {"azimuth_angle", 70.0}}),
      joined("and", circle(0.3), circle(0.3, {0.2, 0})),
      joined("or", circle(0.1, {-0.2, 0.1}), circle(0.2)),
      joined("without", circle(0.3), circle(0.1, {0.1, 0.1})),
      joined("and", circle(0.1, {-0.2, 0}), circle(0.1, {0.2, 0}))};
  for (const bool wraps : {false, true})
    for (const auto& where : {scattered(2, 400, wraps), lattice(20, 15, wraps), scattered(2, 300, wraps, 0.1)})
      for (const auto& m : masks)
        for (const std::uint64_t step : {1, 3}) expect_as_by_definition(*where, {m, where}, every(*where, step));
}

TEST(neighbour_search, finds_what_lies_in_a_mask_of_space) {
  const std::vector<mask_ref> masks{region("spherical", {{"radius", 0.25}}),
                                    region("box", {{"lower_left", numbers{0, -0.1, -0.4}},
                                                   {"upper_right", numbers{0.6, 0.2, 0.3}},
                                                   {"azimuth_angle", 25.0},
                                                   {"polar_angle", 40.0}}),
                                    region("ellipsoidal", {{"major_axis", 0.7},
                                                           {"minor_axis", 0.3},
                                                           {"polar_axis", 0.5},
                                                           {"azimuth_angle", 60.0},
                                                           {"polar_angle", -20.0}})};
  for (const bool wraps : {false, true}) {
    const auto where = scattered(3, 300, wraps);
    for (const auto& m : masks) expect_as_by_definition(*where, {m, where}, every(*where));
  }
}

TEST(neighbour_search, masks_that_reach_around_find_everybody_once) {
  for (const auto& where : {scattered(2, 200, true), lattice(9, 8, true)})
    for (const auto& m :
         {region("circular", {{"radius", 0.5}}), region("circular", {{"radius", 0.65}}),
          region("circular", {{"radius", 1.7}}),
          region("rectangular", {{"lower_left", numbers{0, -0.05}}, {"upper_right", numbers{1.2, 0.05}}}),
          region("doughnut", {{"inner_radius", 0.4}, {"outer_radius", 0.7}})})
      expect_as_by_definition(*where, {m, where}, every(*where));
}

TEST(neighbour_search, the_space_of_the_pool_wraps_whatever_that_of_the_others_does) {
  const auto pool = scattered(2, 50, true), far = scattered(2, 300, false, 3.5, 2);
  const auto m = region("circular", {{"radius", 0.2}}, numbers{0.1, 0});
  expect_as_by_definition(*far, {m, pool}, every(*far));
}

TEST(neighbour_search, nodes_on_a_line_or_at_one_point_are_found) {
  const frame within{2, {-1, -1, 0}, {2, 2, 0}, false};
  numbers line, zero(200), big;
  for (int i = 0; i < 200; ++i) line.push_back(-1 + 0.01 * i);
  for (const auto& columns : {std::array<numbers, 3>{line, zero, {}}, std::array<numbers, 3>{zero, line, {}},
                              std::array<numbers, 3>{zero, zero, {}}}) {
    const auto where = layer::at_points(first_id, columns, within);
    expect_as_by_definition(*where, {region("circular", {{"radius", 0.105}}), where}, every(*where));
  }
}

TEST(neighbour_search, a_grid_mask_is_cells_around_the_cell_of_its_node) {
  for (const bool wraps : {false, true}) {
    const auto where = lattice(6, 5, wraps);
    for (const std::vector<std::int64_t>& anchor :
         std::vector<std::vector<std::int64_t>>{{0, 0}, {1, 1}, {2, 0}, {-1, -2}}) {
      const laid_mask laid{region("grid", {{"shape", std::vector<std::int64_t>{3, 2}}}, anchor), where};
      neighbour_search targets(*where, every(*where), laid, neighbour_search::origin::at_point);
      neighbour_search sources(*where, every(*where), laid, neighbour_search::origin::at_found);
      std::vector<std::vector<std::uint32_t>> backward(where->size());
      for (std::int64_t column = 0; column < 6; ++column)
        for (std::int64_t row = 0; row < 5; ++row) {
          std::vector<std::uint32_t> expected;
          for (std::int64_t x = column - anchor[0]; x < column - anchor[0] + 3; ++x)
            for (std::int64_t y = row - anchor[1]; y < row - anchor[1] + 2; ++y) {
              const auto a = wraps ? (x + 12) % 6 : x, b = wraps ? (y + 10) % 5 : y;
              if (a < 0 || a >= 6 || b < 0 || b >= 5) continue;
              expected.push_back(static_cast<std::uint32_t>(first_id) + static_cast<std::uint32_t>(5 * a + b));
            }
          std::ranges::sort(expected);
          const auto index = static_cast<std::uint64_t>(5 * column + row);
          targets.find((*where)[index]);
          EXPECT_EQ(sorted(targets.ids()), expected) << column << " " << row;
          for (const auto id : expected)
            backward[id - first_id].push_back(static_cast<std::uint32_t>(first_id + index));
        }
      for (std::uint64_t i = 0; i < where->size(); ++i) {
        sources.find((*where)[i]);
        EXPECT_EQ(sorted(sources.ids()), backward[i]) << i;
      }
    }
  }
}

TEST(neighbour_search, without_a_mask_everybody_is_near) {
  const auto where = scattered(2, 100, false);
  const laid_mask all{nullptr, where};
  neighbour_search search(*where, every(*where, 2), all, neighbour_search::origin::at_point);
  search.find((*where)[3]);
  EXPECT_EQ(search.size(), 50u);
}

TEST(neighbour_search, masks_that_do_not_fit_a_layer_are_refused) {
  const auto plane = scattered(2, 10, true), flat = scattered(2, 10, false), space = scattered(3, 10, false);
  const auto refused = [](const mask_ref& m, const layer& over, bool oversized) {
    try {
      check_mask(*m, over, oversized, "Connect");
    } catch (const api_error& e) {
      return e.kind() == error_kind::BadProperty;
    }
    return false;
  };
  EXPECT_TRUE(refused(region("spherical", {{"radius", 0.1}}), *plane, false));
  EXPECT_TRUE(refused(region("circular", {{"radius", 0.1}}), *space, false));
  EXPECT_FALSE(refused(region("circular", {{"radius", 0.5}}), *plane, false));
  EXPECT_TRUE(refused(region("circular", {{"radius", 0.51}}), *plane, false));
  EXPECT_FALSE(refused(region("circular", {{"radius", 0.51}}), *plane, true));
  EXPECT_FALSE(refused(region("circular", {{"radius", 51.0}}), *flat, false));
  EXPECT_TRUE(refused(region("circular", {{"radius", 51.0}}), *plane, true));
  EXPECT_TRUE(refused(region("grid", {{"shape", std::vector<std::int64_t>{2, 2}}}), *plane, false));
  EXPECT_FALSE(refused(region("grid", {{"shape", std::vector<std::int64_t>{2, 2}}}), *lattice(2, 2, true), false));
  EXPECT_TRUE(refused(region("grid", {{"shape", std::vector<std::int64_t>{2, 3}}}), *lattice(2, 2, true), false));
}

}  // namespace
}  // namespace volley::runtime
