#include "runtime/values/term_rules.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "runtime/base/error.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::runtime {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// The error that a tree of this one term, above as many constants as it needs, meets.
error_kind error_of(operation what, std::vector<double> numbers, std::size_t arguments = 0) {
  std::vector<term> terms(arguments, term{operation::constant, {}, {1}});
  term last{what, {}, std::move(numbers)};
  for (std::uint32_t i = 0; i < arguments; ++i) last.arguments.push_back(i);
  terms.push_back(last);
  try {
    parameter::make(terms);
  } catch (const api_error& e) {
    return e.kind();
  }
  return error_kind::InternalError;
}
constexpr error_kind none = error_kind::InternalError;

TEST(term_rules, uniform_needs_min_below_max) {
  EXPECT_EQ(error_of(operation::uniform, {0, 1}), none);
  EXPECT_EQ(error_of(operation::uniform, {1, 1}), error_kind::BadProperty);
  EXPECT_EQ(error_of(operation::uniform, {2, 1}), error_kind::BadProperty);
  EXPECT_EQ(error_of(operation::uniform, {nan, 1}), error_kind::BadProperty);
  EXPECT_EQ(error_of(operation::uniform, {0, INFINITY}), error_kind::BadProperty);
}

TEST(term_rules, uniform_int_needs_a_positive_integer) {
  EXPECT_EQ(error_of(operation::uniform_int, {1}), none);
  EXPECT_EQ(error_of(operation::uniform_int, {0}), error_kind::BadProperty);
  EXPECT_EQ(error_of(operation::uniform_int, {-3}), error_kind::BadProperty);
  EXPECT_EQ(error_of(operation::uniform_int, {2.5}), error_kind::TypeMismatch);
  EXPECT_EQ(error_of(operation::uniform_int, {nan}), error_kind::TypeMismatch);
  EXPECT_EQ(error_of(operation::uniform_int, {0x1p60}), error_kind::BadProperty);
}

TEST(term_rules, spreads_are_not_negative) {
  for (const auto what : {operation::normal, operation::lognormal}) {
    EXPECT_EQ(error_of(what, {1, 0}), none);
    EXPECT_EQ(error_of(what, {1, -0.1}), error_kind::BadProperty);
    EXPECT_EQ(error_of(what, {1, nan}), error_kind::BadProperty);
  }
  EXPECT_EQ(error_of(operation::exponential, {0}), none);
  EXPECT_EQ(error_of(operation::exponential, {-1}), error_kind::BadProperty);
}

TEST(term_rules, redraw_needs_a_range) {
  EXPECT_EQ(error_of(operation::redraw, {0, 2}, 1), none);
  EXPECT_EQ(error_of(operation::redraw, {1, 1}, 1), none);
  EXPECT_EQ(error_of(operation::redraw, {2, 1}, 1), error_kind::BadParameterValue);
  EXPECT_EQ(error_of(operation::redraw, {nan, 1}, 1), error_kind::BadParameterValue);
}

TEST(term_rules, positions_need_a_dimension_and_an_endpoint) {
  EXPECT_EQ(error_of(operation::position, {0, 2}), none);
  EXPECT_EQ(error_of(operation::position, {-1, 0}), error_kind::BadParameterValue);
  EXPECT_EQ(error_of(operation::position, {0, 3}), error_kind::BadParameterValue);
  EXPECT_EQ(error_of(operation::distance, {-1}), error_kind::BadParameterValue);
  EXPECT_EQ(error_of(operation::distance, {0}), none);
}

TEST(term_rules, spatial_functions_have_their_domains) {
  EXPECT_EQ(error_of(operation::gaussian, {0, 1}, 1), none);
  EXPECT_EQ(error_of(operation::gaussian, {0, 0}, 1), error_kind::BadProperty);
  EXPECT_EQ(error_of(operation::gaussian2d, {0, 0, 1, 1, 0}, 2), none);
  EXPECT_EQ(error_of(operation::gaussian2d, {0, 0, 0, 1, 0}, 2), error_kind::BadProperty);
  EXPECT_EQ(error_of(operation::gaussian2d, {0, 0, 1, -1, 0}, 2), error_kind::BadProperty);
  EXPECT_EQ(error_of(operation::gaussian2d, {0, 0, 1, 1, 1}, 2), error_kind::BadProperty);
  EXPECT_EQ(error_of(operation::gamma, {0, 1}, 1), error_kind::BadProperty);
  EXPECT_EQ(error_of(operation::gamma, {1, 0}, 1), error_kind::BadProperty);
  EXPECT_EQ(error_of(operation::exp_distribution, {0}, 1), error_kind::BadProperty);
  EXPECT_EQ(error_of(operation::gabor, {0, 1, 1, 1, 0}, 2), none);
  for (const int i : {1, 2, 3}) {
    std::vector<double> numbers{0, 1, 1, 1, 0};
    numbers[i] = 0;
    EXPECT_EQ(error_of(operation::gabor, numbers, 2), error_kind::BadProperty);
  }
}

TEST(term_rules, malformed_terms_are_refused) {
  const auto refused = [](std::vector<term> terms) {
    try {
      parameter::make(std::move(terms));
    } catch (const api_error& e) {
      return e.kind() == error_kind::BadParameter;
    }
    return false;
  };
  const term one{operation::constant, {}, {1}};
  EXPECT_TRUE(refused({}));
  EXPECT_TRUE(refused({{operation::constant, {}, {}}}));
  EXPECT_TRUE(refused({{operation::constant, {}, {1, 2}}}));
  EXPECT_TRUE(refused({one, {operation::add, {0}, {}}}));
  EXPECT_TRUE(refused({one, {operation::add, {0, 1}, {}}}));
  EXPECT_TRUE(refused({one, {operation::add, {0, 7}, {}}}));
  EXPECT_TRUE(refused({{static_cast<operation>(31), {}, {}}}));
  EXPECT_FALSE(refused({one, {operation::add, {0, 0}, {}}}));
  EXPECT_THROW(check_term({operation::exp, {1}, {}}, 1), api_error);  // itself
  EXPECT_NO_THROW(check_term({operation::exp, {0}, {}}, 1));
}

TEST(term_rules, messages_name_value_and_range) {
  try {
    parameter::make({{operation::normal, {}, {0, -2}}});
    FAIL();
  } catch (const api_error& e) {
    EXPECT_STREQ(e.what(), "Parameter: normal: std = -2.0 must be >= 0");
  }
}

}  // namespace
}  // namespace volley::runtime
