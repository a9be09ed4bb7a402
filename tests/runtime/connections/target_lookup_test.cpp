#include "runtime/connections/target_lookup.hpp"

#include <gtest/gtest.h>

#include "runtime/base/error.hpp"
#include "tests/runtime/connections/built_store.hpp"

namespace volley::runtime::tests {
namespace {

/// Nodes 3, 6, ..., 30 with two receptors for spikes and one for currents, and 33 ... 99 with one for spikes.
struct third_vp : built_store {
  third_vp() : built_store(false, {0, 3}) {
    add_nodes(1, 30, {input_form::sum, input_form::by_sign, input_form::current});
    add_nodes(31, 99);
  }
};

std::optional<block_ordinal> block(int index) { return block_ordinal(index); }

TEST(target_lookup, finds_the_block_of_a_node_and_no_other) {
  const third_vp vp;
  for (std::uint64_t id = 0; id < 110; ++id)
    EXPECT_EQ(vp.targets.block_of(id), id == 0 || id % 3 != 0 || id > 99 ? std::nullopt : block(id <= 30 ? 0 : 1))
        << id;
}

TEST(target_lookup, slots_and_nodes_name_each_other) {
  const third_vp vp;
  const auto expect_both_ways = [&](std::uint64_t id, std::uint32_t receptor, bool currents, input_form form) {
    const auto slot = vp.targets.slot(id, receptor, currents);
    EXPECT_EQ(vp.targets.id(slot, currents), id);
    EXPECT_EQ(vp.targets.receptor(slot, currents), receptor);
    EXPECT_EQ(vp.targets.form(slot, currents), form);
    EXPECT_EQ(vp.targets.line(slot, currents), vp.targets.line(id)) << "all slots of a node have its line";
  };
  for (std::uint64_t id = 3; id <= 30; id += 3) {
    expect_both_ways(id, 0, false, input_form::sum);
    expect_both_ways(id, 1, false, input_form::by_sign);
    expect_both_ways(id, 2, true, input_form::current);
  }
  for (std::uint64_t id = 33; id <= 99; id += 3) expect_both_ways(id, 0, false, input_form::sum);
  EXPECT_NE(vp.targets.line(30), vp.targets.line(33));
  EXPECT_GT(vp.targets.lines(), vp.targets.line(99).index());
  EXPECT_EQ(vp.targets.slot_limit(), vp.spike_slots.size());
}

TEST(target_lookup, a_receptor_that_is_not_there_is_a_fault_of_ours) {
  const third_vp vp;
  EXPECT_THROW(vp.targets.slot(3, 2, false), api_error);
  EXPECT_THROW(vp.targets.slot(33, 1, false), api_error);
}

TEST(target_lookup, visits_all_slots_of_a_node_that_lives_here) {
  const third_vp vp;
  std::vector<std::pair<input_slot, bool>> visited;
  const auto visit = [&](input_slot slot, bool currents) { visited.emplace_back(slot, currents); };
  vp.targets.for_each_slot(6, visit);
  const std::vector<std::pair<input_slot, bool>> expected{{vp.targets.slot(6, 0, false), false},
                                                          {vp.targets.slot(6, 1, false), false},
                                                          {vp.targets.slot(6, 2, true), true}};
  EXPECT_EQ(visited, expected);
  visited.clear();
  vp.targets.for_each_slot(7, visit);
  EXPECT_TRUE(visited.empty());
}

TEST(target_lookup, many_slots_are_the_same_as_each) {
  const third_vp vp;
  const auto slot = [&](std::uint64_t id, std::uint32_t receptor = 0) {
    return vp.targets.slot(id, receptor, false).index();
  };
  for (const std::vector<std::uint32_t>& slots :
       {std::vector{slot(33), slot(36), slot(36), slot(99)}, std::vector{slot(99), slot(33), slot(36), slot(99)},
        std::vector{slot(3), slot(33)}, std::vector{slot(3), slot(3, 1)}, std::vector{slot(3), slot(33), slot(9)}}) {
    std::vector<std::uint32_t> found(slots.size());
    vp.targets.ids(slots, false, found);
    for (std::size_t i = 0; i < slots.size(); ++i) EXPECT_EQ(found[i], vp.targets.id(input_slot(slots[i]), false)) << i;
  }
}

TEST(target_lookup, takes_back_its_last_blocks) {
  third_vp vp;
  const input_slot all(~0u);
  vp.targets.cut(1, all, all);
  EXPECT_EQ(vp.targets.block_of(33), std::nullopt);
  EXPECT_EQ(vp.targets.block_of(30), block(0));
  vp.targets.cut(5, all, all);
  EXPECT_EQ(vp.targets.blocks().size(), 1u);
}

}  // namespace
}  // namespace volley::runtime::tests
