#include "runtime/kernel/network.hpp"

#include <gtest/gtest.h>

#include "tests/runtime/kernel/small_network.hpp"

namespace volley::runtime {
namespace {

TEST(network, begins_with_what_it_is_started_with) {
  kernel_options options;
  options.default_vps = 3;
  options.data_path = "folder";
  options.data_prefix = "mine_";
  options.first_generation = 7;
  const network net(options, built_in_models());
  EXPECT_EQ(net.n_vps(), 3u);
  EXPECT_EQ(net.settings.data_path, "folder");
  EXPECT_EQ(net.settings.data_prefix, "mine_");
  EXPECT_EQ(net.generation, 7u);
  EXPECT_EQ(net.nodes.size(), 0u);
  EXPECT_GE(net.models.find_node("iaf_psc_alpha"), 0);
  EXPECT_EQ(net.state, run_state::at_rest);
}

TEST(network, more_work_is_asked_for_and_never_less) {
  network net({}, built_in_models());
  EXPECT_EQ(net.due, shard_work::prepare) << "shards have to be prepared before the first run";
  net.due = shard_work::none;
  net.require(shard_work::build_and_prepare);
  net.require(shard_work::prepare);
  EXPECT_EQ(net.due, shard_work::build_and_prepare);
}

TEST(network, has_a_part_of_the_vps_where_there_are_several_ranks) {
  kernel_options options;
  options.default_vps = 6;
  options.rank = {1, 3};
  network net(options, built_in_models());
  EXPECT_EQ(net.n_vps_here(), 2u);
  EXPECT_EQ(net.settings.local_num_threads(), 2);
  EXPECT_TRUE(net.holds(4) && net.holds(7) && net.holds(10));
  EXPECT_FALSE(net.holds(6));
  net.built_here = true;
  net.require(shard_work::prepare);
  EXPECT_TRUE(net.built_here);
  net.require(shard_work::build_and_prepare);
  EXPECT_FALSE(net.built_here);
}

}  // namespace
}  // namespace volley::runtime
