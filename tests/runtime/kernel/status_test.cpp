// What the status tells of times and memory.
#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

const std::vector<std::string> times{
    "time_construction_create", "time_construction_connect", "time_simulate", "time_deliver_spike_data", "time_update",
    "time_gather_spike_data"};

double seconds(solo_kernel& k, const std::string& key) { return *k.status(key).get_if<double>(); }
std::int64_t bytes(solo_kernel& k, const std::string& key) { return *k.status(key).get_if<std::int64_t>(); }

/// Neurons that excite each other by chains of `connections` each; returns a recorder of all.
node_set build(solo_kernel& k, std::int64_t neurons, std::int64_t indegree) {
  const auto cells = k.create("iaf_psc_alpha", neurons, {{"I_e", 600.0}});
  const auto recorder = k.create("spike_recorder");
  k.connect(cells, cells, {{"rule", "fixed_indegree"}, {"indegree", indegree}}, {{"delay", 1.5}});
  k.connect(cells, recorder);
  return recorder;
}

TEST(kernel_status, every_phase_takes_time_and_more_of_it_with_the_next_run) {
  solo_kernel k(2);
  build(k, 100, 10);
  k.simulate(50.0);
  std::vector<double> before;
  for (const auto& key : times) {
    before.push_back(seconds(k, key));
    EXPECT_GT(before.back(), 0) << key;
    EXPECT_LT(before.back(), 60) << key;
  }
  k.simulate(50.0);
  for (std::size_t i = 2; i < times.size(); ++i) EXPECT_GT(seconds(k, times[i]), before[i]) << times[i];
}

TEST(kernel_status, phases_of_a_run_fit_into_it) {
  solo_kernel k;
  build(k, 100, 10);
  k.simulate(50.0);
  EXPECT_LE(seconds(k, "time_deliver_spike_data") + seconds(k, "time_update") + seconds(k, "time_gather_spike_data"),
            seconds(k, "time_simulate"));
}

TEST(kernel_status, the_building_that_connect_puts_off_counts_as_connecting) {
  solo_kernel k;
  build(k, 1000, 200);
  const auto asked = seconds(k, "time_construction_connect");
  k.simulate(0.1);
  EXPECT_GT(seconds(k, "time_construction_connect"), asked);
}

TEST(kernel_status, a_reset_sets_times_and_memory_back) {
  solo_kernel k(2);
  build(k, 100, 10);
  k.simulate(20.0);
  k.call(api::reset_kernel{});
  for (const auto& key : times) EXPECT_EQ(seconds(k, key), 0) << key;
  EXPECT_EQ(seconds(k, "time_exchange_wait"), 0);
  EXPECT_EQ(bytes(k, "memory_connections"), 0);
  EXPECT_LT(bytes(k, "memory_nodes"), 1000);
}

TEST(kernel_status, memory_grows_with_the_part_that_grows) {
  solo_kernel k(3);
  build(k, 1000, 10);
  const auto nodes = bytes(k, "memory_nodes"), few = bytes(k, "memory_connections"), events = bytes(k, "memory_events");
  EXPECT_GE(nodes, 1000 * 8);
  EXPECT_GE(few, 1000 * 10 * 2);
  k.connect({0, {{1, 1000, 1}}}, {0, {{1, 1000, 1}}}, {{"rule", "fixed_indegree"}, {"indegree", 90}}, {{"delay", 1.5}});
  EXPECT_GE(bytes(k, "memory_connections") - few, 1000 * 90 * 2);
  EXPECT_EQ(bytes(k, "memory_nodes"), nodes);
  k.simulate(20.0);
  EXPECT_GT(bytes(k, "memory_events"), events);
}

TEST(kernel_status, recorded_events_count_as_events) {
  solo_kernel k;
  const auto cells = k.create("iaf_psc_alpha", 100, {{"I_e", 1000.0}});
  const auto recorder = k.create("spike_recorder");
  k.connect(cells, recorder);
  k.simulate(100.0);
  const auto n = (*k.get(recorder, "n_events").get_if<std::vector<std::int64_t>>())[0];
  EXPECT_GE(n, 1000);
  const auto before = bytes(k, "memory_events");
  EXPECT_GE(before, n * 12);  // a stamp and a sender each
}

TEST(kernel_status, memory_is_that_of_all_vps) {
  std::int64_t connections = 0;
  for (const int vps : {1, 4}) {
    solo_kernel k(vps);
    build(k, 1000, 500);
    const auto mine = bytes(k, "memory_connections");
    if (vps == 4) {
      EXPECT_NEAR(static_cast<double>(mine), static_cast<double>(connections), 0.2 * static_cast<double>(connections));
    }
    connections = mine;
  }
}

TEST(kernel_status, cheap_keys_need_no_step_over_the_vps) {
  solo_kernel k;
  build(k, 10, 1);
  for (const char* key :
       {"biological_time", "time_simulate", "time_construction_create", "network_size", "memory_size"})
    EXPECT_TRUE(std::holds_alternative<api::answer>(k.get().call(api::get_kernel_status{{key}}))) << key;
  EXPECT_FALSE(std::holds_alternative<api::answer>(k.get().call(api::get_kernel_status{{"memory_nodes"}})));
}

}  // namespace
}  // namespace volley::runtime
