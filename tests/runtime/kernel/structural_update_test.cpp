// Structural plasticity on whole networks: how synaptic elements grow, which connections come and go, when, and that
// all of it is the same on any number of VPs.
#include "runtime/kernel/structural_update.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "runtime/base/error.hpp"
#include "runtime/values/parameter.hpp"
#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

using columns = api::connection_columns;

dictionary elements(double z, double growth_rate = 0) {
  return {{"z", z}, {"growth_rate", growth_rate}, {"tau_vacant", 0.001}};
}

/// A kernel whose structural plasticity is on, with a synapse from elements "pre" to elements "post".
struct plastic_kernel {
  explicit plastic_kernel(int vps = 1, double interval_ms = 10, dictionary synapse = {}) : k(vps) {
    k.set_status({{"structural_plasticity_threads", true},
                  {"structural_plasticity_rules", true},
                  {"structural_plasticity_update_interval", interval_ms}});
    k.set_status({{"structural_plasticity", true}});
    table(std::move(synapse));
  }
  void table(dictionary synapse = {}) {
    synapse["pre_synaptic_element"] = "pre";
    synapse["post_synaptic_element"] = "post";
    k.set_status({{"structural_plasticity_synapses", value(dictionary{{"grown", value(std::move(synapse))}})}});
  }
  node_set create(std::int64_t n, const std::optional<dictionary>& pre, const std::optional<dictionary>& post,
                  const std::string& model = "parrot_neuron") {
    dictionary both;
    if (pre) both["pre"] = *pre;
    if (post) both["post"] = *post;
    return k.create(model, n, {{"synaptic_elements", value(std::move(both))}});
  }
  /// One field of one element, by node.
  std::vector<double> of(const node_set& nodes, const char* element, const char* key) {
    const auto all = k.get(nodes, "synaptic_elements");
    std::vector<double> numbers;
    for (const auto& one : *all.get_if<std::vector<value>>())
      numbers.push_back(*number_of(*one.get_if<dictionary>()->find(element)->get_if<dictionary>()->find(key)));
    return numbers;
  }
  void set(const node_set& nodes, const char* element, dictionary values) {
    k.set(nodes, {{"synaptic_elements_param", value(dictionary{{element, value(std::move(values))}})}});
  }
  /// Connections from or to each node of a set.
  std::vector<double> degrees(const std::vector<std::int64_t> columns::*ends, const node_set& nodes) {
    const auto all = k.connections();
    std::vector<double> n(nodes.size());
    for (std::uint64_t i = 0; i < nodes.size(); ++i)
      n[i] = static_cast<double>(std::ranges::count(all.*ends, static_cast<std::int64_t>(nodes[i])));
    return n;
  }
  std::size_t size() { return k.connections().size(); }

  solo_kernel k;
};

// ---- growth

TEST(structural_plasticity, elements_grow_while_the_network_runs) {
  solo_kernel k;
  const auto n = k.create("parrot_neuron", 1,
                          {{"synaptic_elements", value(dictionary{{"a", value(dictionary{{"growth_rate", 0.25}})}})}});
  const auto z = [&] {
    const auto all = k.get(n, "synaptic_elements");
    return *(*all.get_if<std::vector<value>>())[0].get_if<dictionary>()->find("a")->get_if<dictionary>()->find("z");
  };
  EXPECT_EQ(z(), value(0.0));
  k.simulate(8);
  EXPECT_NEAR(*number_of(z()), 2.0, 1e-12) << "without a spike there is no calcium";
  k.simulate(4);
  EXPECT_NEAR(*number_of(z()), 3.0, 1e-12);
}

TEST(structural_plasticity, calcium_of_spikes_changes_the_growth) {
  solo_kernel k;
  const auto train = k.create("spike_generator", 1, {{"spike_times", std::vector<double>{1, 3}}});
  const auto n =
      k.create("parrot_neuron", 1,
               {{"beta_Ca", 0.5},
                {"tau_Ca", 20.0},
                {"synaptic_elements", value(dictionary{{"a", value(dictionary{{"z", 5.0}, {"eps", 0.5}})}})}});
  k.connect(train, n);
  k.simulate(10);
  // Spikes at 2 and 4; dz/dt = 1 - Ca / eps.
  const double after = 0.5 * std::exp(-2.0 / 20) + 0.5;
  const double area = 20 * (0.5 * (1 - std::exp(-2.0 / 20)) + after * (1 - std::exp(-6.0 / 20)));
  const auto all = k.get(n, "synaptic_elements");
  EXPECT_NEAR(
      *number_of(
          *(*all.get_if<std::vector<value>>())[0].get_if<dictionary>()->find("a")->get_if<dictionary>()->find("z")),
      5 + 10 - area / 0.5, 1e-9);
}

