#include "runtime/space/layer.hpp"

#include <stdexcept>

#include "gtest/gtest.h"
#include "runtime/values/parameter.hpp"

namespace volley::runtime {
namespace {

TEST(layer, grids_go_down_their_columns) {
  const auto plane = layer::on_grid(1, {{3, 2, 1}}, {2, {0, 0, 0}, {3, 2, 0}, false});
  EXPECT_EQ(plane->size(), 6u);
  EXPECT_EQ((*plane)[0], (point{0.5, 1.5, 0}));
  EXPECT_EQ((*plane)[1], (point{0.5, 0.5, 0}));
  EXPECT_EQ((*plane)[2], (point{1.5, 1.5, 0}));
  EXPECT_EQ((*plane)[5], (point{2.5, 0.5, 0}));
  const auto space = layer::on_grid(1, {{2, 2, 3}}, {3, {0, 0, 0}, {2, 2, 3}, false});
  EXPECT_EQ((*space)[0], (point{0.5, 1.5, 0.5}));
  EXPECT_EQ((*space)[1], (point{0.5, 1.5, 1.5}));
  EXPECT_EQ((*space)[3], (point{0.5, 0.5, 0.5}));
  EXPECT_EQ((*space)[6], (point{1.5, 1.5, 0.5}));
}

TEST(layer, knows_the_cell_of_a_point) {
  const auto plane = layer::on_grid(1, {{3, 2, 1}}, {2, {0, 0, 0}, {3, 2, 0}, false});
  for (std::int64_t i = 0; i < 6; ++i)
    EXPECT_EQ(plane->cell_of((*plane)[static_cast<std::uint64_t>(i)]), (std::array<std::int64_t, 3>{i / 2, i % 2, 0}));
  EXPECT_EQ(plane->cell_of({-0.5, 2.5, 0}), (std::array<std::int64_t, 3>{-1, -1, 0}));
}

parameter_ref uniform(double low, double high) { return parameter::make({{operation::uniform, {}, {low, high}}}); }

layer_ref drawn_layer() {
  drawn_positions how{{uniform(0, 1), uniform(2, 3)}, {7, 3}};
  auto columns = layer::draw(5, 3000, how);
  return layer::drawn(5, std::move(how), std::move(columns), {2, {0, 0, 0}, {1, 3, 0}, true});
}

TEST(layer, draws_belong_to_nodes) {
  const auto all = drawn_layer();
  const auto later = layer::draw(1505, 10, {{uniform(0, 1), uniform(2, 3)}, {7, 3}});
  for (std::uint64_t i = 0; i < 10; ++i) {
    EXPECT_EQ((*all)[1500 + i][0], later[0][i]);
    EXPECT_EQ((*all)[1500 + i][1], later[1][i]);
    EXPECT_NE(later[0][i], later[1][i] - 2);  // dimensions have draws of their own
  }
}

TEST(layer, columns_hold_what_single_nodes_have) {
  for (const auto& one : {drawn_layer(), layer::on_grid(5, {{30, 20, 1}}, {2, {-1, 0, 0}, {3, 2, 0}, false})}) {
    const std::vector<std::uint32_t> ids{5, 17, 301, 604};
    std::vector<double> x(ids.size());
    for (int axis = 0; axis < 2; ++axis) {
      one->coordinates(axis, ids, x);
      for (std::size_t i = 0; i < ids.size(); ++i) EXPECT_EQ(x[i], (*one)[ids[i] - 5][axis]);
    }
  }
}

TEST(layer, comes_back_from_its_image) {
  const auto grid = layer::on_grid(9, {{3, 2, 2}}, {3, {0, 0, 0}, {3, 2, 1}, true});
  const auto list = layer::at_points(9, {std::vector<double>{1, 2}, {3, 4}, {}}, {2, {0, 0, 0}, {5, 5, 0}, false});
  for (const layer_ref& one : {grid, list, drawn_layer()}) {
    const auto copy = object_of<layer_ref>(bytes_of(one));
    ASSERT_EQ(copy->size(), one->size());
    EXPECT_EQ(copy->first(), one->first());
    EXPECT_EQ(copy->within(), one->within());
    for (std::uint64_t i = 0; i < one->size(); ++i) ASSERT_EQ((*copy)[i], (*one)[i]);
  }
  // Positions that are drawn travel as what draws them.
  EXPECT_LT(bytes_of(drawn_layer()).size(), 500u);
  auto bytes = bytes_of(grid);
  bytes.resize(bytes.size() - 1);
  EXPECT_THROW(object_of<layer_ref>(bytes), std::invalid_argument);
}

}  // namespace
}  // namespace volley::runtime
