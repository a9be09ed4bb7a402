// Synapses that do not transmit their weight alone: what they release depends on their source's spikes, or is drawn.
// Whole networks: the same bits on any layout and after an image on the way, values that are read and set, calls that
// are refused.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "runtime/values/parameter.hpp"
#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

using reals = std::vector<double>;
using integers = std::vector<std::int64_t>;

const dictionary all_to_all{{"rule", "all_to_all"}}, one_to_one{{"rule", "one_to_one"}};

parameter_ref uniform(double low, double high) { return parameter::make({{operation::uniform, {}, {low, high}}}); }
parameter_ref up_to(double n) {
  return parameter::make(
      {{operation::constant, {}, {1}}, {operation::uniform_int, {}, {n}}, {operation::add, {0, 1}, {}}});
}

node_set part(const node_set& nodes, std::uint64_t first, std::uint64_t last) {
  return {nodes.generation, {{nodes[first], nodes[last], 1}}};
}

value of(solo_kernel& k, const api::connection_columns& c, const std::string& key) {
  return *std::get<value>(k.call(api::get_connection_values{c, {key}})).get_if<dictionary>()->find(key);
}
reals numbers(solo_kernel& k, const api::connection_columns& c, const std::string& key) {
  const auto v = of(k, c, key);
  if (const auto* some = v.get_if<integers>()) return {some->begin(), some->end()};
  return *v.get_if<reals>();
}

const std::vector<std::string> models{"tsodyks_synapse",         "tsodyks2_synapse",      "ht_synapse",
                                      "tsodyks_synapse_hom_lbl", "bernoulli_synapse_lbl", "bernoulli_synapse",
                                      "quantal_stp_synapse"};

/// Neurons that fire, connected by all of these models with weights, delays and parameters of all kinds, several times
/// between the same two. `state` is where their potentials begin; it changes nothing that calls build.
class network {
 public:
  explicit network(int vps, double state = -60) : k(vps) {
    cells = k.create("iaf_psc_alpha", 60, {{"I_e", uniform(400, 700)}});
    k.set(cells, {{"V_m", state}});
    const auto relays = k.create("parrot_neuron", 5);
    k.connect(k.create("poisson_generator", 1, {{"rate", 4000.0}}), relays, all_to_all, {{"delay", 1.0}});
    k.call(api::set_defaults{"tsodyks_synapse_hom_lbl", {{"weight", 11.0}, {"U", 0.3}, {"tau_fac", 200.0}}});
    for (const auto& model : models) {
      const bool hom = model.starts_with("tsodyks_synapse_hom");
      const dictionary rule{{"rule", "fixed_indegree"}, {"indegree", 6}};
      dictionary spec{{"synapse_model", model}, {"delay", 1.5}};
      if (!hom) spec["weight"] = 12.0;
      if (model == "bernoulli_synapse") spec["p_transmit"] = 0.4;
      if (model == "bernoulli_synapse_lbl") spec["p_transmit"] = 0.7, spec["synapse_label"] = up_to(3);
      if (model == "quantal_stp_synapse") spec["n"] = 4, spec["a"] = up_to(4), spec["weight"] = 3.0;
      k.connect(cells, cells, rule, spec);
      k.connect(relays, cells, rule, spec);  // several spikes of a step
      spec["delay"] = uniform(0.5, 4);
      if (!hom) spec["weight"] = uniform(-8, 14);
      if (model.starts_with("tsodyks")) spec["x"] = uniform(0.2, 0.9);
      if (model == "ht_synapse") spec["delta_P"] = uniform(0, 1);
      k.connect(cells, cells, rule, spec);
    }
    watcher = k.create("weight_recorder");
    for (const auto* model : {"tsodyks_synapse", "quantal_stp_synapse"}) {
      const auto copy = std::string("watched ") + model;
      k.call(api::copy_model{model, copy, {{"weight_recorder", watcher}}});
      k.connect(part(cells, 0, 9), cells, {{"rule", "fixed_outdegree"}, {"outdegree", 8}},
                {{"synapse_model", copy}, {"weight", uniform(1, 5)}, {"delay", uniform(1, 2)}});
    }
    spikes = k.create("spike_recorder");
    k.connect(cells, spikes);
  }