TEST(structural_plasticity, elements_begin_when_they_are_made) {
  solo_kernel k;
  const dictionary grows{{"synaptic_elements", value(dictionary{{"a", value(dictionary{{"growth_rate", 0.25}})}})}};
  const auto later = k.create("parrot_neuron");
  k.simulate(4);
  k.set(later, grows);
  const auto latest = k.create("parrot_neuron", 1, grows);
  k.simulate(4);
  for (const auto& n : {later, latest}) {
    const auto all = k.get(n, "synaptic_elements");
    EXPECT_NEAR(
        *number_of(
            *(*all.get_if<std::vector<value>>())[0].get_if<dictionary>()->find("a")->get_if<dictionary>()->find("z")),
        1.0, 1e-12);
  }
}

// ---- connections come

TEST(structural_plasticity, vacant_elements_are_paired_at_once) {
  plastic_kernel p;
  const auto n = p.create(2, elements(10), elements(10));
  p.k.simulate(10);
  EXPECT_EQ(p.size(), 20u);
  for (const char* element : {"pre", "post"}) {
    EXPECT_EQ(p.of(n, element, "z_connected"), (std::vector<double>{10, 10}));
    EXPECT_EQ(p.of(n, element, "z_vacant"), (std::vector<double>{0, 0}));
  }
  EXPECT_EQ(p.degrees(&columns::sources, n), (std::vector<double>{10, 10}));
}

TEST(structural_plasticity, connections_are_those_of_the_table) {
  plastic_kernel p(1, 10, {{"weight", 3.5}, {"synapse_model", "stdp_synapse"}});
  p.create(1, elements(2.5), std::nullopt);
  p.create(1, std::nullopt, elements(2.5));
  p.k.simulate(1);
  const auto all = p.k.connections({{}, {}, "stdp_synapse", {}});
  EXPECT_EQ(all.sources, (std::vector<std::int64_t>{1, 1}));
  EXPECT_EQ(all.targets, (std::vector<std::int64_t>{2, 2}));
  EXPECT_EQ(p.k.weights(all), (std::vector<double>{3.5, 3.5}));
  EXPECT_EQ(p.k.status("num_connections"), value(2));
}

TEST(structural_plasticity, autapses_and_multapses_can_be_forbidden) {
  for (const int vps : {1, 3}) {
    plastic_kernel p(vps, 1, {{"allow_autapses", false}, {"allow_multapses", false}});
    const auto n = p.create(3, elements(5.5), elements(5.5));
    p.k.simulate(40);
    const auto all = p.k.connections();
    std::set<std::pair<std::int64_t, std::int64_t>> pairs;
    for (std::size_t i = 0; i < all.size(); ++i) {
      EXPECT_NE(all.sources[i], all.targets[i]);
      EXPECT_TRUE(pairs.emplace(all.sources[i], all.targets[i]).second);
    }
    EXPECT_EQ(pairs.size(), 6u) << "in the end, all that are allowed";
    EXPECT_EQ(p.of(n, "pre", "z_connected"), (std::vector<double>{2, 2, 2}));
  }
}

TEST(structural_plasticity, what_stays_vacant_decays) {
  plastic_kernel p;
  const auto n = p.create(1, dictionary{{"z", 10.5}, {"growth_rate", 0.0}, {"tau_vacant", 0.1}}, std::nullopt);
  p.k.simulate(5);
  EXPECT_EQ(p.of(n, "pre", "z"), std::vector<double>{9.5}) << "one update, at 0";
  p.k.simulate(5);
  EXPECT_EQ(p.of(n, "pre", "z"), std::vector<double>{9.5}) << "the one at the end belongs to the next run";
  p.k.simulate(1);
  EXPECT_NEAR(p.of(n, "pre", "z")[0], 8.6, 1e-12);
}

