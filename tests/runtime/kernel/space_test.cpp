// What calls tell of positions, on one and on several VPs; what they refuse.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <optional>
#include <random>

#include "runtime/values/parameter.hpp"
#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

using numbers = std::vector<double>;
using integers = std::vector<std::int64_t>;

dictionary grid(integers shape, numbers extent, bool wraps = false) {
  return {{"shape", std::move(shape)}, {"extent", std::move(extent)}, {"edge_wrap", wraps}};
}

dictionary points(const matrix& rows, numbers extent, bool wraps = false) {
  return {{"positions", rows}, {"extent", std::move(extent)}, {"edge_wrap", wraps}};
}

matrix scattered(std::uint64_t n) {
  std::mt19937 draws(1);
  std::uniform_real_distribution<double> side(-0.5, 0.5);
  matrix rows{n, 2, {}};
  for (std::uint64_t i = 0; i < 2 * n; ++i) rows.data.push_back(side(draws));
  return rows;
}

class space_calls : public testing::TestWithParam<int> {
 protected:
  node_set create(dictionary positions, std::int64_t n = 1) {
    return std::get<node_set>(k.call(api::create_nodes{"iaf_psc_alpha", n, {}, value(std::move(positions))}));
  }
  matrix positions(const node_set& nodes) { return matrix_of(api::get_positions{nodes}); }
  matrix matrix_of(const api::request& r) { return *std::get<value>(k.call(r)).get_if<matrix>(); }
  numbers distances(const node_set& from, const node_set& to) {
    return *std::get<value>(k.call(api::displace{from, {}, to, true})).get_if<numbers>();
  }
  std::optional<error_kind> refusal(const api::request& r) {
    try {
      k.call(r);
    } catch (const api_error& e) {
      return e.kind();
    }
    return {};
  }