  /// Delays, parameters, traces and variables of some connections change, and some go.
  void edit() {
    for (const auto& model : models) {
      const auto mine = k.connections({part(cells, 3, 20), {}, model, {}});
      reals delays;
      for (std::size_t i = 0; i < mine.size(); ++i) delays.push_back(0.5 + 0.1 * static_cast<double>(i * 7 % 30));
      set(mine, {{"delay", delays}});
      if (model == "quantal_stp_synapse") set(mine, {{"a", 1}, {"u", 0.9}});
      if (model == "tsodyks_synapse") set(mine, {{"x", 0.1}, {"tau_rec", 90.0}});
      if (model == "ht_synapse") set(mine, {{"weight", 20.0}});
      auto gone = k.connections({part(cells, 10, 12), {}, model, {}});
      k.call(api::disconnect_connections{gone});
    }
    k.call(api::set_defaults{"tsodyks_synapse_hom_lbl", {{"weight", 9.0}}});
  }

  using bits = std::map<std::string, std::vector<std::uint64_t>>;
  bits seen() {
    bits all;
    const auto add = [&](const std::string& name, const value& v) {
      if (const auto* some = v.get_if<reals>())
        for (const double x : *some) all[name].push_back(std::bit_cast<std::uint64_t>(x));
      if (const auto* some = v.get_if<integers>())
        for (const auto x : *some) all[name].push_back(static_cast<std::uint64_t>(x));
    };
    for (const auto& device : {spikes, watcher})
      for (const auto& [key, column] : k.events(device)) add("events." + key, column);
    add("V_m", k.get(cells, "V_m"));
    for (const auto& model : models) {
      const auto c = k.connections({{}, {}, model, {}});
      const auto values = std::get<value>(k.call(api::get_connection_values{c, {}}));
      for (const auto& [key, column] : *values.get_if<dictionary>())
        if (key != "target_thread") add(model + "." + key, column);
    }
    return all;
  }

  void set(const api::connection_columns& c, dictionary values) {
    k.call(api::set_connection_values{c, value(std::move(values))});
  }

  solo_kernel k;
  node_set cells, spikes, watcher;
};

std::vector<std::string> differences(const network::bits& a, const network::bits& b) {
  std::vector<std::string> names;
  for (const auto& [name, column] : a)
    if (const auto found = b.find(name); found == b.end() || found->second != column) names.push_back(name);
  return names;
}
const std::vector<std::string> nothing;

TEST(transmission, is_the_same_on_every_layout) {
  const auto run = [](int vps) {
    network n(vps);
    n.k.simulate(60.2);
    n.edit();
    n.k.simulate(40.0);
    return n.seen();
  };
  const auto one = run(1);
  EXPECT_GT(one.at("events.times").size(), 500u);
  EXPECT_GT(one.at("quantal_stp_synapse.a").size(), 600u);
  for (const int vps : {2, 3, 7}) EXPECT_EQ(differences(one, run(vps)), nothing) << vps << " VPs";
}

TEST(transmission, goes_on_after_an_image_with_the_same_bits) {
  for (const int vps : {1, 3})
    for (const bool edited : {false, true}) {
      network a(vps), b(vps, -67);  // b fires at other times
      for (auto* n : {&a, &b}) {
        n->k.simulate(20.2);
        if (edited) n->edit();
        n->k.simulate(3.0);
      }
      EXPECT_NE(differences(a.seen(), b.seen()), nothing);
      b.k.load(a.k.save());
      EXPECT_EQ(differences(a.seen(), b.seen()), nothing) << vps;
      for (auto* n : {&a, &b}) n->k.simulate(30.0);
      EXPECT_EQ(differences(a.seen(), b.seen()), nothing) << vps;
      EXPECT_TRUE(a.k.save() == b.k.save());
    }
}