TEST(structural_plasticity, nodes_without_the_element_are_passed_over) {
  plastic_kernel p;
  const auto n = p.create(2, elements(3.5), std::nullopt);
  p.k.create("parrot_neuron", 3);
  p.k.create("spike_generator");
  p.k.simulate(20);
  EXPECT_EQ(p.size(), 0u);
  EXPECT_EQ(p.of(n, "pre", "z_connected"), (std::vector<double>{0, 0}));
}

// ---- connections go

TEST(structural_plasticity, connections_go_where_elements_are_too_few) {
  for (const int vps : {1, 3}) {
    plastic_kernel p(vps);
    const auto sources = p.create(3, elements(8.5), std::nullopt), targets = p.create(4, std::nullopt, elements(6.5));
    p.k.simulate(10);
    ASSERT_EQ(p.size(), 24u);
    p.set({sources.generation, {{1, 1, 1}}}, "pre", {{"z", 3.5}});
    p.set({targets.generation, {{5, 5, 1}}}, "post", {{"z", 1.5}});
    p.k.simulate(1);
    const auto pre = p.of(sources, "pre", "z_connected"), post = p.of(targets, "post", "z_connected");
    EXPECT_EQ(pre[0], 3.0);
    EXPECT_EQ(post[1], 1.0);
    EXPECT_EQ(p.degrees(&columns::sources, sources), pre);
    EXPECT_EQ(p.degrees(&columns::targets, targets), post);
  }
}

TEST(structural_plasticity, what_is_free_again_is_paired_anew) {
  plastic_kernel p;
  const auto sources = p.create(2, elements(4.5), std::nullopt);
  const auto target = p.create(1, std::nullopt, elements(4.5));
  p.k.simulate(10);
  ASSERT_EQ(p.size(), 4u);
  p.set({sources.generation, {{1, 1, 1}}}, "pre", {{"z", 0.0}});
  p.k.simulate(1);
  EXPECT_EQ(p.degrees(&columns::sources, sources), (std::vector<double>{0, 4})) << "of the same update";
  EXPECT_EQ(p.of(target, "post", "z_connected"), std::vector<double>{4});
}

TEST(structural_plasticity, only_connections_of_the_synapse_go) {
  plastic_kernel p(1, 10, {{"synapse_model", "stdp_synapse"}});
  const auto n = p.create(2, elements(0), elements(0));
  p.k.connect(
      n, n, {{"rule", "all_to_all"}},
      {{"synapse_model", "static_synapse"}, {"pre_synaptic_element", "pre"}, {"post_synaptic_element", "post"}});
  EXPECT_EQ(p.of(n, "pre", "z_connected"), (std::vector<double>{2, 2}));
  p.k.simulate(10);
  EXPECT_EQ(p.size(), 4u);
  p.table();
  p.k.simulate(1);
  EXPECT_EQ(p.size(), 0u);
  EXPECT_EQ(p.of(n, "post", "z_connected"), (std::vector<double>{0, 0}));
}

// ---- when

TEST(structural_plasticity, updates_come_at_multiples_of_the_interval) {
  plastic_kernel p(1, 10);
  p.create(1, elements(0.5, 0.1), std::nullopt);  // one at 5 ms, two at 15, three at 25
  p.create(1, std::nullopt, elements(100.5));
  std::map<double, std::size_t> sizes;
  for (double now = 2; now <= 32; now += 2) {
    p.k.simulate(2);
    sizes[now] = p.size();
  }
  for (const auto& [now, n] : sizes) EXPECT_EQ(n, now <= 10 ? 0u : now <= 20 ? 1u : now <= 30 ? 2u : 3u) << now;
}

TEST(structural_plasticity, long_runs_are_updated_as_often_as_short_ones) {
  const auto made = [](const std::vector<double>& runs) {
    plastic_kernel p(2, 2.5);
    p.create(5, elements(0.5, 0.11), elements(0.5, 0.07));
    p.k.connect({1, {{1, 1, 1}}}, {1, {{2, 2, 1}}}, {{"rule", "all_to_all"}}, {{"synapse_model", "stdp_synapse"}});
    for (const double ms : runs) p.k.simulate(ms);
    return p.k.connections();
  };
  const auto whole = made({40});
  EXPECT_GT(whole.size(), 10u);
  EXPECT_EQ(made({2.3, 7.7, 5, 25}), whole);
  EXPECT_EQ(made(std::vector<double>(400, 0.1)), whole);
}

