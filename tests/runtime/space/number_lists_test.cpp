#include "runtime/space/number_lists.hpp"

#include "gtest/gtest.h"

namespace volley::runtime {
namespace {

using numbers = std::vector<double>;
using integers = std::vector<std::int64_t>;
using list = std::vector<value>;

TEST(number_lists, numbers_are_taken_from_lists_of_any_numbers) {
  EXPECT_EQ(numbers_in(value(numbers{1, 2.5})), (numbers{1, 2.5}));
  EXPECT_EQ(numbers_in(value(integers{1, 2})), (numbers{1, 2}));
  EXPECT_EQ(numbers_in(value(list{value(1), value(2.5)})), (numbers{1, 2.5}));
  EXPECT_EQ(numbers_in(value(empty_vector())), numbers());
  EXPECT_FALSE(numbers_in(value(1.0)));
  EXPECT_FALSE(numbers_in(value("1, 2")));
  EXPECT_FALSE(numbers_in(value(list{value(1), value("2")})));
}

TEST(number_lists, integers_are_taken_from_integers_alone) {
  EXPECT_EQ(integers_in(value(integers{1, 2})), (integers{1, 2}));
  EXPECT_EQ(integers_in(value(list{value(1), value(2)})), (integers{1, 2}));
  EXPECT_FALSE(integers_in(value(numbers{1, 2})));
  EXPECT_FALSE(integers_in(value(list{value(1), value(2.0)})));
}

TEST(number_lists, rows_have_as_many_numbers_each) {
  const auto rows = rows_in(value(list{value(numbers{1, 2}), value(integers{3, 4}), value(numbers{5, 6})}));
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->rows, 3u);
  EXPECT_EQ(rows->columns, 2u);
  EXPECT_EQ(rows->data, (numbers{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(rows_in(value(matrix{1, 2, {7, 8}}))->data, (numbers{7, 8}));
  EXPECT_EQ(rows_in(value(empty_vector()))->rows, 0u);
  EXPECT_FALSE(rows_in(value(list{value(numbers{1, 2}), value(numbers{1})})));
  EXPECT_FALSE(rows_in(value(numbers{1, 2})));
}

}  // namespace
}  // namespace volley::runtime