TEST(transmission, depends_on_the_seed_where_it_is_drawn) {
  const auto transmitted = [](std::int64_t seed) {
    solo_kernel k;
    k.set_status({{"rng_seed", seed}});
    const auto source = k.create("parrot_neuron"), targets = k.create("parrot_neuron", 64);
    const auto g = k.create("spike_generator", 1, {{"spike_times", reals{1.0}}});
    k.connect(g, source, all_to_all, {{"delay", 1.0}});
    k.connect(source, targets, all_to_all, {{"synapse_model", "bernoulli_synapse"}, {"p_transmit", 0.5}});
    const auto spikes = k.create("spike_recorder");
    k.connect(targets, spikes);
    k.simulate(10.0);
    auto senders = k.senders(spikes);
    std::ranges::sort(senders);
    return senders;
  };
  EXPECT_EQ(transmitted(1), transmitted(1));
  EXPECT_NE(transmitted(1), transmitted(2));
  EXPECT_NEAR(static_cast<double>(transmitted(3).size()), 32, 25);
}

/// A parrot that fires, a target that takes its spikes without effect, and who hears what is transmitted.
class one_pair : public testing::Test {
 protected:
  void fire(const reals& times, const integers& multiplicities = {}) {
    dictionary train{{"spike_times", times}};
    if (!multiplicities.empty()) train["spike_multiplicities"] = multiplicities;
    k.connect(k.create("spike_generator", 1, train), source, all_to_all, {{"delay", 1.0}});
  }
  api::connection_columns connect(const std::string& model, dictionary defaults, dictionary values = {}) {
    defaults["weight_recorder"] = watcher;
    k.call(api::copy_model{model, "watched", defaults});
    values["synapse_model"] = "watched";
    values["receptor_type"] = 1;
    k.connect(source, target, all_to_all, values);
    return k.connections({source, target, "watched", {}});
  }
  reals heard() { return *k.events(watcher).find("weights")->get_if<reals>(); }

  solo_kernel k;
  node_set source = k.create("parrot_neuron"), target = k.create("parrot_neuron"),
           watcher = k.create("weight_recorder");
};

TEST_F(one_pair, recorders_hear_the_weight_times_what_is_released) {
  fire({10, 30, 31});
  const auto c = connect("ht_synapse", {{"tau_P", 100.0}, {"delta_P", 0.5}}, {{"weight", 3.0}});
  k.simulate(20.0);
  EXPECT_EQ(numbers(k, c, "P"), reals{0.5}) << "right after the last spike";
  k.simulate(20.0);
  const double second = 1 - 0.5 * std::exp(-0.2), third = 1 - (1 - second / 2) * std::exp(-0.01);
  const auto weights = heard();
  ASSERT_EQ(weights.size(), 3u);
  EXPECT_EQ(weights[0], 3);
  EXPECT_NEAR(weights[1], 3 * second, 1e-12);
  EXPECT_NEAR(weights[2], 3 * third, 1e-12);
  EXPECT_EQ(numbers(k, c, "weight"), reals{3}) << "stays";
}

TEST_F(one_pair, each_spike_of_a_step_is_one) {
  fire({10}, {3});
  const auto c = connect("tsodyks2_synapse", {{"U", 0.5}}, {{"weight", 8.0}});
  k.simulate(20.0);
  EXPECT_EQ(heard(), (reals{4, 2, 1}));
  EXPECT_EQ(numbers(k, c, "x"), reals{0.25});
}

TEST_F(one_pair, recorders_hear_nothing_of_what_is_not_transmitted) {
  reals times;
  for (int i = 0; i < 200; ++i) times.push_back(10 + i);
  fire(times);
  connect("bernoulli_synapse", {{"p_transmit", 0.25}}, {{"weight", -2.0}});
  k.simulate(250.0);
  EXPECT_NEAR(static_cast<double>(heard().size()), 50, 30);
  for (const double w : heard()) EXPECT_EQ(w, -2);
}