TEST(structural_plasticity, spikes_sent_before_an_update_meet_the_connections_as_they_were) {
  for (const int vps : {1, 2}) {
    plastic_kernel p(vps, 10);
    const auto train = p.k.create("spike_generator", 1, {{"spike_times", std::vector<double>{8.6, 9.2}}});
    const auto sends = p.create(1, elements(0.0, 0.11), std::nullopt);  // one at 10 ms
    const auto hears = p.create(1, std::nullopt, elements(5.5));
    const auto spikes = p.k.create("spike_recorder");
    p.k.connect(train, sends);  // 9.6 and 10.2
    p.k.connect(hears, spikes);
    p.k.simulate(20);
    EXPECT_EQ(p.k.times(spikes), std::vector<double>{11.2});
  }
}

TEST(structural_plasticity, in_flight_spikes_of_connections_that_go_arrive) {
  for (const int vps : {1, 2}) {
    plastic_kernel p(vps, 10);
    p.k.set_status({{"min_delay", 1.0}, {"max_delay", 5.0}});
    p.table({{"delay", 5.0}});
    const auto train = p.k.create("spike_generator", 1, {{"spike_times", std::vector<double>{7.0, 9.5}}});
    const auto sends = p.create(1, elements(1.5), std::nullopt);
    const auto hears = p.create(1, std::nullopt, elements(1.5));
    const auto spikes = p.k.create("spike_recorder");
    p.k.connect(train, sends);
    p.k.connect(hears, spikes);
    p.k.simulate(10);
    p.set(sends, "pre", {{"z", 0.0}});
    p.k.simulate(20);
    EXPECT_EQ(p.size(), 2u) << "those of the devices";
    EXPECT_EQ(p.k.times(spikes), std::vector<double>{13.0}) << "what is sent at 10.5 has nowhere to go";
  }
}

TEST(structural_plasticity, can_be_switched_off_and_on) {
  plastic_kernel p;
  p.k.set_status({{"structural_plasticity", false}});
  const auto n = p.create(2, elements(3.5), elements(3.5));
  p.k.simulate(10);
  EXPECT_EQ(p.size(), 0u);
  p.k.set_status({{"structural_plasticity", true}});
  p.k.simulate(10);
  EXPECT_EQ(p.size(), 6u);
  p.k.set_status({{"structural_plasticity", false}});
  p.set(n, "pre", {{"z", 0.0}});
  p.k.simulate(20);
  EXPECT_EQ(p.size(), 6u) << "connections stay";
}

TEST(structural_plasticity, works_between_prepare_and_cleanup) {
  plastic_kernel p;
  p.create(2, elements(0.5, 0.1), elements(0.5, 0.1));
  p.k.call(api::prepare{});
  for (int i = 0; i < 3; ++i) p.k.call(api::run{10});
  p.k.call(api::cleanup{});
  EXPECT_EQ(p.size(), 4u) << "at 10 and 20";
}

// ---- the same everywhere

/// Neurons whose rates differ, so that some grow elements while others lose them.
struct living_network : plastic_kernel {
  explicit living_network(int vps) : plastic_kernel(vps, 20, {{"weight", 80.0}, {"allow_multapses", false}}) {
    const dictionary gaussian{{"growth_curve", "gaussian"}, {"growth_rate", 0.15}, {"eta", 0.01}, {"eps", 0.3}};
    const dictionary sigmoid{{"growth_curve", "sigmoid"}, {"growth_rate", 0.1}, {"eps", 0.2}, {"psi", 0.1}};
    cells = create(30, gaussian, sigmoid, "iaf_psc_alpha");
    std::vector<double> currents;
    for (int i = 0; i < 30; ++i) currents.push_back(250.0 + 10.0 * i);
    k.set(cells, {{"I_e", currents}, {"tau_Ca", 60.0}, {"beta_Ca", 0.06}});
    noise = k.create("poisson_generator", 1, {{"rate", 8000.0}});
    k.connect(noise, cells, {{"rule", "all_to_all"}}, {{"weight", 2.0}});
    spikes = k.create("spike_recorder");
    k.connect(cells, spikes);
  }
  auto picture() {
    const auto all = k.connections();
    return std::tuple(all, k.get(cells, "synaptic_elements"), k.get(cells, "Ca"), k.events(spikes));
  }
  node_set cells, noise, spikes;
};

