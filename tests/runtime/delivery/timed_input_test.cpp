#include "runtime/delivery/timed_input.hpp"

#include <gtest/gtest.h>

#include "runtime/base/snapshot.hpp"

namespace volley::runtime {
namespace {

std::vector<double> amounts(std::span<const timed_amount> due) {
  std::vector<double> all;
  for (const auto& one : due) all.push_back(one.amount);
  return all;
}

using numbers = std::vector<double>;

TEST(timed_input, comes_by_slot_then_by_time_then_as_it_was_added) {
  timed_input input;
  input.add(5, input_slot(130), 0.02, 1);
  input.add(5, input_slot(7), 0.02, 2);
  input.add(5, input_slot(7), 0.05, 3);
  input.add(5, input_slot(7), 0.02, 4);
  input.add(6, input_slot(7), 0.02, 5);
  input.sort(5, 6);
  EXPECT_EQ(amounts(input.at(5, input_slot(0), 64)), (numbers{3, 2, 4}));
  EXPECT_EQ(amounts(input.at(5, input_slot(128), 64)), numbers{1});
  EXPECT_TRUE(input.at(5, input_slot(64), 64).empty());
  EXPECT_TRUE(input.at(4, input_slot(0), 64).empty());
}

TEST(timed_input, is_forgotten_when_later_steps_are_asked_for) {
  timed_input input;
  input.add(5, input_slot(7), 0.02, 1);
  input.add(6, input_slot(7), 0.02, 2);
  const auto bytes = input.bytes();
  input.sort(6, 7);
  EXPECT_TRUE(input.at(5, input_slot(0), 64).empty());
  EXPECT_EQ(amounts(input.at(6, input_slot(0), 64)), numbers{2});
  EXPECT_LT(input.bytes(), bytes);
}

TEST(timed_input, goes_through_bytes) {
  timed_input input;
  input.add(5, input_slot(7), 0.02, 1);
  auto same = object_of<timed_input>(bytes_of(input));
  same.sort(5, 6);
  ASSERT_EQ(same.at(5, input_slot(0), 64).size(), 1u);
  EXPECT_EQ(same.at(5, input_slot(0), 64)[0].offset_ms, 0.02);
}

}  // namespace
}  // namespace volley::runtime
