#include "runtime/values/spatial_functions.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "runtime/values/parameter.hpp"
#include "tests/runtime/values/trees.hpp"

namespace volley::runtime {
namespace {

TEST(spatial_functions, have_the_values_of_their_formulas) {
  const double x = 0.7, y = -0.3, pi = 3.14159265358979323846;
  const site_geometry geometry{.apart = {std::span(&x, 1), std::span(&y, 1)}, .of_pairs = true};
  auto here = site(1);
  here.geometry = &geometry;
  const tree in_x = apply(operation::distance, {}, {1}), in_y = apply(operation::distance, {}, {2});
  const auto at = [&](const tree& t) { return parameter::make(t.terms)->evaluate(here); };
  EXPECT_DOUBLE_EQ(at(apply(operation::gaussian, {in_x}, {0.2, 0.5})), std::exp(-0.25 / (2 * 0.25)));
  EXPECT_DOUBLE_EQ(at(apply(operation::exp_distribution, {in_x}, {0.35})), std::exp(-2));
  EXPECT_NEAR(at(apply(operation::gamma, {in_x}, {2.5, 0.4})),
              std::pow(x, 1.5) * std::exp(-x / 0.4) / (std::pow(0.4, 2.5) * std::tgamma(2.5)), 1e-14);
  EXPECT_DOUBLE_EQ(at(apply(operation::gamma, {in_x}, {1, 0.4})), std::exp(-x / 0.4) / 0.4);
  EXPECT_EQ(at(apply(operation::gamma, {apply(operation::subtract, {in_x, x})}, {2, 0.4})), 0);
  const double u = (x - 0.1) / 0.5, v = (y - 0.2) / 0.25;
  EXPECT_DOUBLE_EQ(at(apply(operation::gaussian2d, {in_x, in_y}, {0.1, 0.2, 0.5, 0.25, 0.5})),
                   std::exp(-(u * u + v * v - u * v) / (2 * 0.75)));
  const double c = std::cos(pi / 6), s = std::sin(pi / 6), a = x * c + y * s, b = y * c - x * s;
  EXPECT_NEAR(at(apply(operation::gabor, {in_x, in_y}, {30, 0.8, 0.6, 2, 20})),
              std::max(0.0, std::cos(2 * pi * b / 2 + pi / 9)) * std::exp(-(0.64 * a * a + b * b) / (2 * 0.36)), 1e-14);
  EXPECT_EQ(at(apply(operation::gabor, {in_x, in_y}, {0, 1, 1, 1, 180 - 360 * y})), 0);
}

TEST(spatial_functions, the_logarithm_of_gamma_is_good_to_fourteen_digits) {
  for (const double x : {1e-3, 0.1, 0.5, 1.0, 1.5, 2.0, 3.7, 10.0, 171.0, 1e4})
    EXPECT_NEAR(log_gamma(x), std::lgamma(x), 2e-14 * (1 + std::abs(std::lgamma(x)))) << x;
}

TEST(spatial_functions, are_known_by_their_operation) {
  for (const auto what :
       {operation::gaussian, operation::gaussian2d, operation::gamma, operation::exp_distribution, operation::gabor})
    EXPECT_TRUE(is_spatial_function(what));
  for (const auto what : {operation::constant, operation::distance, operation::position, operation::redraw})
    EXPECT_FALSE(is_spatial_function(what));
}

}  // namespace
}  // namespace volley::runtime
