// Spikes between two steps: where they come from, whom they reach at which time, on any number of VPs.
#include <gtest/gtest.h>

#include <cmath>

#include "runtime/values/parameter.hpp"
#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

using reals = std::vector<double>;
using integers = std::vector<std::int64_t>;

const dictionary all_to_all{{"rule", "all_to_all"}};

class precise_spikes : public testing::TestWithParam<int> {
 protected:
  node_set train(const char* model, reals times, dictionary more = {}) {
    more["spike_times"] = std::move(times);
    more["precise_times"] = true;
    return k.create(model, 1, std::move(more));
  }
  void connect(const node_set& from, const node_set& to, double weight, double delay,
               const char* model = "static_synapse") {
    k.connect(from, to, all_to_all, {{"synapse_model", model}, {"weight", weight}, {"delay", delay}});
  }
  node_set hear(const node_set& n) {
    const auto r = k.create("spike_recorder");
    k.connect(n, r);
    return r;
  }
  void expect_times(const node_set& recorder, const reals& expected) {
    const auto times = k.times(recorder);
    ASSERT_EQ(times.size(), expected.size());
    for (std::size_t i = 0; i < times.size(); ++i) EXPECT_NEAR(times[i], expected[i], 1e-12);
  }
  double V_m(const node_set& n) { return (*k.get(n, "V_m").get_if<reals>())[0]; }

  solo_kernel k{GetParam()};
};

INSTANTIATE_TEST_SUITE_P(vps, precise_spikes, testing::Values(1, 2, 3, 7));

TEST_P(precise_spikes, keep_their_times_from_relay_to_relay) {
  for (const char* source : {"spike_generator", "spike_train_injector"}) {
    const auto g = train(source, {1.0311, 3.3, 3.4052, 3.4111, 8.0001});
    const auto first = k.create("parrot_neuron_ps"), second = k.create("parrot_neuron_ps");
    const auto of_first = hear(first), of_second = hear(second);
    connect(g, first, 3.7, 1.0);
    connect(first, second, -2.0, 2.5);
    k.simulate(15.0);
    expect_times(of_first, {2.0311, 4.3, 4.4052, 4.4111, 9.0001});
    expect_times(of_second, {4.5311, 6.8, 6.9052, 6.9111, 11.5001});
    k.call(api::reset_kernel{});
  }
}

TEST_P(precise_spikes, are_at_the_end_of_their_step_for_nodes_of_the_grid) {
  const auto g = train("spike_generator", {1.0311, 1.0822, 3.3});
  const auto relay = k.create("parrot_neuron"), other = k.create("parrot_neuron_ps");
  const auto of_relay = hear(relay), of_other = hear(other);
  connect(g, relay, 1.0, 1.0);
  connect(relay, other, 1.0, 1.0);
  k.simulate(10.0);
  expect_times(of_relay, {2.1, 2.1, 4.3});
  expect_times(of_other, {3.1, 3.1, 5.3});
}

TEST_P(precise_spikes, are_told_by_steps_and_offsets) {
  const auto relay = k.create("parrot_neuron_ps");
  const auto r = k.create("spike_recorder", 1, {{"time_in_steps", true}});
  k.connect(relay, r);
  connect(train("spike_generator", {1.03, 3.3}), relay, 1.0, 1.0);
  k.simulate(10.0);
  const auto events = k.events(r);
  EXPECT_EQ(*events.find("times"), value(integers{21, 43}));
  const auto& offsets = *events.find("offsets")->get_if<reals>();
  EXPECT_NEAR(offsets[0], 0.07, 1e-12);
  EXPECT_EQ(offsets[1], 0);
}

TEST_P(precise_spikes, go_through_every_kind_of_synapse) {
  const auto relay = k.create("parrot_neuron_ps");
  connect(train("spike_generator", {1.03, 1.07}), relay, 1.0, 1.0);
  std::vector<node_set> recorders;
  for (const char* model : {"static_synapse", "stdp_synapse", "tsodyks2_synapse", "bernoulli_synapse"}) {
    const auto n = k.create("parrot_neuron_ps");
    recorders.push_back(hear(n));
    connect(relay, n, 1.0, 1.0, model);
  }
  k.simulate(20.0);
  for (const auto& r : recorders) expect_times(r, {3.03, 3.07});
}

