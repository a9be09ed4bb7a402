#include "runtime/kernel/node_facts.hpp"

#include <gtest/gtest.h>

#include "tests/runtime/kernel/small_network.hpp"

namespace volley::runtime {
namespace {

/// The second of two ranks with four VPs: neurons 1 and 3 are its own, and a part of every device.
struct facts_of_nodes : testing::Test, tests::small_network {
  facts_of_nodes() {
    net.options.rank = {1, 2};
    net.settings.num_processes = 2;
    net.settings.total_num_virtual_procs = 4;
  }
  value facts(const node_set& nodes, const std::string& key, bool by_their_ranks = false) {
    node_columns columns(nodes.size(), {key});
    put_node_facts(net, nodes, by_their_ranks, columns);
    return *columns.take().find(key);
  }
  static value list(std::vector<value> entries) { return value(std::move(entries)); }
};

TEST_F(facts_of_nodes, say_where_a_node_lives) {
  EXPECT_EQ(facts(ids(1, 4), "vp"), value(std::vector<std::int64_t>{1, 2, 3, 0}));
  EXPECT_EQ(facts(ids(1, 4), "local"), value(booleans{{1, 0, 1, 0}}));
  EXPECT_EQ(facts(ids(7, 8), "local"), value(booleans{{1, 1}}));
  EXPECT_EQ(facts(ids(7, 8), "vp"), value(std::vector<std::int64_t>{1, 1})) << "the first of this rank";
}

TEST_F(facts_of_nodes, are_fewer_of_nodes_on_other_ranks) {
  EXPECT_EQ(facts(ids(1, 4), "thread"), list({0, value(), 1, value()}));
  EXPECT_EQ(facts(ids(2, 2), "thread_local_id"), list({value()}));
  EXPECT_EQ(facts(ids(1, 4), "thread", true), value(std::vector<std::int64_t>{0, 1, 1, 0}));
  EXPECT_EQ(facts(ids(2, 2), "model"), list({"iaf_psc_alpha"}));
}

TEST_F(facts_of_nodes, are_what_nobody_can_set) {
  for (const auto* key : {"model", "global_id", "local", "node_uses_wfr"}) EXPECT_TRUE(is_node_fact(key));
  EXPECT_FALSE(is_node_fact("V_m"));
}

TEST_F(facts_of_nodes, neurons_elsewhere_have_the_keys_of_their_models) {
  node_columns some(2, {"V_m", "rate"});
  note_keys_elsewhere(net, {1, {{2, 4, 2}}}, some);
  EXPECT_EQ(some.take_known().size(), 1u);
  node_columns all(2, {});
  note_keys_elsewhere(net, {1, {{2, 4, 2}}}, all);
  EXPECT_TRUE(all.take_known().contains("tau_m"));
  net.options.rank = {};
  node_columns alone(2, {});
  note_keys_elsewhere(net, {1, {{2, 4, 2}}}, alone);
  EXPECT_EQ(alone.take_known().size(), 0u) << "shards tell what they have";
}

}  // namespace
}  // namespace volley::runtime
