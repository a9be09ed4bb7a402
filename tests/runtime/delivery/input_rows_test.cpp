#include "runtime/delivery/input_rows.hpp"

#include <gtest/gtest.h>

namespace volley::runtime {
namespace {

constexpr row_shape shape{64, 64, true};

TEST(input_rows, spilled_sums_begin_the_rows_of_their_steps) {
  input_rows rows;
  rows.prepare(shape, 5);
  rows.spilled(12).negative[3] = -7;
  rows.spilled(17).positive[1] = 4;
  rows.begin_interval(10);
  EXPECT_EQ(rows.current(2).negative[3], -7);
  rows.begin_interval(15);
  EXPECT_EQ(rows.current(2).positive[1], 4);
}

TEST(input_rows, keep_what_they_hold_when_slots_are_added) {
  input_rows rows;
  rows.prepare({64, 0, false}, 5);
  rows.current(1).positive[63] = 1;
  rows.spilled(30).positive[5] = 2;
  rows.prepare({128, 64, true}, 5);
  EXPECT_EQ(rows.current(1).positive[63], 1);
  EXPECT_EQ(rows.current(1).positive[64], 0);
  EXPECT_EQ(rows.current(1).negative[63], 0);
  EXPECT_EQ(rows.spilled(30).positive[5], 2);
}

TEST(input_rows, have_no_planes_that_nobody_reads) {
  input_rows rows;
  rows.prepare({64, 0, false}, 1);
  EXPECT_EQ(rows.current(0).negative, nullptr);
  EXPECT_EQ(rows.current(0).current, nullptr);
  EXPECT_EQ(rows.arrived(3).positive, nullptr);
}

TEST(input_rows, arrivals_come_round) {
  input_rows rows;
  rows.prepare(shape, 5);
  rows.open_arrivals(20);
  rows.arrived(23).positive[0] = 9;
  EXPECT_EQ(rows.arrived(43).positive[0], 9);
  EXPECT_EQ(rows.arrived(24).positive[0], 0);
}

TEST(input_rows, give_copies_of_what_they_hold) {
  input_rows rows;
  rows.prepare(shape, 5);
  rows.open_arrivals(20);
  rows.current(1).positive[3] = 2;
  rows.spilled(12).current[4] = 5;
  rows.arrived(23).negative[0] = 9;
  pool<double> copy;
  EXPECT_EQ(rows.copy_of_current(1, copy).positive[3], 2);
  EXPECT_EQ(rows.copy_of_spilled(12, copy).current[4], 5);
  EXPECT_EQ(rows.copy_of_spilled(13, copy).current[4], 0);
  auto arrived = rows.copy_of_arrived(23, copy);
  EXPECT_EQ(arrived.negative[0], 9);
  arrived.negative[0] = 1;
  EXPECT_EQ(rows.arrived(23).negative[0], 9);
}

}  // namespace
}  // namespace volley::runtime