/// The weights of plastic connections from a relay to others, which all send at these times.
reals weights_between(solo_kernel& k, const char* relay, const std::vector<const char*>& others, const reals& pre,
                      const reals& post) {
  const auto generator = [&](const reals& times) {
    return k.create("spike_generator", 1, {{"spike_times", times}, {"precise_times", true}});
  };
  const auto source = k.create(relay), of_others = generator(post);
  k.connect(generator(pre), source);
  for (const char* other : others) {
    const auto target = k.create(other);
    k.connect(of_others, target);
    k.connect(source, target, all_to_all, {{"synapse_model", "stdp_synapse"}, {"receptor_type", 1}, {"weight", 50.0}});
  }
  k.simulate(40);
  return k.weights(k.connections({source, {}, "stdp_synapse", {}}));
}
double weight_between(solo_kernel& k, const char* relay, const reals& pre, const reals& post) {
  return weights_between(k, relay, {relay}, pre, post)[0];
}

TEST_P(precise_spikes, change_weights_by_their_times) {
  // Relays send a millisecond later than generators, and spikes of the target reach the synapse after another.
  const double pre = 5.03, post = 7.0411, later = 12.0622, delay = 1;
  const double Kplus = std::exp(-(post + delay - pre) / 20), K_minus = std::exp(-(later - delay - post) / 20);
  const double w = 0.5 + 0.01 * 0.5 * Kplus;
  EXPECT_NEAR(weight_between(k, "parrot_neuron_ps", {pre, later}, {post}), 100 * (w - 0.01 * w * K_minus), 1e-12);
}

TEST_P(precise_spikes, change_weights_as_those_of_the_grid_where_they_come_together) {
  for (const double shift : {10.0, -10.0}) {
    const auto weight_with = [&](double apart, const char* relay) {
      k.call(api::reset_kernel{});
      reals pre, post;
      for (const double at : {15.0, 30.0})
        for (int i = 3; i >= 0; --i) pre.push_back(at - i * apart);
      for (const double at : pre) post.push_back(at + shift);
      return weight_between(k, relay, pre, post);
    };
    const double together = weight_with(0, "parrot_neuron");
    double last = 1;
    for (const double apart : {0.02, 0.01, 0.005, 0.0025}) {
      const double error = std::abs(weight_with(apart, "parrot_neuron_ps") - together);
      EXPECT_LT(error, 0.7 * last);
      EXPECT_GT(error, 0);
      last = error;
    }
    EXPECT_EQ(weight_with(0, "parrot_neuron_ps"), together);
  }
}

TEST_P(precise_spikes, change_each_weight_by_what_its_target_knows_of_times) {
  const auto weights_with = [&](const std::vector<const char*>& others) {
    k.call(api::reset_kernel{});
    return weights_between(k, "parrot_neuron_ps", others, {5.03, 12.0622, 14.01}, {7.0411, 13.02});
  };
  const double precise = weights_with({"parrot_neuron_ps"})[0], on_grid = weights_with({"parrot_neuron"})[0];
  EXPECT_NE(precise, on_grid);
  EXPECT_EQ(weights_with({"parrot_neuron_ps", "parrot_neuron"}), (reals{precise, on_grid}));
}

TEST_P(precise_spikes, are_not_touched_by_what_changes_while_they_are_in_flight) {
  const auto n = k.create("iaf_psc_delta_ps", 1);
  const auto g = train("spike_train_injector", {2.04});
  connect(g, n, 3.0, 5.0);
  connect(g, k.create("parrot_neuron_ps"), 1.0, 1.0);  // so that batches are delivered every millisecond
  k.simulate(4.0);
  k.call(api::set_connection_values{k.connections({g, n, "", {}}), dictionary{{"weight", 9.0}}});
  k.simulate(3.1);
  EXPECT_NEAR(V_m(n), -70 + 3 * std::exp(-0.006), 1e-12);
}

