// What get and GetNodes read, and what they leave alone.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

using ranges = std::vector<node_range>;

/// How often a call had work for a shard.
int shard_steps(solo_kernel& k, const std::function<void()>& call) {
  int steps = 0;
  k.around_shard_work = [&](bool begins) { steps += begins; };
  call();
  k.around_shard_work = [](bool) {};
  return steps;
}

node_set nodes_with(solo_kernel& k, dictionary properties) {
  return std::get<node_set>(k.call(api::match_nodes{std::move(properties)}));
}

dictionary all_of(solo_kernel& k, const node_set& nodes) {
  return *std::get<value>(k.call(api::get_node_values{nodes, {}})).get_if<dictionary>();
}

TEST(kernel_values, all_nodes_are_found_without_a_look_at_their_values) {
  solo_kernel k(2);
  k.create("iaf_psc_alpha", 5);
  k.create("spike_recorder");
  node_set found;
  EXPECT_EQ(shard_steps(k, [&] { found = nodes_with(k, {}); }), 0);
  EXPECT_EQ(found.ranges, (ranges{{1, 6, 1}}));
}

TEST(kernel_values, what_the_kernel_knows_is_not_asked_of_shards) {
  solo_kernel k(2);
  k.create("iaf_psc_alpha", 3);
  k.create("poisson_generator");
  const node_set all{0, {{1, 4, 1}}};
  EXPECT_EQ(shard_steps(k,
                        [&] {
                          EXPECT_EQ(k.get(all, "global_id"), value(std::vector<std::int64_t>{1, 2, 3, 4}));
                        }),
            0);
  EXPECT_GT(shard_steps(k, [&] { k.get(all, "V_m"); }), 0);
}

TEST(kernel_values, nodes_are_found_by_values_of_kernel_device_and_neuron) {
  solo_kernel k(2);
  const auto neurons = k.create("iaf_psc_alpha", 4);
  k.create("poisson_generator", 2, {{"rate", std::vector<double>{5.0, 7.0}}});
  k.set(neurons, {{"V_m", std::vector<double>{-60.0, -61.0, -60.0, -60.0}}});
  EXPECT_EQ(nodes_with(k, {{"V_m", -60.0}}).ranges, (ranges{{1, 1, 1}, {3, 4, 1}}));
  EXPECT_EQ(nodes_with(k, {{"V_m", -60.0}, {"vp", 1}}).ranges, (ranges{{1, 1, 1}, {3, 3, 1}}));
  EXPECT_EQ(nodes_with(k, {{"rate", 7.0}}).ranges, (ranges{{6, 6, 1}}));
  EXPECT_EQ(nodes_with(k, {{"model", "poisson_generator"}}).ranges, (ranges{{5, 6, 1}}));
}

TEST(kernel_values, a_value_of_another_type_does_not_match) {
  solo_kernel k;
  k.create("poisson_generator", 1, {{"rate", 5.0}});
  EXPECT_TRUE(nodes_with(k, {{"rate", 5}}).empty());
}

TEST(kernel_values, no_node_matches_a_key_that_none_has) {
  solo_kernel k;
  k.create("iaf_psc_alpha", 2);
  EXPECT_TRUE(nodes_with(k, {{"g_ex", 1.0}}).empty());
  EXPECT_TRUE(nodes_with(k, {{"g_ex", 1.0}, {"V_m", -70.0}}).empty());
}

TEST(kernel_values, all_keys_are_the_keys_that_can_be_asked_one_by_one) {
  solo_kernel k;
  for (const char* model :
       {"iaf_psc_alpha", "parrot_neuron", "dc_generator", "spike_generator", "multimeter", "weight_recorder"}) {
    const auto node = k.create(model);
    const auto all = all_of(k, node);
    for (const auto& [key, v] : all) EXPECT_EQ(k.get(node, key), v) << model << " " << key;
    EXPECT_TRUE(all.contains("global_id") && all.contains("frozen")) << model;
  }
}