TEST(structural_plasticity, the_same_network_on_any_number_of_vps) {
  const auto after = [](int vps, bool reloads) {
    living_network n(vps);
    std::set<std::size_t> sizes;
    for (int update = 0; update < 10; ++update) {
      n.k.simulate(20);
      sizes.insert(n.size());
      if (reloads) n.k.load(n.k.save());
    }
    EXPECT_GT(sizes.size(), 5u) << "it goes on changing";
    return n.picture();
  };
  const auto one = after(1, false);
  EXPECT_GT(std::get<0>(one).size(), 100u);
  for (const int vps : {1, 2, 3, 7}) EXPECT_EQ(after(vps, vps != 3), one) << vps;
}

TEST(structural_plasticity, an_image_goes_on_in_another_kernel) {
  living_network first(2), second(2);
  first.k.simulate(90);
  second.k.simulate(90);
  second.k.set(second.cells, {{"synaptic_elements_param", value(dictionary{{"pre", value(dictionary{{"z", 7.0}})}})}});
  second.k.load(first.k.save());
  first.k.simulate(60);
  second.k.simulate(60);
  EXPECT_EQ(first.picture(), second.picture());
}

TEST(structural_plasticity, another_seed_makes_another_network) {
  const auto made = [](std::int64_t seed) {
    plastic_kernel p;
    p.k.set_status({{"rng_seed", seed}});
    p.create(10, elements(5.5), elements(5.5));
    p.k.simulate(1);
    return p.k.connections().targets;
  };
  EXPECT_EQ(made(7), made(7));
  EXPECT_NE(made(7), made(8));
}

// ---- what connections occupy

class occupied_elements : public testing::TestWithParam<int> {
 protected:
  plastic_kernel p{GetParam()};
  node_set n = p.create(4, elements(0), elements(0));
  dictionary synapse{{"pre_synaptic_element", "pre"}, {"post_synaptic_element", "post"}};
  std::vector<double> pre() { return p.of(n, "pre", "z_connected"); }
  std::vector<double> post() { return p.of(n, "post", "z_connected"); }
  node_set at(std::uint64_t first, std::uint64_t last) const { return {n.generation, {{first, last, 1}}}; }
};

INSTANTIATE_TEST_SUITE_P(vps, occupied_elements, testing::Values(1, 2, 3));

TEST_P(occupied_elements, are_counted_by_connect) {
  p.k.connect(at(1, 2), at(2, 4), {{"rule", "all_to_all"}}, synapse);
  EXPECT_EQ(pre(), (std::vector<double>{3, 3, 0, 0}));
  EXPECT_EQ(post(), (std::vector<double>{0, 2, 2, 2}));
  p.k.connect(n, n, {{"rule", "one_to_one"}}, synapse);
  EXPECT_EQ(pre(), (std::vector<double>{4, 4, 1, 1}));
  p.k.call(api::connect_arrays{{1, 1}, {4, 3}, synapse});
  EXPECT_EQ(pre(), (std::vector<double>{6, 4, 1, 1}));
  EXPECT_EQ(post(), (std::vector<double>{1, 3, 4, 4}));
  p.k.connect(n, n);
  EXPECT_EQ(pre(), (std::vector<double>{6, 4, 1, 1})) << "nobody named elements";
}

TEST_P(occupied_elements, autapses_that_are_forbidden_do_not_count) {
  p.k.connect(at(1, 3), at(2, 4), {{"rule", "all_to_all"}, {"allow_autapses", false}}, synapse);
  EXPECT_EQ(pre(), p.degrees(&columns::sources, n));
  EXPECT_EQ(post(), p.degrees(&columns::targets, n));
  p.k.connect(n, n, {{"rule", "one_to_one"}, {"allow_autapses", false}}, synapse);
  EXPECT_EQ(pre(), p.degrees(&columns::sources, n));
}