TEST_F(one_pair, numbers_of_sites_are_integers_that_spikes_and_users_change) {
  fire({10, 20});
  const auto c =
      connect("quantal_stp_synapse", {{"n", 5}, {"U", 1.0}, {"u", 1.0}, {"tau_rec", 1e6}}, {{"a", 3}, {"weight", 2.0}});
  EXPECT_EQ(of(k, c, "a"), value(integers{3}));
  EXPECT_EQ(of(k, c, "n"), value(integers{5}));
  k.simulate(15.0);
  EXPECT_EQ(heard(), reals{6});
  EXPECT_EQ(of(k, c, "a"), value(integers{0}));
  k.call(api::set_connection_values{c, value(dictionary{{"a", 4}})});
  EXPECT_EQ(of(k, c, "a"), value(integers{4}));
  k.simulate(10.0);
  EXPECT_EQ(heard(), (reals{6, 8}));
}

TEST_F(one_pair, a_common_weight_and_common_parameters_change_for_all) {
  fire({10, 20, 30});
  connect("tsodyks_synapse_hom", {{"weight", 4.0}, {"U", 1.0}, {"tau_rec", 1e-3}, {"tau_psc", 1e-3}});
  k.simulate(15.0);
  k.call(api::set_defaults{"watched", {{"weight", 6.0}}});
  k.simulate(10.0);
  k.call(api::set_defaults{"watched", {{"U", 0.5}}});
  k.simulate(10.0);
  EXPECT_EQ(heard(), (reals{4, 6, 3}));
}

TEST_F(one_pair, targets_that_count_get_every_spike_that_is_transmitted) {
  fire({10, 20}, {1, 2});
  const auto spikes = k.create("spike_recorder");
  k.connect(target, spikes);
  k.connect(source, target, all_to_all, {{"synapse_model", "tsodyks_synapse"}, {"weight", 1e-3}});
  k.connect(source, target, all_to_all, {{"synapse_model", "bernoulli_synapse"}, {"p_transmit", 0.0}});
  k.simulate(30.0);
  EXPECT_EQ(k.times(spikes).size(), 3u);
}

// ---- values and refusals

class values_of_connections : public testing::TestWithParam<int> {
 protected:
  void refused(error_kind kind, const std::function<void()>& call) {
    const auto before = k.connections().size();
    try {
      call();
      ADD_FAILURE() << "was accepted";
    } catch (const api_error& e) {
      EXPECT_EQ(e.kind(), kind) << e.what();
    }
    EXPECT_EQ(k.connections().size(), before);
  }
  void connect(dictionary spec, const dictionary& rule = one_to_one) { k.connect(nodes, nodes, rule, std::move(spec)); }
  void set(const api::connection_columns& c, dictionary values) {
    k.call(api::set_connection_values{c, value(std::move(values))});
  }

  solo_kernel k{GetParam()};
  node_set nodes = k.create("iaf_psc_alpha", 9);
};

TEST_P(values_of_connections, are_read_and_set_one_by_one) {
  connect({{"synapse_model", "quantal_stp_synapse"},
           {"a", integers{1, 2, 3, 4, 5, 6, 7, 8, 9}},
           {"n", 9},
           {"tau_rec", reals{1, 2, 3, 4, 5, 6, 7, 8, 9}}});
  const auto c = k.connections();
  EXPECT_EQ(numbers(k, c, "a"), (reals{1, 2, 3, 4, 5, 6, 7, 8, 9}));
  EXPECT_EQ(numbers(k, c, "tau_rec"), (reals{1, 2, 3, 4, 5, 6, 7, 8, 9}));
  set(c, {{"a", integers{9, 8, 7, 6, 5, 4, 3, 2, 1}}, {"u", 0.25}});
  EXPECT_EQ(numbers(k, c, "a"), (reals{9, 8, 7, 6, 5, 4, 3, 2, 1}));
  EXPECT_EQ(numbers(k, c, "u"), reals(9, 0.25));
  EXPECT_EQ(numbers(k, c, "n"), reals(9, 9));
}