TEST(kernel_values, a_node_without_a_key_leaves_a_gap) {
  solo_kernel k;
  k.create("iaf_psc_alpha");
  k.create("poisson_generator", 1, {{"rate", 3.0}});
  const node_set both{0, {{1, 2, 1}}};
  EXPECT_EQ(k.get(both, "rate"), value(std::vector<value>{{}, 3.0}));
  EXPECT_EQ(k.get(both, "V_m"), value(std::vector<value>{-70.0, {}}));
  try {
    k.get(both, "g_ex");
    ADD_FAILURE() << "a key that no node has was answered";
  } catch (const api_error& e) {
    EXPECT_EQ(e.kind(), error_kind::KeyErrorBuiltin);
  }
}

TEST(kernel_values, nothing_to_record_is_no_key) {
  solo_kernel k;
  EXPECT_FALSE(all_of(k, k.create("parrot_neuron")).contains("recordables"));
  EXPECT_TRUE(all_of(k, k.create("iaf_psc_alpha")).contains("recordables"));
  EXPECT_TRUE(all_of(k, k.create("dc_generator")).contains("recordables"));
}

// ---- events in parts

/// The events of one recorder: times, senders and V_m, if it has that.
struct read_events {
  std::vector<double> times, values;
  std::vector<std::int64_t> senders;
  bool operator==(const read_events&) const = default;
};

read_events events_of(solo_kernel& k, const node_set& recorder, api::event_part part = {}) {
  const auto values = std::get<value>(k.call(api::get_node_values{recorder, {"events"}, part}));
  const auto& events =
      *values.get_if<dictionary>()->find("events")->get_if<std::vector<value>>()->front().get_if<dictionary>();
  read_events read{*events.find("times")->get_if<std::vector<double>>(), {}, {}};
  if (const auto* v = events.find("V_m")) read.values = *v->get_if<std::vector<double>>();
  read.senders = *events.find("senders")->get_if<std::vector<std::int64_t>>();
  return read;
}

TEST(kernel_values, events_read_in_parts_are_all_the_events) {
  for (const std::int64_t vps : {1, 2, 3}) {
    solo_kernel k(vps);
    const auto cells = k.create("iaf_psc_alpha", 7, {{"I_e", 500.0}});
    const auto train = k.create("spike_generator", 1, {{"spike_times", std::vector<double>{1.0, 2.5, 7.0, 7.1, 40.0}}});
    const auto recorder = k.create("spike_recorder");
    const auto meter = k.create("multimeter", 1, {{"record_from", std::vector<std::string>{"V_m"}}});
    k.connect(cells, recorder);
    k.connect(train, recorder);
    k.connect(meter, cells);
    k.simulate(60.0);
    for (const auto& from : {recorder, meter}) {
      const auto whole = events_of(k, from);
      ASSERT_GT(whole.times.size(), 20u);
      for (const std::uint64_t most : {1, 3, 10, 10000}) {
        read_events put_together;
        for (;;) {
          const double after_ms = put_together.times.empty() ? -1.0 : put_together.times.back();
          const auto part = events_of(k, from, {after_ms, most});
          if (part.times.empty()) break;
          put_together.times.insert(put_together.times.end(), part.times.begin(), part.times.end());
          put_together.values.insert(put_together.values.end(), part.values.begin(), part.values.end());
          put_together.senders.insert(put_together.senders.end(), part.senders.begin(), part.senders.end());
        }
        EXPECT_EQ(put_together, whole) << vps << " " << most;
      }
    }
  }
}

TEST(kernel_values, there_are_no_events_after_times_that_nothing_reaches) {
  solo_kernel k(1);
  const auto recorder = k.create("spike_recorder");
  k.connect(k.create("iaf_psc_alpha", 1, {{"I_e", 500.0}}), recorder);
  k.simulate(60.0);
  EXPECT_FALSE(events_of(k, recorder, {-1e300}).times.empty());
  for (const double late : {60.0, 1e300, std::numeric_limits<double>::infinity()})
    EXPECT_TRUE(events_of(k, recorder, {late}).times.empty());
  EXPECT_THROW(events_of(k, recorder, {std::nan("")}), api_error);
}

}  // namespace
}  // namespace volley::runtime