  solo_kernel k{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(vps, space_calls, testing::Values(1, 3));

node_set ids(std::uint64_t first, std::uint64_t last, std::uint64_t step = 1) { return {0, {{first, last, step}}}; }

TEST_P(space_calls, tell_the_layer_of_nodes) {
  const auto layer = create(grid({2, 3}, {2, 3}, true));
  const auto told = *std::get<value>(k.call(api::describe_space{layer})).get_if<dictionary>();
  EXPECT_EQ(*told.find("network_size"), value(6));
  EXPECT_EQ(*told.find("shape"), value(integers{2, 3}));
  EXPECT_EQ(*told.find("extent"), value(numbers{2, 3}));
  EXPECT_EQ(*told.find("center"), value(numbers{0, 0}));
  EXPECT_EQ(*told.find("edge_wrap"), value(true));
  create(points({2, 2, {0, 0, 1, 1}}, {4, 4}));
  const auto free = *std::get<value>(k.call(api::describe_space{ids(8, 8)})).get_if<dictionary>();
  EXPECT_EQ(*free.find("positions"), value(matrix{1, 2, {1, 1}}));
  EXPECT_TRUE(std::get<value>(k.call(api::describe_space{k.create("iaf_psc_alpha")})).is_none());
}

TEST_P(space_calls, give_positions_in_the_order_of_ids) {
  create(points({3, 2, {0, 0, 1, 1, 2, 3}}, {4, 4}));
  EXPECT_EQ(positions(ids(1, 3, 2)), (matrix{2, 2, {0, 0, 2, 3}}));
}

TEST_P(space_calls, draw_the_same_positions_on_any_layout) {
  const value uniform(parameter::make({{operation::uniform, {}, {0, 1}}}));
  const auto layer = create({{"positions", std::vector<value>{uniform, uniform}}}, 5);
  solo_kernel other(2);
  const auto same = std::get<node_set>(other.call(
      api::create_nodes{"iaf_psc_alpha", 5, {}, dictionary{{"positions", std::vector<value>{uniform, uniform}}}}));
  EXPECT_EQ(positions(layer), *std::get<value>(other.call(api::get_positions{same})).get_if<matrix>());
}

TEST_P(space_calls, displace_the_shorter_way_round) {
  const auto layer = create(grid({4, 1}, {4, 1}, true));
  EXPECT_EQ(matrix_of(api::displace{ids(1, 1), {}, layer, false}), (matrix{4, 2, {0, 0, 1, 0, -2, 0, -1, 0}}));
  EXPECT_EQ(matrix_of(api::displace{layer, {}, ids(1, 1), false}), (matrix{4, 2, {0, 0, -1, 0, -2, 0, 1, 0}}));
  EXPECT_EQ(distances(ids(1, 1), layer), (numbers{0, 1, 2, 1}));
  EXPECT_EQ(matrix_of(api::displace{{}, matrix{1, 2, {0, 5}}, ids(1, 1), false}), (matrix{1, 2, {-1.5, 0}}));
}

TEST_P(space_calls, find_the_nearest_as_a_look_at_all_does) {
  const auto rows = scattered(200);
  for (const bool wraps : {false, true}) {
    const auto layer = create(points(rows, {1.01, 1.01}, wraps));
    const auto first = static_cast<std::int64_t>(layer.ranges[0].first);
    const auto places = scattered(17);
    const auto found = *std::get<value>(k.call(api::find_nearest{layer, value(places), false})).get_if<integers>();
    for (std::uint64_t i = 0; i < places.rows; ++i) {
      double least = std::numeric_limits<double>::infinity();
      std::int64_t nearest = 0;
      for (std::uint64_t j = 0; j < rows.rows; ++j) {
        double squares = 0;
        for (std::uint64_t axis = 0; axis < 2; ++axis) {
          double d = std::fabs(rows.data[2 * j + axis] - places.data[2 * i + axis]);
          if (wraps) d = std::min(d, 1.01 - d);
          squares += d * d;
        }
        if (squares < least) nearest = static_cast<std::int64_t>(j);
        least = std::min(least, squares);
      }
      EXPECT_EQ(found[i], first + nearest);
    }
  }
}

TEST_P(space_calls, find_all_that_are_equally_near) {
  const auto layer = create(grid({2, 2}, {2, 2}));
  const auto all = *std::get<value>(k.call(api::find_nearest{layer, value(matrix{2, 2, {0, 0, 0.5, 0.4}}), true}))
                        .get_if<std::vector<value>>();
  EXPECT_EQ(all[0], value(integers{1, 2, 3, 4}));
  EXPECT_EQ(all[1], value(integers{3}));
  EXPECT_EQ(std::get<value>(k.call(api::find_nearest{layer, {}, false})), value(integers{1}));
}

TEST_P(space_calls, select_who_lies_in_a_mask) {
  const auto layer = create(grid({5, 5}, {5, 5}));
  const dictionary circle{{"circular", dictionary{{"radius", 1.0}}}};
  const auto selected = [&](const node_set& of, numbers anchor) {
    return std::get<node_set>(k.call(api::select_by_mask{of, value(std::move(anchor)), circle})).ranges;
  };
  EXPECT_EQ(selected(layer, {0, 0}), ranges_of({8, 12, 13, 14, 18}));
  EXPECT_EQ(selected(ids(13, 25), {0, 0}), ranges_of({13, 14, 18}));
  EXPECT_TRUE(selected(layer, {9, 9}).empty());
}

TEST_P(space_calls, refuse_what_has_no_answer) {
  const auto layer = create(grid({2, 2}, {2, 2})), space = create(grid({2, 2, 2}, {2, 2, 2}));
  const auto plain = k.create("iaf_psc_alpha", 2);
  const value far(matrix{1, 2, {0, std::numeric_limits<double>::infinity()}});
  EXPECT_EQ(refusal(api::get_positions{plain}), error_kind::LayerExpected);
  EXPECT_EQ(refusal(api::get_positions{ids(4, 5)}), error_kind::LayerExpected);  // of two layers
  EXPECT_EQ(refusal(api::get_positions{ids(99, 99)}), error_kind::UnknownNode);
  EXPECT_EQ(refusal(api::displace{layer, {}, space, true}), error_kind::BadProperty);
  EXPECT_EQ(refusal(api::displace{ids(1, 2), {}, ids(1, 3), true}), error_kind::ValueError);
  EXPECT_EQ(refusal(api::displace{{}, far, layer, true}), error_kind::BadProperty);
  EXPECT_EQ(refusal(api::displace{{}, {}, layer, true}), error_kind::ValueError);
  EXPECT_EQ(refusal(api::find_nearest{{}, {}, false}), error_kind::ValueError);
  EXPECT_EQ(refusal(api::find_nearest{layer, value(matrix{1, 3, {0, 0, 0}}), false}), error_kind::ValueError);
  EXPECT_EQ(refusal(api::find_nearest{layer, far, false}), error_kind::BadProperty);
  const dictionary ball{{"spherical", dictionary{{"radius", 1.0}}}};
  EXPECT_EQ(refusal(api::select_by_mask{layer, value(numbers{0, 0}), ball}), error_kind::TypeMismatch);
  EXPECT_EQ(refusal(api::select_by_mask{space, value(numbers{0, 0}), ball}), error_kind::TypeMismatch);
  EXPECT_EQ(refusal(api::test_mask{ball, value(matrix{1, 2, {0, 0}})}), error_kind::KernelException);
}

}  // namespace
}  // namespace volley::runtime
