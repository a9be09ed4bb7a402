#include "runtime/base/column.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>

namespace volley::runtime {
namespace {

TEST(column, is_stored_once_while_all_cells_agree) {
  column c(100, 2.5);
  EXPECT_TRUE(c.is_uniform());
  EXPECT_EQ(c[99], 2.5);
  c.set(7, 2.5);
  EXPECT_TRUE(c.is_uniform());
  c.set(7, 3);
  EXPECT_FALSE(c.is_uniform());
  EXPECT_EQ(c[7], 3);
  EXPECT_EQ(c[8], 2.5);
  c.fill(1);
  EXPECT_TRUE(c.is_uniform());
  EXPECT_EQ(c[7], 1);
}

TEST(column, tells_equal_cells_from_equal_storage) {
  column c(10, 1);
  c.array();
  EXPECT_FALSE(c.is_uniform());
  EXPECT_TRUE(c.is_alike());
  c.set(9, 2);
  EXPECT_FALSE(c.is_alike());
}

TEST(column, keeps_the_sign_of_zero) {
  column c(2, 0.0);
  c.set(1, -0.0);
  EXPECT_TRUE(std::signbit(c[1]));
  EXPECT_FALSE(std::signbit(c[0]));
}

TEST(column, views_read_whole_vectors_of_either_form) {
  column c(3, 4.0);
  const column_view uniform = c.view();
  for (std::uint32_t i = 0; i < 8; ++i) EXPECT_EQ(uniform.data[(8 & uniform.every) + i], 4.0);
  c.set(2, 5.0);
  const column_view array = c.view();
  EXPECT_EQ(array.data[2 & array.every], 5.0);
  EXPECT_EQ(array.data[63 & array.every], 4.0);  // padding
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(array.data) % 64, 0u);
}

TEST(column, may_have_no_cells) {
  column c(0, 1.5);
  EXPECT_EQ(c.array()[0], 1.5);
  EXPECT_EQ(padded(0), 0u);
  EXPECT_EQ(padded(1), 64u);
  EXPECT_EQ(padded(64), 64u);
  EXPECT_EQ(padded(65), 128u);
}

}  // namespace
}  // namespace volley::runtime
