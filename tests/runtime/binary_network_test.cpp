// Networks of binary neurons: what their flips do to others, on any number of VPs.
#include <gtest/gtest.h>

#include <map>

#include "runtime/base/error.hpp"
#include "runtime/values/parameter.hpp"
#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

using reals = std::vector<double>;
using integers = std::vector<std::int64_t>;

const dictionary all_to_all{{"rule", "all_to_all"}};

class binary_neurons : public testing::TestWithParam<int> {
 protected:
  /// One that chooses in every step.
  node_set hasty(double theta, std::int64_t n = 1) {
    return k.create("mcculloch_pitts_neuron", n, {{"tau_m", 1e-6}, {"theta", theta}});
  }
  node_set train(reals times, integers multiplicities) {
    return k.create("spike_generator", 1,
                    {{"spike_times", std::move(times)}, {"spike_multiplicities", std::move(multiplicities)}});
  }
  void connect(const node_set& from, const node_set& to, double weight, const char* model = "static_synapse") {
    k.connect(from, to, all_to_all, {{"synapse_model", model}, {"weight", weight}});
  }
  reals h(const node_set& n) { return *k.get(n, "h").get_if<reals>(); }

  solo_kernel k{GetParam()};
};

INSTANTIATE_TEST_SUITE_P(vps, binary_neurons, testing::Values(1, 2, 3, 7));

TEST_P(binary_neurons, take_two_spikes_as_up_and_one_as_down) {
  const auto n = hasty(100, 3);
  connect(train({3.0, 5.0, 7.0, 7.0, 9.0}, {2, 1, 1, 1, 3}), n, 2.5);
  k.simulate(5.0);
  EXPECT_EQ(h(n), reals(3, 2.5));
  k.simulate(2.0);
  EXPECT_EQ(h(n), reals(3, 0.0));
  k.simulate(2.0);
  EXPECT_EQ(h(n), reals(3, 2.5)) << "two entries of one time are two spikes";
  k.simulate(5.0);
  EXPECT_EQ(h(n), reals(3, 2.5)) << "three say nothing";
}

TEST_P(binary_neurons, tell_each_other_and_recorders) {
  const auto a = hasty(1), b = hasty(1);
  connect(train({3.0, 6.0}, {2, 1}), a, 2.0);
  connect(a, b, 3.0);
  const auto states = k.create("spin_detector"), spikes = k.create("spike_recorder");
  k.connect({a.generation, {{a.ranges[0].first, b.ranges[0].first, 1}}}, states);
  k.connect(b, spikes);
  k.simulate(12.0);
  // A choice is in the step in which the input arrives; its spike has the stamp of that step's end.
  EXPECT_EQ(*k.events(states).find("times"), value(reals{4.0, 5.0, 7.0, 8.0}));
  EXPECT_EQ(*k.events(states).find("state"), value(integers{1, 1, 0, 0}));
  EXPECT_EQ(k.times(spikes), (reals{5.0, 5.0, 8.0}));
  EXPECT_EQ(*k.get(b, "S").get_if<booleans>(), booleans{{0}});
}

TEST_P(binary_neurons, connect_to_their_like_and_to_relays) {
  const auto binary = hasty(1), spiking = k.create("iaf_psc_alpha", 1), relay = k.create("parrot_neuron", 1);
  const auto is_refused = [&](const node_set& from, const node_set& to) {
    try {
      connect(from, to, 1.0);
    } catch (const api_error& e) {
      EXPECT_EQ(e.kind(), error_kind::IllegalConnection) << e.what();
      return true;
    }
    return false;
  };
  EXPECT_TRUE(is_refused(binary, spiking));
  EXPECT_TRUE(is_refused(spiking, binary));
  EXPECT_FALSE(is_refused(binary, relay));
  EXPECT_FALSE(is_refused(relay, binary));
  EXPECT_FALSE(is_refused(relay, spiking));
  EXPECT_FALSE(is_refused(k.create("spike_train_injector", 1), binary));
}

