// Groups of pairs; which of them are legal is in connect_test.
#include "runtime/kernel/pairs.hpp"

#include <gtest/gtest.h>

#include <array>

#include "runtime/base/error.hpp"
#include "runtime/devices/built_in_devices.hpp"
#include "runtime/kernel/devices.hpp"
#include "tests/runtime/kernel/small_network.hpp"

namespace volley::runtime::tests {
namespace {

using models::device_output;

struct pairs_of_a_network : testing::Test, small_network {
  using group = std::pair<node_set, node_set>;
  static std::vector<group> ends(const std::vector<pair_group>& groups) {
    std::vector<group> all;
    for (const auto& g : groups) all.emplace_back(g.sources, g.targets);
    return all;
  }
  std::vector<pair_group> of_rule(const char* name, node_set sources, node_set targets) const {
    return groups_of(net, parse_rule({{"rule", name}}, std::move(sources), std::move(targets), 1, 1));
  }
};

TEST_F(pairs_of_a_network, are_grouped_by_what_is_sent_and_to_whom) {
  const auto groups = of_rule("all_to_all", ids(3, 6), {1, {{1, 2, 1}, {7, 7, 1}}});
  ASSERT_EQ(groups.size(), 6u);
  std::vector<std::array<int, 3>> kinds;
  for (const auto& g : groups) {
    kinds.push_back({static_cast<int>(g.from), g.to_devices, g.has_currents()});
    EXPECT_EQ(g.targets, g.to_devices ? ids(7, 7) : ids(1, 2));
    EXPECT_EQ(g.sources, g.from == device_output::spikes ? ids(5, 5) : g.has_currents() ? ids(6, 6) : ids(3, 4));
    EXPECT_EQ(g.has_recorders(), g.to_devices);
  }
  const auto spikes = static_cast<int>(device_output::spikes), of_nodes = static_cast<int>(device_output::node_spikes),
             currents = static_cast<int>(device_output::currents);
  EXPECT_EQ(
      kinds,
      (std::vector<std::array<int, 3>>{
          {spikes, 0, 0}, {spikes, 1, 0}, {of_nodes, 0, 0}, {of_nodes, 1, 0}, {currents, 0, 1}, {currents, 1, 1}}));
}

TEST_F(pairs_of_a_network, one_to_one_keep_their_partners) {
  const auto groups = of_rule("one_to_one", ids(4, 5), ids(1, 2));
  EXPECT_EQ(ends(groups), (std::vector<group>{{ids(5, 5), ids(2, 2)}, {ids(4, 4), ids(1, 1)}}));
}

TEST_F(pairs_of_a_network, given_one_by_one_keep_their_partners) {
  id_pairs pairs;
  pairs.sources = {5, 1, 5};
  pairs.targets = {3, 4, 2};
  pairs.distinct_sources = set_of(net, pairs.sources);
  pairs.distinct_targets = set_of(net, pairs.targets);
  const auto groups = groups_of(net, pairs);
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].sources.size(), 1u);
  EXPECT_TRUE(groups[0].sources.contains(5));
  EXPECT_EQ(groups[0].targets.ranges, (std::vector<node_range>{{2, 3, 1}}));
  EXPECT_EQ(groups[1].targets.ranges, (std::vector<node_range>{{4, 4, 1}}));
}

TEST_F(pairs_of_a_network, a_recorder_sends_nothing) {
  EXPECT_THROW(of_rule("all_to_all", ids(7, 7), ids(1, 2)), api_error);
  EXPECT_EQ(of_rule("all_to_all", ids(8, 8), ids(1, 2))[0].from, device_output::requests) << "a meter asks";
}

TEST_F(pairs_of_a_network, ids_of_a_list_become_a_set) {
  EXPECT_EQ(set_of(net, {3, 1, 2, 3, 8}), (node_set{1, {{1, 3, 1}, {8, 8, 1}}}));
}

TEST_F(pairs_of_a_network, of_a_list_are_told_by_source_in_whatever_order_they_come) {
  const auto told = [&](std::vector<std::uint64_t> sources, std::vector<std::uint64_t> targets) {
    const auto pairs = pairs_of(net, std::move(sources), std::move(targets));
    EXPECT_EQ(pairs->distinct_sources.ranges, (std::vector<node_range>{{2, 4, 2}})) << "a stride";
    EXPECT_EQ(pairs->distinct_targets.ranges, (std::vector<node_range>{{1, 3, 1}}));
    EXPECT_EQ(pairs->reaches, (std::vector<source_reach>{{2, 2, 1, 2}, {4, 4, 2, 3}}));
    EXPECT_EQ(pairs->number, pairs->sources.size());
    return pairs->repeat;
  };
  EXPECT_FALSE(told({4, 2, 4, 2}, {3, 2, 2, 1}));
  EXPECT_TRUE(told({4, 2, 4, 2, 4}, {3, 2, 2, 1, 3}));
}

TEST_F(pairs_of_a_network, of_a_rank_are_known_with_those_of_all) {
  const auto pairs = pairs_of(net, {4, 2}, {3, 1}, listed({4, 2, 4, 6}, {3, 1, 2, 2}));
  EXPECT_EQ(pairs->targets, (std::vector<std::uint64_t>{3, 1}));
  EXPECT_EQ(pairs->distinct_sources.ranges, (std::vector<node_range>{{2, 6, 2}}));
  EXPECT_EQ(pairs->distinct_targets.ranges, (std::vector<node_range>{{1, 3, 1}}));
  EXPECT_EQ(pairs->number, 4u);
  EXPECT_EQ(pairs->reaches.size(), 3u);
}

TEST_F(pairs_of_a_network, receptors_are_tried_where_only_the_connections_show_them) {
  const auto pairs = of_rule("all_to_all", ids(1, 2), ids(3, 4))[0];
  const auto given = [](std::vector<double> each) -> connection_number {
    return std::make_shared<const std::vector<double>>(std::move(each));
  };
  EXPECT_FALSE(receptors_need_trial(net, pairs, 0.0));
  EXPECT_FALSE(receptors_need_trial(net, pairs, given({0, 0})));
  EXPECT_TRUE(receptors_need_trial(net, pairs, given({0, 1})));
}

TEST_F(pairs_of_a_network, a_meter_samples_a_node_once_and_what_it_has) {
  auto& meter = find_device(net, 8)->params.of<devices::multimeter>();
  tap t;
  t.recorder = recorder_ordinal(find_device(net, 8)->position);
  t.recorder_id = 8;
  t.samples = true;
  t.nodes = ids(1, 2);
  meter.record_from = {"V_m"};
  EXPECT_NO_THROW(check_sampled(net, t, {}));
  std::map<recorder_ordinal, id_intervals> this_call;
  this_call[t.recorder].add(ids(2, 2));
  EXPECT_THROW(check_sampled(net, t, this_call), api_error);
  net.devices.sampled[t.recorder].add(ids(1, 1));
  EXPECT_THROW(check_sampled(net, t, {}), api_error);
  t.nodes = ids(3, 4);
  EXPECT_NO_THROW(check_sampled(net, t, this_call));
  meter.record_from = {"g_ex"};
  EXPECT_THROW(check_sampled(net, t, {}), api_error);
}

}  // namespace
}  // namespace volley::runtime::tests
