#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "runtime/values/parameter.hpp"

namespace volley::runtime {
namespace {

using bounds = std::pair<double, double>;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr bounds anything{-infinity, infinity};

bounds of(std::vector<term> terms) {
  const auto found = parameter::make(std::move(terms))->bounds();
  return {found.least, found.most};
}
bounds of(operation what, std::vector<double> numbers) { return of({{what, {}, std::move(numbers)}}); }

const term a{operation::uniform, {}, {-2, 3}}, b{operation::uniform, {}, {1, 5}};

bounds of_both(operation what) { return of({a, b, {what, {0, 1}, {}}}); }

TEST(parameter_bounds, of_numbers_and_bounded_draws_are_theirs) {
  EXPECT_EQ(of(operation::constant, {7}), bounds(7, 7));
  EXPECT_EQ(of({a}), bounds(-2, 3));
  EXPECT_EQ(of(operation::uniform_int, {5}), bounds(0, 5));
}

TEST(parameter_bounds, follow_sums_differences_and_products) {
  EXPECT_EQ(of_both(operation::add), bounds(-1, 8));
  EXPECT_EQ(of_both(operation::subtract), bounds(-7, 2));
  EXPECT_EQ(of_both(operation::multiply), bounds(-10, 15));
  EXPECT_EQ(of({a, a, {operation::multiply, {0, 1}, {}}}), bounds(-6, 9));
  for (const auto what : {operation::less, operation::less_equal, operation::equal, operation::not_equal,
                          operation::greater_equal, operation::greater})
    EXPECT_EQ(of_both(what), bounds(0, 1));
}

TEST(parameter_bounds, are_cut_by_minimum_maximum_and_redraw) {
  EXPECT_EQ(of({a, {operation::minimum, {0}, {1}}}), bounds(-2, 1));
  EXPECT_EQ(of({a, {operation::minimum, {0}, {-5}}}), bounds(-5, -5));
  EXPECT_EQ(of({a, {operation::maximum, {0}, {1}}}), bounds(1, 3));
  EXPECT_EQ(of({a, {operation::redraw, {0}, {-1, 9}}}), bounds(-1, 3));
  const auto impossible = of({a, {operation::redraw, {0}, {4, 9}}});
  EXPECT_GT(impossible.first, impossible.second);
}

TEST(parameter_bounds, of_a_conditional_hold_both_branches) {
  EXPECT_EQ(of({{operation::constant, {}, {1}}, a, b, {operation::conditional, {0, 1, 2}, {}}}), bounds(-2, 5));
}

TEST(parameter_bounds, of_what_nobody_follows_are_none) {
  EXPECT_EQ(of_both(operation::divide), anything);
  EXPECT_EQ(of({a, {operation::exp, {0}, {}}}), anything);
  EXPECT_EQ(of(operation::position, {0, 0}), anything);
  EXPECT_EQ(of(operation::constant, {std::nan("")}), anything);
  // 0 times infinity is not a number.
  EXPECT_EQ(
      of({{operation::constant, {}, {0}}, {operation::constant, {}, {infinity}}, {operation::multiply, {0, 1}, {}}}),
      anything);
}

TEST(parameter_bounds, hold_what_is_drawn_from_unbounded_distributions) {
  // Uniform numbers have 53 bits: no logarithm of one exceeds log(2^53).
  const double log_of_least = 53 * std::log(2), largest = std::sqrt(2 * log_of_least);
  const auto normal = of(operation::normal, {10, 2});
  EXPECT_LE(normal.first, 10 - 2 * largest);
  EXPECT_GE(normal.second, 10 + 2 * largest);
  const auto lognormal = of(operation::lognormal, {1, 0.5});
  EXPECT_GT(lognormal.first, 0);
  EXPECT_LE(lognormal.first, std::exp(1 - 0.5 * largest));
  EXPECT_GE(lognormal.second, std::exp(1 + 0.5 * largest));
  const auto exponential = of(operation::exponential, {3});
  EXPECT_EQ(exponential.first, 0);
  EXPECT_GE(exponential.second, 3 * log_of_least);
  EXPECT_LT(exponential.second, 4 * log_of_least) << "or nothing could be said of it";
}

}  // namespace
}  // namespace volley::runtime