TEST_P(binary_neurons, take_injectors_whose_spikes_come_one_by_one) {
  const auto n = hasty(100);
  const auto g = k.create("spike_train_injector", 1, {{"spike_times", reals{3.0, 3.0, 6.0}}});
  connect(g, n, 2.0);
  connect(g, n, 0.5, "stdp_synapse");
  k.simulate(5.5);
  EXPECT_NEAR(h(n)[0], 2.5, 0.05) << "the plastic one changes with each spike";
  k.simulate(4.0);
  EXPECT_NEAR(h(n)[0], 0.0, 0.1);
}

TEST_P(binary_neurons, a_weight_set_in_flight_does_not_touch_the_flip) {
  const auto n = hasty(100);
  const auto g = train({2.0, 9.0}, {2, 1});
  k.connect(g, n, all_to_all, {{"weight", 1.0}, {"delay", 5.0}});
  k.simulate(4.0);
  k.call(api::set_connection_values{k.connections({g, n, "", {}}), dictionary{{"weight", 4.0}}});
  k.simulate(4.0);
  EXPECT_EQ(h(n), reals{1.0});
  k.simulate(10.0);
  EXPECT_EQ(h(n), reals{-3.0});
}

TEST_P(binary_neurons, have_one_event_a_flip_in_their_history) {
  const auto a = hasty(1), b = hasty(1);
  connect(train({3.0, 6.0}, {2, 1}), a, 2.0);
  connect(b, a, 0.0, "stdp_synapse");
  k.simulate(10.0);
  EXPECT_EQ(k.get(a, "archiver_length"), value(integers{2}));
  EXPECT_EQ(k.get(a, "t_spike"), value(reals{7.0}));
}

struct outcome_of_run {
  reals times, h;
  integers senders, states;
  bool operator==(const outcome_of_run&) const = default;
};

/// All three models, plastic and static connections, generators that count; a change and an image on the way.
outcome_of_run run_network(int vps, bool through_image = false) {
  solo_kernel k(vps);
  node_set all{0, {}};
  for (const char* model : {"erfc_neuron", "ginzburg_neuron", "mcculloch_pitts_neuron"}) {
    const auto some = k.create(model, 20, {{"tau_m", 3.0}, {"theta", 0.5}});
    all.generation = some.generation;
    if (all.ranges.empty())
      all.ranges = some.ranges;
    else
      all.ranges[0].last = some.ranges[0].last;
  }
  const auto weight = parameter::make({{operation::normal, {}, {0, 1}}});
  const auto delay = parameter::make({{operation::uniform, {}, {0.5, 2}}});
  k.connect(all, all, {{"rule", "fixed_indegree"}, {"indegree", 10}}, {{"weight", weight}, {"delay", delay}});
  k.connect(all, all, {{"rule", "fixed_indegree"}, {"indegree", 4}},
            {{"synapse_model", "stdp_synapse"}, {"weight", 0.4}, {"Wmax", 1.0}, {"delay", 0.7}});
  const auto noise = k.create("poisson_generator", 1, {{"rate", 500.0}});
  k.connect(noise, all, all_to_all, {{"weight", 0.05}});
  k.connect(k.create("noise_generator", 1, {{"std", 1.0}}), all);
  const auto d = k.create("spin_detector");
  k.connect(all, d);
  k.simulate(20.3);
  if (through_image) k.load(k.save());
  k.set(noise, {{"rate", 1500.0}});
  k.simulate(29.7);
  const auto e = k.events(d);
  return {*e.find("times")->get_if<reals>(), *k.get(all, "h").get_if<reals>(), *e.find("senders")->get_if<integers>(),
          *e.find("state")->get_if<integers>()};
}

TEST(networks_of_binary_neurons, are_the_same_on_any_layout_and_after_an_image) {
  const auto whole = run_network(1);
  EXPECT_GT(whole.times.size(), 150u);
  std::map<std::int64_t, std::int64_t> last;
  for (std::size_t i = 0; i < whole.senders.size(); ++i) {
    const auto [known, first] = last.emplace(whole.senders[i], 0);
    EXPECT_NE(whole.states[i], known->second) << "up and down take turns";
    known->second = whole.states[i];
  }
  for (const int vps : {1, 2, 3, 7}) {
    EXPECT_TRUE(run_network(vps) == whole) << vps;
    EXPECT_TRUE(run_network(vps, true) == whole) << vps;
  }
}

}  // namespace
}  // namespace volley::runtime
