#include "runtime/base/slot_map.hpp"

#include <gtest/gtest.h>

namespace volley::runtime {
namespace {

TEST(slot_map, hands_out_slots_one_after_the_other_and_knows_their_cells) {
  slot_map map;
  EXPECT_EQ(map.add(block_ordinal(0), 0, 128, input_form::sum), input_slot(0));
  EXPECT_EQ(map.add(block_ordinal(0), 1, 128, input_form::by_sign), input_slot(128));
  EXPECT_EQ(map.add(block_ordinal(1), 0, 64, input_form::count), input_slot(256));
  EXPECT_EQ(map.size(), 320u);
  const auto expect_owner = [&](std::uint32_t at, slot_owner owner, input_form form) {
    const input_slot slot(at);
    EXPECT_EQ(map.owner(slot).block, owner.block) << at;
    EXPECT_EQ(map.owner(slot).cell, owner.cell) << at;
    EXPECT_EQ(map.owner(slot).receptor, owner.receptor) << at;
    EXPECT_EQ(map.form(slot), form) << at;
  };
  expect_owner(0, {block_ordinal(0), 0, 0}, input_form::sum);
  expect_owner(127, {block_ordinal(0), 127, 0}, input_form::sum);
  expect_owner(128 + 64, {block_ordinal(0), 64, 1}, input_form::by_sign);
  expect_owner(319, {block_ordinal(1), 63, 0}, input_form::count);
}

TEST(slot_map, takes_back_the_last_slots) {
  slot_map map;
  map.add(block_ordinal(0), 0, 64, input_form::sum);
  const auto first = map.add(block_ordinal(1), 0, 128, input_form::by_sign);
  EXPECT_TRUE(map.splits_by_sign());
  map.cut(first);
  EXPECT_EQ(map.size(), 64u);
  EXPECT_FALSE(map.splits_by_sign());
  EXPECT_EQ(map.add(block_ordinal(2), 0, 64, input_form::count), first);
  EXPECT_EQ(map.owner(first).block, block_ordinal(2));
}

TEST(slot_map, of_no_cells_is_empty) {
  slot_map map;
  EXPECT_EQ(map.add(block_ordinal(0), 0, 0, input_form::sum), input_slot(0));
  EXPECT_EQ(map.size(), 0u);
  EXPECT_FALSE(map.splits_by_sign());
}

TEST(slot_map, takes_its_bytes_a_page) {
  slot_map map;
  map.add(block_ordinal(0), 0, 64 * 100, input_form::sum);
  EXPECT_GE(map.bytes(), 100 * slot_map::bytes_per_page);
}

}  // namespace
}  // namespace volley::runtime
