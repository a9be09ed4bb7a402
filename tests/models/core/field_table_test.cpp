#include "models/core/field_table.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace volley::models {
namespace {

template <class V> struct pair { V first = 1, second = 2; };
template <class V> struct nested {
  V a = 0;
  pair<V> inner;
  V b = 3;
};
struct nothing {};

using namespace declare;
using P = pair<double>;
constexpr auto both = table(param("first", &P::first, mV, "one"), param("second", &P::second, none, "two"));

TEST(field_table, columns_are_positions_of_members) {
  EXPECT_EQ(column_of(&P::first), 0);
  EXPECT_EQ(column_of(&P::second), 1);
  EXPECT_EQ(column_of(&nested<double>::b), 3);
  EXPECT_EQ(columns_of<nested<double>>, 4u);
  EXPECT_EQ(columns_of<nothing>, 0u);
}

TEST(field_table, a_table_covers_a_struct_when_each_member_has_one_row) {
  EXPECT_TRUE(covers<P>(both, part::params));
  EXPECT_FALSE(covers<P>(both, part::state));
  constexpr auto missing = table(param("first", &P::first, mV, "one"));
  EXPECT_FALSE(covers<P>(missing, part::params));
  constexpr auto twice = table(param("first", &P::first, mV, "one"), param("again", &P::first, mV, "one"));
  EXPECT_FALSE(covers<P>(twice, part::params));
}

TEST(field_table, below_compares_only_values_of_one_origin) {
  constexpr auto mixed = table(param("first", &P::first, mV, "", below(&P::second)),
                               param("second", &P::second, mV, "", relative_to(&P::first)));
  EXPECT_TRUE(consistent(both));
  EXPECT_FALSE(consistent(mixed));
}

TEST(field_table, options_mark_their_row) {
  constexpr field f = variable("V_m", &P::second, mV, "potential", relative_to(&P::first), recordable, positive);
  EXPECT_EQ(f.where, part::state);
  EXPECT_EQ(f.column, 1);
  EXPECT_EQ(f.relative_to, 0);
  EXPECT_TRUE(f.is_recordable);
  EXPECT_TRUE(f.is_key);
  EXPECT_EQ(f.range, bound::positive);
  EXPECT_FALSE(internal("x", &P::first, mV, "").is_key);
  EXPECT_EQ(flag("x", &P::first, "").kind, field_kind::flag);
  EXPECT_FALSE(f.shows_stored);
  constexpr field shown = variable("V_m", &P::second, mV, "", relative_to(&P::first), recordable_as_stored);
  EXPECT_TRUE(shown.is_recordable && shown.shows_stored);
}

TEST(field_table, bounds_have_an_upper_end) {
  constexpr field share = param("share", &P::first, none, "", positive, at_most(1));
  EXPECT_FALSE(is_within(share, 0));
  EXPECT_TRUE(is_within(share, 1));
  EXPECT_FALSE(is_within(share, 1.0000001));
  EXPECT_FALSE(is_within(param("any", &P::first, none, ""), std::nan("")));
  EXPECT_TRUE(is_within(param("any", &P::first, none, ""), -HUGE_VAL));
}

double product(const P& p, const nested<double>& s) { return p.first * p.second * s.b; }
double scaled(const P& p, const nothing&, const nested<double>& s) { return p.second * s.a; }

TEST(field_table, computed_rows_are_functions_of_the_members) {
  constexpr field key = computed<product>("product", mV, "of three", recordable);
  EXPECT_EQ(key.where, part::computed);
  EXPECT_TRUE(key.is_key && key.is_read_only && key.is_recordable);
  const double params[] = {5, 6}, state[] = {1, 2, 3, 4};
  EXPECT_EQ(key.compute(params, nullptr, state), 120);
  constexpr field sample = computed<scaled>("scaled", mV, "of two", recordable);
  EXPECT_FALSE(sample.is_key);  // keys are read where no derived constants are
  EXPECT_EQ(sample.compute(params, params, state), 6);
  EXPECT_TRUE(covers<P>(table(both[0], both[1], key), part::params));
}

TEST(field_table, values_go_to_structs_and_back) {
  const double values[] = {5, 6};
  EXPECT_EQ(from_values<P>(values).second, 6);
  EXPECT_EQ(values_of(P{})[0], 1);
  EXPECT_TRUE(values_of(nothing{}).empty());
}

}  // namespace
}  // namespace volley::models
