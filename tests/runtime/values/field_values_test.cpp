#include "runtime/values/field_values.hpp"

#include <gtest/gtest.h>

#include <array>

namespace volley::runtime {
namespace {

using models::field;
using models::field_kind;

constexpr field real{.kind = field_kind::real}, flag{.kind = field_kind::flag}, integer{.kind = field_kind::integer};
constexpr std::array<std::string_view, 2> losses{"mean_squared_error", "cross_entropy"};
constexpr field loss{.kind = field_kind::choice, .choices = losses};

TEST(field_values, scalars_are_stored_where_their_type_fits) {
  EXPECT_EQ(stored(real, 2.5), 2.5);
  EXPECT_EQ(stored(real, std::int64_t{3}), 3.0);
  EXPECT_EQ(stored(real, true), 1.0);
  EXPECT_EQ(stored(real, "2.5"), std::nullopt);
  EXPECT_EQ(stored(integer, std::int64_t{3}), 3.0);
  EXPECT_EQ(stored(integer, 3.0), std::nullopt);
  EXPECT_EQ(stored(integer, true), std::nullopt);
  EXPECT_EQ(stored(flag, false), 0.0);
  EXPECT_EQ(stored(flag, std::int64_t{1}), std::nullopt);
  EXPECT_EQ(stored(loss, "cross_entropy"), 1.0);
  EXPECT_EQ(stored(loss, "cross"), std::nullopt);
  EXPECT_EQ(stored(loss, 1.0), std::nullopt);
}

TEST(field_values, a_list_is_stored_where_all_its_elements_fit) {
  const std::vector<double> one_two{1, 2};
  EXPECT_EQ(stored_list(integer, std::vector<std::int64_t>{1, 2}), one_two);
  EXPECT_EQ(stored_list(real, std::vector<value>{1.0, std::int64_t{2}}), one_two);
  EXPECT_EQ(stored_list(real, std::vector<value>{1.0, value()}), (std::vector<double>{1, 0}));
  EXPECT_EQ(stored_list(integer, one_two), std::nullopt);
  EXPECT_EQ(stored_list(integer, std::vector<value>{std::int64_t{1}, 2.0}), std::nullopt);
  EXPECT_EQ(stored_list(flag, booleans{{1, 0}}), (std::vector<double>{1, 0}));
  EXPECT_EQ(stored_list(flag, empty_vector()), std::vector<double>());
  EXPECT_EQ(stored_list(loss, std::vector<std::string>{"cross_entropy", "mean_squared_error"}),
            (std::vector<double>{1, 0}));
  EXPECT_EQ(stored_list(loss, std::vector<std::string>{"cross_entropy", "none"}), std::nullopt);
  EXPECT_EQ(stored_list(real, 1.0), std::nullopt);
}

TEST(field_values, numbers_are_shown_in_the_type_of_the_field) {
  EXPECT_EQ(shown(real, 3), value(3.0));
  EXPECT_EQ(shown(integer, 3), value(std::int64_t{3}));
  EXPECT_EQ(shown(flag, 3), value(true));
  EXPECT_EQ(shown(loss, 1), value("cross_entropy"));
  EXPECT_EQ(shown_column(integer, {3, 4}), value(std::vector<std::int64_t>{3, 4}));
  EXPECT_EQ(shown_column(flag, {1, 0}), value(booleans{{1, 0}}));
  EXPECT_EQ(shown_column(loss, {1, 0}), value(std::vector<std::string>{"cross_entropy", "mean_squared_error"}));
}

TEST(field_values, messages_name_the_choices) {
  EXPECT_EQ(wanted(integer), "an int");
  EXPECT_EQ(wanted(loss), "one of 'mean_squared_error', 'cross_entropy'");
}

}  // namespace
}  // namespace volley::runtime