TEST_P(occupied_elements, are_left_by_disconnect) {
  p.k.connect(n, n, {{"rule", "all_to_all"}}, synapse);
  p.k.call(api::disconnect{at(1, 2), at(3, 4), {{"rule", "all_to_all"}}, {{"synapse_model", "static_synapse"}}});
  EXPECT_EQ(pre(), (std::vector<double>{2, 2, 4, 4})) << "the table names the elements";
  EXPECT_EQ(post(), (std::vector<double>{4, 4, 2, 2}));
  p.k.call(api::disconnect_connections{p.k.connections({at(3, 3), at(3, 4), {}, {}})});
  EXPECT_EQ(pre(), (std::vector<double>{2, 2, 2, 4}));
  p.k.set_status({{"structural_plasticity_synapses", value(dictionary())}});
  p.k.call(api::disconnect{at(4, 4), at(4, 4), {{"rule", "one_to_one"}}, {{"synapse_model", "static_synapse"}}});
  EXPECT_EQ(pre(), (std::vector<double>{2, 2, 2, 4})) << "neither the table nor the call does";
  p.k.call(api::disconnect{at(4, 4), at(1, 1), {{"rule", "one_to_one"}}, synapse});
  EXPECT_EQ(pre(), (std::vector<double>{2, 2, 2, 3}));
}

TEST_P(occupied_elements, a_refused_call_leaves_them_alone) {
  EXPECT_THROW(p.k.connect(n, at(1, 2), {{"rule", "one_to_one"}}, synapse), api_error);
  EXPECT_THROW(p.k.call(api::disconnect{n, n, {{"rule", "one_to_one"}}, synapse}), api_error);
  EXPECT_EQ(pre(), (std::vector<double>{0, 0, 0, 0}));
  EXPECT_EQ(p.size(), 0u);
}

TEST_P(occupied_elements, are_for_rules_without_draws_unless_others_are_allowed) {
  const dictionary rule{{"rule", "fixed_indegree"}, {"indegree", 1}};
  const dictionary third{{"rule", "third_factor_bernoulli_with_pool"}}, plain;
  p.k.set_status({{"structural_plasticity_rules", false}});
  for (const api::request& call : std::vector<api::request>{
           api::connect{n, n, rule, {synapse}},
           api::connect{n, n, {{"rule", "one_to_one"}, {"make_symmetric", true}}, {synapse}},
           api::tripartite_connect{n, n, n, {{"rule", "all_to_all"}}, third, {plain}, {synapse}, {plain}}})
    try {
      p.k.call(call);
      ADD_FAILURE() << "accepted";
    } catch (const api_error& e) {
      EXPECT_EQ(e.kind(), error_kind::NotImplemented) << e.what();
      EXPECT_NE(std::string(e.what()).find("structural_plasticity_rules=True"), std::string::npos) << e.what();
    }
  EXPECT_EQ(pre(), (std::vector<double>{0, 0, 0, 0}));
}

TEST_P(occupied_elements, are_those_of_the_connections_whatever_a_rule_draws) {
  const auto degree = parameter::make({{operation::uniform, {}, {1, 4}}});
  const std::vector<dictionary> rules{
      {{"rule", "fixed_indegree"}, {"indegree", 3}},
      {{"rule", "fixed_indegree"}, {"indegree", degree}, {"allow_autapses", false}},
      {{"rule", "fixed_outdegree"}, {"outdegree", 3}},
      {{"rule", "fixed_total_number"}, {"N", 7}},
      {{"rule", "pairwise_bernoulli"}, {"p", 0.5}},
      {{"rule", "pairwise_poisson"}, {"pairwise_avg_num_conns", 1.5}},
      {{"rule", "symmetric_pairwise_bernoulli"}, {"p", 0.6}, {"allow_autapses", false}, {"make_symmetric", true}}};
  for (const auto& rule : rules) {
    const auto before = p.size();
    p.k.connect(n, n, rule, synapse);
    EXPECT_GT(p.size(), before);
    EXPECT_EQ(pre(), p.degrees(&columns::sources, n)) << to_text(value(rule));
    EXPECT_EQ(post(), p.degrees(&columns::targets, n)) << to_text(value(rule));
  }
}

TEST_P(occupied_elements, are_counted_in_both_directions) {
  p.k.connect(at(1, 2), at(3, 4), {{"rule", "one_to_one"}, {"make_symmetric", true}}, synapse);
  EXPECT_EQ(pre(), (std::vector<double>{1, 1, 1, 1}));
  EXPECT_EQ(post(), (std::vector<double>{1, 1, 1, 1}));
}

