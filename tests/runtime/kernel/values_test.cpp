// What get and GetNodes read, and what they leave alone.
#include <gtest/gtest.h>

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

}  // namespace
}  // namespace volley::runtime