TEST_P(values_of_connections, are_drawn) {
  connect({{"synapse_model", "quantal_stp_synapse"}, {"a", up_to(3)}, {"U", uniform(0.25, 0.75)}}, all_to_all);
  const auto c = k.connections();
  std::map<double, int> found;
  for (const double a : numbers(k, c, "a")) ++found[a];
  EXPECT_EQ(found.size(), 3u);
  EXPECT_EQ(found.begin()->first, 1);
  for (const double U : numbers(k, c, "U")) EXPECT_TRUE(0.25 <= U && U < 0.75);
  refused(error_kind::TypeMismatch, [&] { connect({{"synapse_model", "quantal_stp_synapse"}, {"a", uniform(0, 1)}}); });
  refused(error_kind::BadProperty, [&] {
    connect({{"synapse_model", "tsodyks_synapse"}, {"y", uniform(0, 0.5)}}, all_to_all);
  });
}

TEST_P(values_of_connections, resources_are_checked_together) {
  for (const std::string model : {"tsodyks_synapse", "tsodyks_synapse_hom"}) {
    refused(error_kind::BadProperty, [&] { connect({{"synapse_model", model}, {"y", 0.5}}); });
    connect({{"synapse_model", model}, {"x", 0.25}, {"y", 0.5}});
    const auto c = k.connections({{}, {}, model, {}});
    refused(error_kind::BadProperty, [&] { set(c, {{"x", 0.75}}); });
    refused(error_kind::BadProperty, [&] { set(c, {{"x", reals{0, 0, 0, 0, 0, 0, 0, 0, 1}}}); });
    EXPECT_EQ(numbers(k, c, "x"), reals(9, 0.25)) << "nothing changed";
    set(c, {{"x", 0.75}, {"y", 0.25}});
    EXPECT_EQ(numbers(k, c, "y"), reals(9, 0.25));
    refused(error_kind::BadProperty, [&] { k.call(api::set_defaults{model, {{"y", 0.5}}}); });
    k.call(api::set_defaults{model, {{"x", 0.5}, {"y", 0.5}}});
  }
}

TEST_P(values_of_connections, of_the_model_are_set_for_the_model) {
  refused(error_kind::NotImplemented, [&] { connect({{"synapse_model", "tsodyks_synapse_hom"}, {"weight", 2.0}}); });
  refused(error_kind::NotImplemented, [&] { connect({{"synapse_model", "tsodyks_synapse_hom"}, {"U", 0.2}}); });
  connect({{"synapse_model", "tsodyks_synapse_hom"}, {"u", -3.0}});
  const auto c = k.connections();
  refused(error_kind::UnaccessedDictionaryEntry, [&] { set(c, {{"weight", 2.0}}); });
  refused(error_kind::UnaccessedDictionaryEntry, [&] { set(c, {{"tau_rec", 2.0}}); });
  const auto all = std::get<value>(k.call(api::get_connection_values{c, {}}));
  EXPECT_TRUE(all.get_if<dictionary>()->contains("u"));
  for (const char* key : {"weight", "U", "tau_psc", "tau_rec", "tau_fac"})
    EXPECT_FALSE(all.get_if<dictionary>()->contains(key)) << key;
}

TEST_P(values_of_connections, labels_find_connections_of_these_models) {
  for (const std::string model : {"tsodyks2_synapse_lbl", "bernoulli_synapse_lbl", "quantal_stp_synapse_lbl"}) {
    connect({{"synapse_model", model}, {"synapse_label", integers{1, 2, 1, 2, 1, 2, 1, 2, 1}}});
    EXPECT_EQ(k.connections({{}, {}, model, 1}).size(), 5u) << model;
    EXPECT_EQ(k.connections({{}, {}, model, 2}).size(), 4u) << model;
  }
}

INSTANTIATE_TEST_SUITE_P(vps, values_of_connections, testing::Values(1, 3));

}  // namespace
}  // namespace volley::runtime
