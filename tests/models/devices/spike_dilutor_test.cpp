#include "models/devices/spike_dilutor.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "runtime/base/snapshot.hpp"
#include "runtime/devices/built_in_devices.hpp"
#include "runtime/devices/detector.hpp"
#include "tests/models/devices/heard_trains.hpp"

namespace volley::runtime {
namespace {

using namespace tests;

constexpr const char* model = "spike_dilutor";

class dilutor : public testing::TestWithParam<int> {
 protected:
  static node_set train(solo_kernel& k, reals times) {
    return k.create("spike_generator", 1, {{"spike_times", std::move(times)}});
  }
};

INSTANTIATE_TEST_SUITE_P(vps, dilutor, testing::Values(1, 2, 3, 7));

TEST_P(dilutor, repeats_all_or_none_at_the_ends_when_spikes_arrive) {
  for (const double p : {1.0, 0.0}) {
    heard_trains t(GetParam(), model, {{"p_copy", p}}, 3, 2.5);
    t.k.connect(train(t.k, {1.0, 3.3, 10.0, 10.1, 29.0}), t.generator, {{"rule", "all_to_all"}}, {{"delay", 1.5}});
    t.k.simulate(30.0);
    const auto all = [p](reals times) { return p == 1 ? times : reals(); };
    for (const auto& heard : t.trains()) EXPECT_EQ(heard, all({5.0, 7.3, 14.0, 14.1}));
    EXPECT_EQ(t.k.times(t.direct), all({2.5, 4.8, 11.5, 11.6}));
  }
}

TEST_P(dilutor, repeats_each_spike_to_each_connection_by_chance) {
  heard_trains t(GetParam(), model, {{"p_copy", 0.3}}, 8);
  t.k.connect(t.generator, t.parrots);  // twice: draws of its own
  t.k.connect(t.k.create("poisson_generator", 1, {{"rate", 1000.0}}), t.generator);
  t.k.simulate(2000.0);
  const auto trains = t.trains();
  EXPECT_NEAR(static_cast<double>(count_of(trains)), 2 * 8 * 600, 5 * std::sqrt(16 * 600 * (1 + 15 * 0.3)));
  EXPECT_NEAR(static_cast<double>(t.k.times(t.direct).size()), 600, 5 * std::sqrt(600));
  EXPECT_NE(trains[0], trains[1]);
}

/// Neurons, generators and dilutors onto dilutors, with an image, and what parrots and recorders hear of it.
std::vector<reals> run_network(int vps, bool through_image = false) {
  solo_kernel k(vps);
  const dictionary all{{"rule", "all_to_all"}};
  const auto parrots = k.create("parrot_neuron", 5), d = k.create(model, 2, {{"p_copy", 0.6}});
  const auto last = k.create(model, 1, {{"p_copy", 0.5}, {"start", 10.0}, {"stop", 60.0}});
  const auto heard = k.create("parrot_neuron", 9), r = k.create("spike_recorder", 2);
  const auto recorder = [&](std::uint64_t i) {
    return node_set{0, {{r.ranges[0].first + i, r.ranges[0].first + i, 1}}};
  };
  const auto noise = k.create("poisson_generator", 1, {{"rate", 200.0}});
  k.connect(noise, parrots);
  k.connect(parrots, d, all, {{"delay", 0.7}});
  k.connect(noise, d, all, {{"delay", 1.3}});
  k.connect(d, last, all, {{"delay", 2.0}});
  for (const auto& from : {d, last}) k.connect(from, heard, {{"rule", "fixed_indegree"}, {"indegree", 3}});
  k.connect(heard, recorder(0));
  k.connect(last, recorder(1));
  k.simulate(50.3);
  if (through_image) k.load(k.save());
  k.set(d, {{"p_copy", 0.9}});
  k.simulate(50.7);
  return {k.times(recorder(0)), k.times(recorder(1))};
}

TEST(dilutors, are_the_same_on_any_layout_and_after_an_image) {
  const auto whole = run_network(1);
  ASSERT_GT(whole[0].size(), 100u);
  ASSERT_GT(whole[1].size(), 20u);
  EXPECT_GT(whole[1].front(), 10);
  EXPECT_LE(whole[1].back(), 60);
  EXPECT_EQ(run_network(1, true), whole);
  for (const int vps : {2, 3, 7}) EXPECT_EQ(run_network(vps, vps == 3), whole) << vps;
}

TEST_P(dilutor, is_a_stimulator_whose_connections_are_known) {
  solo_kernel k(GetParam());
  const auto g = train(k, {1.0}), d = k.create(model), p = k.create("parrot_neuron", 4), r = k.create("spike_recorder");
  k.connect(g, d);
  k.connect(d, p);
  k.connect(d, r);
  EXPECT_EQ(k.connections({d, {}, "", {}}).size(), 5u);
  EXPECT_EQ(k.connections({{}, d, "", {}}).size(), 1u);
  EXPECT_EQ(k.weights(k.connections()).size(), 6u);
  EXPECT_EQ(k.get(d, "element_type"), value(std::vector<value>{std::string("stimulator")}));
  const auto refused = [&](auto&& call) { EXPECT_THROW(call(), api_error); };
  const dictionary all{{"rule", "all_to_all"}};
  refused([&] { k.connect(g, d, all, {{"receptor_type", std::int64_t{1}}}); });
  refused([&] { k.connect(d, p, all, {{"synapse_model", "stdp_synapse"}}); });
  for (const double x : {-0.1, 1.1, std::numeric_limits<double>::infinity()})
    refused([&] { k.set(d, {{"p_copy", x}}); });
}

TEST(dilutors, keep_spikes_to_come_in_their_images) {
  detector d(parameters_of<devices::spike_dilutor>(), {});
  d.make_room();
  d.hear({3, 0, 2, 1, 10});
  d.hear({5, 0, 1, 1, 4});
  d.hear({4, 0, 1, 1, 9});
  const auto back = object_of<detector>(bytes_of(d));
  EXPECT_EQ(back.repeated(13), 3u);
  EXPECT_EQ(back.repeated(9), 1u);
  EXPECT_EQ(back.repeated(10), 0u);
  d.forget(9);
  EXPECT_EQ(d.repeated(9), 0u);
  EXPECT_EQ(d.repeated(13), 3u);
}

}  // namespace
}  // namespace volley::runtime