TEST_P(precise_spikes, of_an_interval_of_a_million_steps_come_in_moderate_time) {
  k.set_status({{"tics_per_ms", std::int64_t{1} << 20}, {"resolution", 0x1p-20}});
  const auto r = hear(k.create("poisson_generator_ps", 1, {{"rate", 16384.0}}));
  k.simulate(1.0);
  EXPECT_NEAR(static_cast<double>(k.times(r).size()), 16, 5 * 4);
}

TEST_P(precise_spikes, are_known_to_the_kernel) {
  EXPECT_EQ(k.status("off_grid_spiking"), value(false));
  k.create("iaf_psc_alpha");
  k.create("spike_generator");
  EXPECT_EQ(k.status("off_grid_spiking"), value(false));
  k.create("parrot_neuron_ps");
  EXPECT_EQ(k.status("off_grid_spiking"), value(true));
}

TEST_P(precise_spikes, have_their_times_in_the_archive) {
  const auto n = k.create("iaf_psc_delta_ps", 1);
  connect(train("spike_generator", {2.04}), n, 20.0, 1.0);
  k.simulate(5.0);
  EXPECT_NEAR((*k.get(n, "t_spike").get_if<reals>())[0], 3.04, 1e-12);
}

struct outcome_of_run {
  reals times, V_m, weights;
  integers senders;
  bool operator==(const outcome_of_run&) const = default;
};

/// All models that keep times and some of the grid, connections of all kinds, generators; changes and an image on the
/// way.
outcome_of_run run_network(int vps, bool through_image = false) {
  solo_kernel k(vps);
  node_set all{0, {}};
  const auto add = [&](const node_set& some) {
    all.generation = some.generation;
    if (all.ranges.empty()) all.ranges = some.ranges;
    all.ranges[0].last = some.ranges[0].last;
  };
  for (const char* model : {"iaf_psc_alpha_ps", "iaf_psc_exp_ps", "iaf_psc_exp_ps_lossless", "iaf_psc_exp"})
    add(k.create(model, 15, {{"I_e", 350.0}}));
  const auto excited = all;
  add(k.create("parrot_neuron_ps", 10));
  const auto weight = parameter::make({{operation::normal, {}, {0, 300}}});
  const auto delay = parameter::make({{operation::uniform, {}, {1.0, 2}}});
  const dictionary few{{"rule", "fixed_indegree"}, {"indegree", 5}};
  k.connect(all, excited, few, {{"weight", weight}, {"delay", delay}});
  k.connect(all, excited, few, {{"synapse_model", "stdp_synapse"}, {"weight", 100.0}, {"Wmax", 200.0}, {"delay", 1.7}});
  k.connect(all, excited, few, {{"synapse_model", "tsodyks2_synapse"}, {"weight", 200.0}, {"delay", 1.0}});
  k.connect(all, excited, few, {{"synapse_model", "bernoulli_synapse"}, {"weight", 50.0}, {"p_transmit", 0.5}});
  for (const char* model : {"stdp_pl_synapse_hom", "jonke_synapse", "vogels_sprekeler_synapse", "quantal_stp_synapse"})
    k.connect(all, excited, few, {{"synapse_model", model}, {"weight", 0.5}, {"delay", 1.2}});
  const auto noise = k.create("poisson_generator_ps", 1, {{"rate", 800.0}});
  k.connect(noise, all, all_to_all, {{"weight", 200.0}});
  k.connect(k.create("poisson_generator", 1, {{"rate", 300.0}}), all, all_to_all, {{"weight", -200.0}});
  const auto r = k.create("spike_recorder");
  k.connect(all, r);
  k.connect(noise, r);
  k.simulate(20.3);
  if (through_image) k.load(k.save());
  k.set(noise, {{"rate", 1500.0}});
  k.simulate(29.7);
  return {k.times(r), *k.get(excited, "V_m").get_if<reals>(), k.weights(k.connections()), k.senders(r)};
}

TEST(networks_with_precise_spikes, are_the_same_on_any_layout_and_after_an_image) {
  const auto whole = run_network(1);
  EXPECT_GT(whole.times.size(), 800u);
  for (const int vps : {1, 2, 3, 7}) {
    EXPECT_TRUE(run_network(vps) == whole) << vps;
    EXPECT_TRUE(run_network(vps, true) == whole) << vps;
  }
}

}  // namespace
}  // namespace volley::runtime
