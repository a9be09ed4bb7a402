#include "runtime/kernel/matching.hpp"

#include <gtest/gtest.h>

#include "tests/runtime/kernel/small_network.hpp"

namespace volley::runtime {
namespace {

struct calls_of_ranks : testing::Test, tests::small_network {
  bool matched(const api::request& r) { return is_matched(net, r); }
};

TEST_F(calls_of_ranks, all_make_what_changes_the_network) {
  EXPECT_TRUE(matched(api::create_nodes{"iaf_psc_alpha", 1, {}}));
  EXPECT_TRUE(matched(api::connect{ids(1, 2), ids(1, 2), {}, {}}));
  EXPECT_TRUE(matched(api::set_defaults{"iaf_psc_alpha", {}}));
  EXPECT_TRUE(matched(api::set_kernel_status{}));
  EXPECT_TRUE(matched(api::reset_kernel{}));
  EXPECT_TRUE(matched(api::simulate{1.0}));
}

TEST_F(calls_of_ranks, each_asks_by_itself_and_sets_its_part) {
  EXPECT_FALSE(matched(api::get_kernel_status{}));
  EXPECT_FALSE(matched(api::get_connections{}));
  EXPECT_FALSE(matched(api::get_node_values{ids(1, 2), {}}));
  EXPECT_FALSE(matched(api::evaluate{}));
  EXPECT_FALSE(matched(api::set_connection_values{}));
  EXPECT_FALSE(matched(api::set_node_values{ids(1, 4), {}})) << "neurons";
  EXPECT_TRUE(matched(api::set_node_values{ids(4, 5), {}})) << "with a device, which all ranks have";
  EXPECT_FALSE(matched(api::set_node_values{ids(90, 91), {}})) << "there are none";
}

TEST_F(calls_of_ranks, all_look_for_nodes_by_what_shards_know) {
  const std::pair<std::string, value> model{"model", "iaf_psc_alpha"}, potential{"V_m", -70.0}, here{"local", true};
  EXPECT_FALSE(matched(api::match_nodes{}));
  EXPECT_FALSE(matched(api::match_nodes{dictionary{model}}));
  EXPECT_TRUE(matched(api::match_nodes{dictionary{model, potential}}));
  EXPECT_FALSE(matched(api::match_nodes{dictionary{potential, here}})) << "of this rank";
}

TEST_F(calls_of_ranks, are_told_as_users_write_them) {
  EXPECT_EQ(text_of(api::create_nodes{"iaf_psc_alpha", 100, {}}), "Create(\"iaf_psc_alpha\", 100)");
  EXPECT_EQ(text_of(api::connect{ids(1, 2), ids(1, 4), {{"rule", "all_to_all"}}, {}}),
            "Connect(2 nodes, 4 nodes, \"all_to_all\")");
  EXPECT_EQ(text_of(api::simulate{10.5}), "Simulate(10.5)");
  EXPECT_EQ(text_of(api::set_kernel_status{dictionary{{"resolution", 0.1}, {"rng_seed", 5}}}),
            "SetKernelStatus(resolution, rng_seed)");
  EXPECT_EQ(text_of(api::set_kernel_status{}), "SyncProcesses()");
  EXPECT_EQ(text_of(api::disconnect_connections{{0, {1, 2}, {3, 4}, {0, 0}, {0, 0}}}), "disconnect of 2 connections");
  EXPECT_EQ(text_of(api::drain{2}), "drain(2)");
  EXPECT_EQ(text_of(api::set_node_values{ids(7, 8), {}}), "set of 2 nodes");
}

TEST_F(calls_of_ranks, with_pairs_of_their_own_say_alike_what_is_for_all_pairs) {
  const auto digest = [](dictionary synapse) {
    return common_digest(api::connect_arrays{{1}, {2}, std::move(synapse), true});
  };
  const std::vector<double> some{1.0}, others{2.0, 3.0};
  EXPECT_EQ(digest({{"weight", some}, {"delay", 1.0}}), digest({{"weight", others}, {"delay", 1.0}}));
  EXPECT_NE(digest({{"weight", some}, {"delay", 1.0}}), digest({{"weight", some}, {"delay", 2.0}}));
  EXPECT_NE(digest({{"weight", some}}), digest({{"weight", 1.0}}));
  EXPECT_NE(digest({{"weight", some}}), digest({{"delay", some}}));
  EXPECT_EQ(common_digest(api::connect_arrays{{1}, {2}, {}, false}), std::nullopt);
  EXPECT_EQ(common_digest(api::simulate{1.0}), std::nullopt);
}

TEST_F(calls_of_ranks, some_fail_on_one_alone) {
  EXPECT_TRUE(fails_alone(api::prepare{}) && fails_alone(api::simulate{1.0}));
  EXPECT_TRUE(fails_alone(api::connect_arrays{{1}, {2}, {}, true}));
  EXPECT_FALSE(fails_alone(api::connect{}) || fails_alone(api::connect_arrays{{1}, {2}, {}, false}));
}

TEST_F(calls_of_ranks, networks_of_other_calls_have_another_digest) {
  const auto before = digest_of(net);
  EXPECT_EQ(digest_of(tests::small_network().net), before);
  ++net.connect_calls;
  EXPECT_NE(digest_of(net), before);
}

}  // namespace
}  // namespace volley::runtime