TEST_P(occupied_elements, are_counted_for_each_synapse_that_names_them) {
  p.k.call(api::connect{n, at(2, 3), {{"rule", "fixed_indegree"}, {"indegree", 2}}, {synapse, {}, synapse}});
  EXPECT_EQ(post(), (std::vector<double>{0, 4, 4, 0}));
  EXPECT_EQ(p.size(), 12u);
}

TEST_P(occupied_elements, are_counted_with_third_factors) {
  const dictionary primary{{"rule", "fixed_outdegree"}, {"outdegree", 3}};
  const dictionary pool{{"rule", "third_factor_bernoulli_with_pool"}, {"p", 0.7}};
  p.k.call(api::tripartite_connect{at(1, 3), n, at(4, 4), primary, pool, {synapse}, {synapse}, {synapse}});
  EXPECT_GT(p.size(), 9u);
  EXPECT_EQ(pre(), p.degrees(&columns::sources, n));
  EXPECT_EQ(post(), p.degrees(&columns::targets, n));
}

TEST_P(occupied_elements, a_refused_draw_leaves_them_alone) {
  const auto degree = parameter::make({{operation::uniform, {}, {4, 9}}});
  EXPECT_THROW(
      p.k.connect(n, n, {{"rule", "fixed_indegree"}, {"indegree", degree}, {"allow_multapses", false}}, synapse),
      api_error);
  EXPECT_EQ(post(), (std::vector<double>{0, 0, 0, 0}));
  EXPECT_EQ(p.size(), 0u);
}

// ---- what goes wrong

TEST(structural_plasticity, an_update_without_memory_ends_the_run_and_nothing_else) {
  solo_kernel k(1, 30'000'000);
  k.set_status({{"structural_plasticity", true}, {"structural_plasticity_update_interval", 10.0}});
  k.set_status(
      {{"structural_plasticity_synapses",
        value(dictionary{{"s", value(dictionary{{"pre_synaptic_element", "a"}, {"post_synaptic_element", "a"}})}})}});
  const auto n = k.create("parrot_neuron", 2,
                          {{"synaptic_elements", value(dictionary{{"a", value(dictionary{{"growth_rate", 0.0}})}})}});
  k.simulate(5);
  const auto z = [&](double number) {
    k.set(n, {{"synaptic_elements_param", value(dictionary{{"a", value(dictionary{{"z", number}})}})}});
  };
  z(5e7);
  try {
    k.simulate(20);
    ADD_FAILURE() << "accepted";
  } catch (const api_error& e) {
    EXPECT_EQ(e.kind(), error_kind::MemoryError) << e.what();
  }
  EXPECT_EQ(k.status("biological_time"), value(10.0));
  EXPECT_EQ(k.connections().size(), 0u);
  z(2.5);
  k.simulate(10);
  EXPECT_EQ(k.status("biological_time"), value(20.0));
  EXPECT_EQ(k.connections().size(), 4u) << "the update at 10 is made now";
}

TEST(structural_plasticity, turnover_does_not_count_as_growing_memory) {
  plastic_kernel p(1, 1);
  const auto sources = p.create(20, elements(10.5), std::nullopt), targets = p.create(20, std::nullopt, elements(10.5));
  const auto bytes = [&] {
    return *number_of(*p.k.status("footprint").get_if<dictionary>()->find("memory_connections"));
  };
  const auto turn_over = [&](int times) {
    for (int i = 0; i < 2 * times; ++i) {
      p.set(sources, "pre", {{"z", i % 2 == 0 ? 0.5 : 10.5}});
      p.k.simulate(1);
    }
    EXPECT_EQ(p.size(), 200u);
    return bytes();
  };
  const double some = turn_over(3);
  EXPECT_LE(turn_over(40), 1.05 * some);
}

TEST(structural_interval, is_that_of_the_setting_while_it_is_on) {
  network net({}, built_in_models());
  EXPECT_EQ(structural_interval(net), 0);
  net.settings.structural_plasticity = true;
  EXPECT_EQ(structural_interval(net), 100'000);
}

}  // namespace
}  // namespace volley::runtime
