#include "runtime/connections/target_index.hpp"

#include <gtest/gtest.h>

#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

const node_set nodes{0, {{1, 60, 1}}};

node_set one(std::uint64_t id) { return {0, {{id, id, 1}}}; }

TEST(target_index, finds_the_inputs_of_each_node) {
  for (const int vps : {1, 3}) {
    solo_kernel k(vps);
    k.create("iaf_psc_alpha", 30);
    k.create("iaf_psc_exp", 30);
    const auto generator = k.create("dc_generator");
    const dictionary rule{{"rule", "fixed_indegree"}, {"indegree", 5}};
    const auto connect = [&] { k.connect(nodes, nodes, rule); };
    connect();
    k.connect(generator, nodes);
    // What is asked for later comes from the index; what is connected then is found too.
    for (int round = 0; round < 3; ++round) {
      const auto all = k.connections();
      for (int again = 0; again < 2; ++again)
        for (std::uint64_t id = 1; id <= 60; ++id) {
          auto expected = all;
          for (auto* column : {&expected.sources, &expected.targets, &expected.models, &expected.ports})
            column->clear();
          for (std::size_t i = 0; i < all.size(); ++i) {
            if (all.targets[i] != static_cast<std::int64_t>(id)) continue;
            expected.sources.push_back(all.sources[i]);
            expected.targets.push_back(all.targets[i]);
            expected.models.push_back(all.models[i]);
            expected.ports.push_back(all.ports[i]);
          }
          ASSERT_EQ(k.connections({{}, one(id), "", {}}), expected) << "node " << id << ", " << vps << " VPs";
        }
      connect();
      k.call(api::disconnect_connections{k.connections({nodes, one(7), "", {}})});
    }
  }
}

TEST(target_index, finds_the_inputs_of_many_nodes) {
  solo_kernel k;
  k.create("parrot_neuron", 70'000);  // more slots than 16 bits can number
  k.connect(one(5), {0, {{60'000, 69'999, 1}}});
  k.connect(one(3), one(69'000));
  for (int question = 0; question < 40; ++question)
    ASSERT_EQ(k.connections({{}, one(69'000), "", {}}).sources, (std::vector<std::int64_t>{3, 5})) << question;
}

TEST(target_index, is_there_for_those_who_ask_often) {
  solo_kernel k;
  k.create("iaf_psc_alpha", 60);
  k.connect(nodes, nodes, {{"rule", "fixed_indegree"}, {"indegree", 50}});
  k.connections();
  const auto bytes = [&] { return k.shard_at(0).bytes().connections; };
  const auto before = bytes();
  for (std::uint64_t id = 1; id <= 3; ++id) k.connections({{}, one(id), "", {}});
  for (std::uint64_t id = 1; id <= 60; ++id) k.connections({one(id), one(id), "", {}});
  EXPECT_EQ(bytes(), before);
  for (std::uint64_t id = 1; id <= 40; ++id) k.connections({{}, one(id), "", {}});
  const auto indexed = bytes();
  EXPECT_GT(indexed, before);
  k.connect(one(1), one(2));
  k.connections();
  EXPECT_LT(bytes(), before + (indexed - before) / 2);
}

}  // namespace
}  // namespace volley::runtime
