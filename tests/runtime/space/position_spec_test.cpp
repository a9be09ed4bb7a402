#include "runtime/space/position_spec.hpp"

#include <limits>
#include <optional>

#include "gtest/gtest.h"
#include "runtime/base/error.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::runtime {
namespace {

using numbers = std::vector<double>;
using integers = std::vector<std::int64_t>;

layer_ref made(const dictionary& spec, std::int64_t n = 1) {
  unknown_keys unknown;
  return make_layer(read_positions(spec, n, unknown), 1, {1, 1});
}

std::optional<error_kind> refusal(const dictionary& spec, std::int64_t n = 1) {
  try {
    made(spec, n);
  } catch (const api_error& e) {
    return e.kind();
  }
  return {};
}

value points(std::vector<numbers> rows) {
  std::vector<value> list;
  for (auto& row : rows) list.emplace_back(std::move(row));
  return list;
}

value uniforms(std::size_t n, double low = 0, double high = 1) {
  return std::vector<value>(n, value(parameter::make({{operation::uniform, {}, {low, high}}})));
}

TEST(position_spec, a_grid_has_extent_one_around_the_origin_unless_told) {
  const auto grid = made({{"shape", integers{4, 2}}});
  EXPECT_EQ(grid->size(), 8u);
  EXPECT_EQ(grid->within(), (frame{2, {-0.5, -0.5, 0}, {1, 1, 0}, false}));
  const auto space = made(
      {{"shape", integers{2, 2, 2}}, {"extent", numbers{2, 4, 6}}, {"center", numbers{1, 1, 1}}, {"edge_wrap", true}});
  EXPECT_EQ(space->within(), (frame{3, {0, -1, -2}, {2, 4, 6}, true}));
}

TEST(position_spec, free_positions_lie_in_a_box_that_holds_them) {
  const auto list = made({{"positions", points({{0, 0}, {2, 1}, {1, 4}})}}, 17);
  EXPECT_EQ(list->size(), 3u);
  EXPECT_EQ(list->within(), (frame{2, {0, 0, 0}, {2, 4, 0}, false}));
  const auto odd = made({{"positions", points({{0, 3}, {1.25, 3}})}});  // rounded up, around their middle
  EXPECT_EQ(odd->within(), (frame{2, {-0.375, 2.5, 0}, {2, 1, 0}, false}));
  const auto given = made({{"positions", matrix{2, 2, {0, 0, 2, 1}}}, {"extent", numbers{4, 4}}});
  EXPECT_EQ(given->within().low, (point{-1, -1.5, 0}));
  const auto drawn = made({{"positions", uniforms(3)}}, 100);
  EXPECT_EQ(drawn->size(), 100u);
  EXPECT_EQ(drawn->dimensions(), 3);
}

TEST(position_spec, what_is_no_position_is_refused) {
  const double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
  EXPECT_EQ(refusal({}), error_kind::BadProperty);
  EXPECT_EQ(refusal({{"shape", integers{2, 2}}, {"positions", points({{0, 0}})}}), error_kind::BadProperty);
  EXPECT_EQ(refusal({{"shape", integers{2, 2}}}, 4), error_kind::ValueError);
  EXPECT_EQ(refusal({{"shape", integers{2}}}), error_kind::BadProperty);
  EXPECT_EQ(refusal({{"shape", integers{2, 0}}}), error_kind::BadProperty);
  EXPECT_EQ(refusal({{"shape", integers{2, -3}}}), error_kind::BadProperty);
  EXPECT_EQ(refusal({{"shape", numbers{2, 2}}}), error_kind::BadProperty);
  EXPECT_EQ(refusal({{"shape", integers{1 << 20, 1 << 20, 1 << 30}}}), error_kind::KernelException);
  EXPECT_EQ(refusal({{"shape", integers{2, 2}}, {"extent", numbers{1, 0}}}), error_kind::BadProperty);
  EXPECT_EQ(refusal({{"shape", integers{2, 2}}, {"extent", numbers{1, nan}}}), error_kind::BadProperty);
  EXPECT_EQ(refusal({{"shape", integers{2, 2}}, {"extent", numbers{1, 1, 1}}}), error_kind::BadProperty);
  EXPECT_EQ(refusal({{"shape", integers{2, 2}}, {"center", numbers{1, inf}}}), error_kind::BadProperty);
  EXPECT_EQ(refusal({{"shape", integers{2, 2}}, {"edge_wrap", 1}}), error_kind::TypeMismatch);
  EXPECT_EQ(refusal({{"shape", integers{2, 2}}, {"extend", numbers{1, 1}}}), error_kind::UnaccessedDictionaryEntry);
  EXPECT_EQ(refusal({{"positions", empty_vector()}}), error_kind::BadProperty);
  EXPECT_EQ(refusal({{"positions", points({{1}, {2}})}}), error_kind::BadProperty);
  EXPECT_EQ(refusal({{"positions", points({{1, 2}, {1, 2, 3}})}}), error_kind::BadProperty);
  EXPECT_EQ(refusal({{"positions", points({{1, 2, 3, 4}})}}), error_kind::BadProperty);
  EXPECT_EQ(refusal({{"positions", points({{1, nan}})}}), error_kind::BadProperty);
  EXPECT_EQ(refusal({{"positions", points({{1, 1e300}, {0, 0}})}}), error_kind::BadProperty);
  EXPECT_EQ(refusal({{"positions", points({{1, 2}})}}), error_kind::KernelException);
  EXPECT_EQ(refusal({{"positions", points({{0, 0}, {2, 0}})}, {"extent", numbers{1.5, 3}}}), error_kind::BadProperty);
  EXPECT_EQ(refusal({{"positions", "here"}}), error_kind::BadProperty);
  EXPECT_EQ(refusal({{"positions", uniforms(1)}}, 5), error_kind::BadProperty);
  EXPECT_EQ(refusal({{"positions", uniforms(4)}}, 5), error_kind::BadProperty);
  EXPECT_EQ(refusal({{"positions", uniforms(2)}, {"extent", numbers{0.01, 0.01}}}, 50), error_kind::BadProperty);
  const value far(parameter::make({{operation::distance, {}, {0}}}));
  EXPECT_EQ(refusal({{"positions", std::vector<value>{far, far}}}, 5), error_kind::BadParameterValue);
}

}  // namespace
}  // namespace volley::runtime
