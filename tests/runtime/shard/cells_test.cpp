#include "runtime/shard/cells.hpp"

#include "models/core/describe_neuron.hpp"
#include "tests/models/core/two_compartments.hpp"
#include "tests/runtime/shard/parts.hpp"

namespace volley::runtime {
namespace {

using namespace tests;

class cells_test : public testing::Test {
 protected:
  std::vector<double> potentials(const node_set& nodes) const {
    const auto parts = all.get_values(nodes, {"V_m"}, 0, {});
    if (parts.empty()) return {};
    return *parts[0].values.get_if<std::vector<double>>();
  }
  void set_potential(const node_set& nodes, double mV) { all.set_values(nodes, {{"V_m", mV}}, {}, 0); }

  cells all{layout{1, 2}};  // odd ids live here
};

TEST_F(cells_test, are_those_of_this_vp) {
  all.add(1, 10, prototype("iaf_psc_alpha"), 0);
  all.add(11, 12, prototype("parrot_neuron"), 0);
  all.add(14, 14, prototype("parrot_neuron"), 0);
  EXPECT_EQ(all.n_blocks(), 2u);
  EXPECT_EQ(all.block(block_ordinal(0)).size(), 5u);
  EXPECT_EQ(all.find(7), &all.block(block_ordinal(0)));
  EXPECT_EQ(all.find(11), &all.block(block_ordinal(1)));
  EXPECT_EQ(all.find(8), nullptr);
  EXPECT_EQ(all.receiver_of(11)->name, "parrot_neuron");
  EXPECT_FALSE(all.receiver_of(12));
}

TEST_F(cells_test, have_a_slot_and_a_line_each) {
  all.add(1, 200, prototype("iaf_psc_alpha"), 0);
  all.add(201, 202, prototype("iaf_psc_alpha"), 0);
  EXPECT_EQ(all.targets().id(all.targets().slot(7, 0, false), false), 7u);
  EXPECT_EQ(all.targets().id(all.targets().slot(201, 0, true), true), 201u);
  EXPECT_EQ(all.shape().slots, 192u);
  EXPECT_EQ(all.shape().slots, all.histories().slots());
  EXPECT_EQ(all.targets().lines(), all.histories().lines());
}

TEST_F(cells_test, values_are_set_and_read_where_nodes_live) {
  all.add(1, 10, prototype("iaf_psc_alpha"), 0);
  set_potential(ids(4, 7), -60);
  EXPECT_EQ(potentials(ids(1, 10)), (std::vector<double>{-70, -70, -60, -60, -70}));
  const auto some = all.get_values(ids(6, 10), {"V_m", "nothing"}, 0, {});
  ASSERT_EQ(some.size(), 1u);
  EXPECT_EQ(some[0].rows, (std::vector<std::uint64_t>{1, 3}));
}

TEST_F(cells_test, make_entries_for_connections_and_take_them_back) {
  all.add(1, 10, prototype("iaf_bw_2001_exact"), 0);
  all.keep();
  const auto slots = all.shape().slots;
  auto rule = std::make_shared<rule_spec>();
  rule->kind = rule_kind::all_to_all;
  rule->sources = ids(1, 3);
  rule->targets = ids(4, 7);
  projection p;
  p.rule = rule;
  p.receptor = 3.0;
  const auto& block = all.block(block_ordinal(0)).values();
  all.begin_change();
  all.make_entries(p);
  EXPECT_EQ(block.entries(2), 3u) << "node 5";
  EXPECT_EQ(block.entries(0), 0u);
  EXPECT_EQ(all.shape().slots, slots + 3 * 64);
  EXPECT_EQ(all.targets().id(all.targets().slot_of_entry(*all.targets().maker_of_entries(5, 3), 2), false), 5u);
  EXPECT_FALSE(all.targets().maker_of_entries(5, 1));
  all.make_entries(p);
  EXPECT_EQ(block.entries(3), 6u);
  all.take_back();
  EXPECT_EQ(block.entries(2), 0u);
  EXPECT_EQ(all.shape().slots, slots);
  p.receptor = 1.0;
  all.begin_change();
  all.make_entries(p);
  EXPECT_EQ(all.shape().slots, slots) << "another receptor";
}

TEST_F(cells_test, have_no_room_for_endless_entries) {
  all.add(1, 10, prototype("iaf_bw_2001_exact"), 0);
  all.keep();
  auto pairs = std::make_shared<id_pairs>();
  pairs->sources.assign(20000, 1);
  pairs->targets.assign(20000, 3);
  projection p;
  p.pairs = pairs;
  p.receptor = 3.0;
  all.begin_change();
  EXPECT_THROW(all.make_entries(p), api_error);
  all.take_back();
  EXPECT_EQ(all.block(block_ordinal(0)).values().entries(1), 0u);
}

TEST_F(cells_test, get_slots_for_the_receptors_that_their_lists_give_them) {
  all.add(1, 10, prototype("iaf_psc_exp_multisynapse"), 0);
  all.add(11, 20, prototype("parrot_neuron"), 0);
  all.keep();
  all.begin_change();
  const auto slots = all.shape().slots;
  all.set_values(ids(3, 5), {{"tau_syn", std::vector<double>{1, 2, 3}}}, {}, 0);
  EXPECT_EQ(all.shape().slots, slots + 2 * 64);
  EXPECT_EQ(all.receiver_of(3)->channels.size(), 4u);
  EXPECT_EQ(all.receiver_of(1)->channels.size(), 2u);
  EXPECT_EQ(all.receiver_of(1)->numbers, models::receptor_numbers::listed);
  const auto third = all.targets().slot(5, 3, false);
  EXPECT_EQ(all.targets().id(third, false), 5u);
  EXPECT_EQ(all.targets().receptor(third, false), 3u);
  EXPECT_EQ(all.targets().line(third, false), all.targets().line(5));
  all.take_back();
  EXPECT_EQ(all.shape().slots, slots);
  EXPECT_EQ(all.receiver_of(3)->channels.size(), 2u);
}

TEST_F(cells_test, know_whether_connections_end_at_their_receptors) {
  const auto noted = [&] {
    const auto parts = all.get_values(ids(1, 10), {"has_connections"}, 0, {});
    std::vector<int> each;
    for (const auto b : parts[0].values.get_if<booleans>()->data) each.push_back(b);
    return each;
  };
  all.add(1, 10, prototype("iaf_psc_exp_multisynapse"), 0);
  all.keep();
  all.begin_change();
  all.note_targets(ids(2, 5));
  EXPECT_EQ(noted(), (std::vector<int>{0, 1, 1, 0, 0}));
  all.keep();
  all.begin_change();
  all.note_targets(ids(5, 10));
  EXPECT_EQ(noted(), (std::vector<int>{0, 1, 1, 1, 1}));
  all.take_back();
  EXPECT_EQ(noted(), (std::vector<int>{0, 1, 1, 0, 0}));
}

TEST_F(cells_test, connections_show_the_place_of_a_named_receptor) {
  const auto two = models::describe_neuron<models::tests::two_compartments>(0);
  all.add(1, 10, attributes(two), 0);
  const auto shown = [&](std::uint32_t receptor, bool currents) {
    return all.targets().receptor(all.targets().slot(3, receptor, currents), currents);
  };
  EXPECT_EQ(shown(2, false), 0u);
  EXPECT_EQ(shown(3, false), 1u);
  EXPECT_EQ(shown(4, true), 0u);
}

TEST_F(cells_test, are_as_they_were_when_a_change_is_taken_back) {
  all.add(1, 10, prototype("iaf_psc_alpha"), 0);
  set_potential(ids(1, 3), -60);
  all.begin_change();
  const auto shape = all.shape();
  all.add(11, 300, prototype("iaf_psc_alpha"), 0);
  set_potential(ids(1, 300), -50);
  EXPECT_EQ(potentials(ids(299, 299)), std::vector<double>{-50});
  all.take_back();
  EXPECT_EQ(all.n_blocks(), 1u);
  EXPECT_TRUE(all.shape() == shape);
  EXPECT_EQ(all.histories().slots(), shape.slots);
  EXPECT_EQ(potentials(ids(1, 300)), (std::vector<double>{-60, -60, -70, -70, -70}));
}

TEST_F(cells_test, keep_what_was_changed) {
  all.add(1, 10, prototype("iaf_psc_alpha"), 0);
  all.begin_change();
  set_potential(ids(1, 10), -50);
  all.keep();
  all.take_back();
  EXPECT_EQ(potentials(ids(1, 1)), std::vector<double>{-50});
}

}  // namespace
}  // namespace volley::runtime
