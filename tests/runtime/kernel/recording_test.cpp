// Connections of recorders and meters, and what is recorded over them, on 1, 2, 3 and 7 VPs.
#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

#include "runtime/values/parameter.hpp"
#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

const dictionary all_to_all{{"rule", "all_to_all"}}, one_to_one{{"rule", "one_to_one"}};

using reals = std::vector<double>;
using integers = std::vector<std::int64_t>;

parameter_ref uniform(double low, double high) { return parameter::make({{operation::uniform, {}, {low, high}}}); }

class recording : public testing::TestWithParam<int> {
 protected:
  using row = std::tuple<std::int64_t, std::int64_t, double, double>;  ///< source, target, weight, delay
  using event = std::pair<double, std::int64_t>;                       ///< time, sender

  std::vector<row> rows(const api::get_connections& filter = {}) {
    const auto c = k.connections(filter);
    const auto values = std::get<value>(k.call(api::get_connection_values{c, {"weight", "delay"}}));
    const auto column = [&](const char* key) { return *values.get_if<dictionary>()->find(key)->get_if<reals>(); };
    std::vector<row> all;
    for (std::size_t i = 0; i < c.size(); ++i)
      all.emplace_back(c.sources[i], c.targets[i], column("weight")[i], column("delay")[i]);
    return all;
  }
  std::vector<event> events(const node_set& recorder) {
    std::vector<event> all;
    const auto times = k.times(recorder);
    const auto senders = k.senders(recorder);
    for (std::size_t i = 0; i < times.size(); ++i) all.emplace_back(times[i], senders[i]);
    return all;
  }
  void connect_one_by_one(integers sources, integers targets, dictionary synapse = {}) {
    k.call(api::connect_arrays{std::move(sources), std::move(targets), std::move(synapse)});
  }
  double delay(const char* key) { return *k.status(key).get_if<double>(); }
  node_set train(reals times, integers multiplicities = {}) {
    dictionary d{{"spike_times", std::move(times)}};
    if (!multiplicities.empty()) d["spike_multiplicities"] = std::move(multiplicities);
    return k.create("spike_generator", 1, std::move(d));
  }

  solo_kernel k{GetParam()};
};

INSTANTIATE_TEST_SUITE_P(vps, recording, testing::Values(1, 2, 3, 7));

TEST_P(recording, of_ids_one_by_one_makes_a_connection_of_each_pair) {
  const auto g = train({1.0});
  k.create("parrot_neuron", 2);  // 2, 3
  const auto r = k.create("spike_recorder");
  k.connect(g, {0, {{2, 3, 1}}});
  connect_one_by_one({3, 2, 3}, {4, 4, 4}, {{"weight", reals{1, 2, 3}}, {"delay", reals{1.5, 2, 2.5}}});
  EXPECT_EQ(rows({{}, r, "", {}}), (std::vector<row>{{2, 4, 2, 2}, {3, 4, 1, 1.5}, {3, 4, 3, 2.5}}));
  EXPECT_EQ(k.connections({{}, r, "", {}}).ports, (integers{0, 0, 1}));
  EXPECT_EQ(*k.status("num_connections").get_if<std::int64_t>(), 5);
  k.simulate(5.0);
  EXPECT_EQ(events(r), (std::vector<event>{{2.0, 2}, {2.0, 3}, {2.0, 3}}));
}

TEST_P(recording, of_ids_one_by_one_samples_each_node_of_a_meter) {
  k.create("iaf_psc_alpha", 3);
  const auto m = k.create("voltmeter", 2);
  connect_one_by_one({5, 4, 4}, {2, 3, 1}, {{"delay", reals{1, 2, 3}}});
  EXPECT_EQ(rows(), (std::vector<row>{{4, 1, 1, 3}, {4, 3, 1, 2}, {5, 2, 1, 1}}));
  k.simulate(3.0);
  EXPECT_EQ(events({m.generation, {{4, 4, 1}}}), (std::vector<event>{{1, 1}, {1, 3}, {2, 1}, {2, 3}}));
  EXPECT_EQ(events({m.generation, {{5, 5, 1}}}), (std::vector<event>{{1, 2}, {2, 2}}));
}

TEST_P(recording, keeps_arrays_of_weights_and_delays_and_the_extrema_know_them) {
  const auto p = k.create("parrot_neuron", 2), r = k.create("spike_recorder", 2);
  k.connect(p, r, all_to_all, {{"delay", matrix{2, 2, {2, 3, 4, 5}}}, {"weight", matrix{2, 2, {1, 2, 3, 4}}}});
  EXPECT_EQ(rows(), (std::vector<row>{{1, 3, 1, 2}, {1, 4, 3, 4}, {2, 3, 2, 3}, {2, 4, 4, 5}}));
  EXPECT_EQ(delay("min_delay"), 2.0);
  EXPECT_EQ(delay("max_delay"), 5.0);
  const auto m = k.create("voltmeter", 2), n = k.create("iaf_psc_alpha", 2);
  k.connect(m, n, one_to_one, {{"delay", reals{1.5, 6}}, {"weight", reals{7, 8}}});
  EXPECT_EQ(rows({m, {}, "", {}}), (std::vector<row>{{5, 7, 7, 1.5}, {6, 8, 8, 6}}));
  EXPECT_EQ(delay("min_delay"), 1.5);
  EXPECT_EQ(delay("max_delay"), 6.0);
}

TEST_P(recording, draws_weights_and_delays_for_each_connection_on_any_layout) {
  const auto rows_on = [](int vps) {
    solo_kernel k(vps);
    const auto p = k.create("parrot_neuron", 5), r = k.create("spike_recorder", 2), m = k.create("voltmeter"),
               n = k.create("iaf_psc_exp", 4);
    const dictionary drawn{{"weight", uniform(1, 2)}, {"delay", uniform(1, 3)}};
    k.connect(p, r, all_to_all, drawn);
    k.connect(m, n, {{"rule", "pairwise_bernoulli"}, {"p", 0.7}}, drawn);
    const auto c = k.connections();
    auto values = std::get<value>(k.call(api::get_connection_values{c, {"source", "target", "weight", "delay"}}));
    return *values.get_if<dictionary>();
  };
  const auto here = rows_on(GetParam()), there = rows_on(1);
  EXPECT_TRUE(here == there);
  auto weights = *here.find("weight")->get_if<reals>();
  std::sort(weights.begin(), weights.end());
  EXPECT_EQ(std::adjacent_find(weights.begin(), weights.end()), weights.end()) << "each has its own";
  EXPECT_GE(weights.front(), 1.0);
  EXPECT_LE(weights.back(), 2.0);
}

TEST_P(recording, refuses_drawn_delays_below_a_step_and_changes_nothing) {
  const auto p = k.create("parrot_neuron", 20), r = k.create("spike_recorder");
  try {
    k.connect(p, r, all_to_all, {{"delay", uniform(-1, 1)}});
    ADD_FAILURE() << "accepted";
  } catch (const api_error& e) {
    EXPECT_EQ(e.kind(), error_kind::BadDelay);
  }
  EXPECT_EQ(k.connections().size(), 0u);
  EXPECT_EQ(*k.status("num_connections").get_if<std::int64_t>(), 0);
}

TEST_P(recording, sets_weights_and_delays_of_some_of_the_connections) {
  const auto p = k.create("parrot_neuron", 3), r = k.create("spike_recorder"), m = k.create("voltmeter"),
             n = k.create("iaf_psc_alpha", 2);
  k.connect(p, r);
  k.connect(p, r, all_to_all, {{"weight", 2.0}});
  k.connect(m, n);
  auto c = k.connections({node_set{0, {{2, 2, 1}}}, {}, "", {}});
  ASSERT_EQ(c.size(), 2u);
  k.call(api::set_connection_values{c, dictionary{{"weight", reals{5, 6}}, {"delay", reals{1.5, 3.5}}}});
  k.call(api::set_connection_values{k.connections({m, n, "", {}}), dictionary{{"weight", 9.0}}});
  EXPECT_EQ(rows(), (std::vector<row>{{1, 4, 1, 1},
                                      {1, 4, 2, 1},
                                      {2, 4, 5, 1.5},
                                      {2, 4, 6, 3.5},
                                      {3, 4, 1, 1},
                                      {3, 4, 2, 1},
                                      {5, 6, 9, 1},
                                      {5, 7, 9, 1}}));
  EXPECT_EQ(delay("max_delay"), 3.5);
}

TEST_P(recording, numbers_that_were_set_are_part_of_an_image) {
  const auto build = [](solo_kernel& k) {
    k.connect(k.create("parrot_neuron", 3), k.create("spike_recorder"));
    k.simulate(1.0);
  };
  solo_kernel other(GetParam());
  build(k);
  build(other);
  k.call(api::set_connection_values{k.connections(), dictionary{{"weight", reals{5, 6, 7}}}});
  other.load(k.save());
  EXPECT_EQ(other.weights(other.connections()), (reals{5, 6, 7}));
}

TEST_P(recording, of_a_pair_that_is_connected_twice_counts_twice) {
  const auto p = k.create("poisson_generator", 1, {{"rate", 20000.0}}), t = train({1, 2}),
             c = k.create("parrot_neuron");
  const auto r = k.create("spike_recorder");
  k.connect(t, c);
  for (int i = 0; i < 2; ++i) {
    k.connect(c, r);
    k.connect(t, r);
  }
  k.simulate(5.0);
  EXPECT_EQ(events(r), (std::vector<event>{{1, 2}, {1, 2}, {2, 2}, {2, 2}, {2, 3}, {2, 3}, {3, 3}, {3, 3}}));
  const auto once = k.create("spike_recorder"), twice = k.create("spike_recorder");
  k.connect(p, once);
  k.connect(p, twice);
  k.connect(p, twice);
  k.simulate(100.0);
  const auto n1 = static_cast<double>(k.times(once).size()), n2 = static_cast<double>(k.times(twice).size());
  EXPECT_NEAR(n1, 2000, 300);
  EXPECT_NEAR(n2, 4000, 450);
  const auto times = k.times(twice);
  integers counts(1100);
  for (const double ms : times) ++counts[static_cast<std::size_t>(ms * 10 + 0.5)];
  EXPECT_TRUE(std::any_of(counts.begin(), counts.end(), [](auto n) { return n % 2 == 1; })) << "each draws on its own";
}

TEST_P(recording, of_many_single_connections_is_that_of_one_call) {
  const auto g = train({1.0, 1.5});
  const auto p = k.create("parrot_neuron", 20), r = k.create("spike_recorder", 2);
  k.connect(g, p);
  for (std::uint64_t i = 0; i < p.size(); ++i) k.connect({0, {{p[i], p[i], 1}}}, {0, {{r[0], r[0], 1}}});
  k.connect(p, {0, {{r[1], r[1], 1}}});
  k.simulate(5.0);
  EXPECT_EQ(k.senders({0, {{r[0], r[0], 1}}}).size(), 40u);
  EXPECT_EQ(events({0, {{r[0], r[0], 1}}}), events({0, {{r[1], r[1], 1}}}));
}

// ---- calls with nodes of several kinds

TEST_P(recording, connects_cells_and_recorders_by_one_call) {
  const auto g = train({1.0});
  const auto p = k.create("parrot_neuron", 2), r = k.create("spike_recorder");
  const node_set both{0, {{2, 4, 1}}};
  k.connect(g, both, all_to_all, {{"weight", matrix{3, 1, {1, 2, 3}}}, {"delay", matrix{3, 1, {1, 2, 3}}}});
  k.connect(p, both, all_to_all, {{"weight", matrix{3, 2, {1, 2, 3, 4, 5, 6}}}});
  EXPECT_EQ(rows(), (std::vector<row>{{1, 2, 1, 1},
                                      {1, 3, 2, 2},
                                      {1, 4, 3, 3},
                                      {2, 2, 1, 1},
                                      {2, 3, 3, 1},
                                      {2, 4, 5, 1},
                                      {3, 2, 2, 1},
                                      {3, 3, 4, 1},
                                      {3, 4, 6, 1}}));
  k.simulate(2.5);
  EXPECT_EQ(events(r), (std::vector<event>{{1, 1}, {2, 2}}));
}

TEST_P(recording, sources_of_currents_and_of_spikes_share_a_call_and_its_draws) {
  const auto network = [&](solo_kernel& k, bool mixed) {
    const auto n = k.create("iaf_psc_alpha", 6);
    k.create("parrot_neuron", 3);                         // 7, 8, 9
    k.create("dc_generator", 2, {{"amplitude", 100.0}});  // 10, 11
    const dictionary rule{{"rule", "fixed_indegree"}, {"indegree", 4}};
    const dictionary synapse{{"weight", uniform(1, 2)}, {"delay", uniform(1, 2)}};
    const auto plain = k.create("parrot_neuron", 2);  // 12, 13: in the place of the currents
    k.connect(mixed ? node_set{0, {{7, 11, 1}}} : node_set{0, {{7, 9, 1}, {12, 13, 1}}}, n, rule, synapse);
    return n;
  };
  network(k, true);
  solo_kernel other(GetParam());
  network(other, false);
  const auto of = [](solo_kernel& k, const node_set& sources) {
    const auto c = k.connections({sources, {}, "", {}});
    return std::pair(c.sources, c.targets);
  };
  // Which pairs there are does not depend on what the other sources send.
  const node_set parrots{0, {{7, 9, 1}}};
  EXPECT_EQ(of(k, parrots), of(other, parrots));
  EXPECT_EQ(k.weights(k.connections({parrots, {}, "", {}})), other.weights(other.connections({parrots, {}, "", {}})));
  EXPECT_EQ(of(k, {0, {{10, 11, 1}}}).second, of(other, {0, {{12, 13, 1}}}).second);
  EXPECT_EQ(k.connections().size(), 24u);
  k.simulate(3.0);
}

TEST_P(recording, pairs_of_several_kinds_may_be_given_one_by_one) {
  k.create("iaf_psc_alpha", 2);                        // 1, 2
  k.create("dc_generator", 1, {{"amplitude", 50.0}});  // 3
  k.create("spike_recorder");                          // 4
  k.create("voltmeter");                               // 5
  const dictionary numbers{{"weight", reals{1, 2, 3, 4}}};
  connect_one_by_one({3, 1, 5, 1}, {1, 2, 2, 4}, numbers);
  const std::vector<row> right{{1, 2, 2, 1}, {1, 4, 4, 1}, {3, 1, 1, 1}, {5, 2, 3, 1}};
  EXPECT_EQ(rows(), right);
  EXPECT_THROW(connect_one_by_one({3, 1}, {4, 2}), api_error) << "a current onto a recorder";
  EXPECT_EQ(rows(), right);
  k.simulate(2.0);
  EXPECT_EQ(events({0, {{5, 5, 1}}}), (std::vector<event>{{1, 2}}));
}

TEST_P(recording, one_to_one_pairs_are_judged_one_by_one) {
  k.create("iaf_psc_alpha");  // 1
  k.create("parrot_neuron");  // 2
  k.create("dc_generator");   // 3
  k.create("iaf_psc_alpha");  // 4
  k.connect({0, {{2, 3, 1}}}, {0, {{2, 2, 1}, {4, 4, 1}}}, one_to_one);
  EXPECT_EQ(rows(), (std::vector<row>{{2, 2, 1, 1}, {3, 4, 1, 1}}));
  EXPECT_THROW(k.connect({0, {{2, 3, 1}}}, {0, {{1, 2, 1}}}, one_to_one), api_error) << "a current onto a parrot";
}

// ---- meters

TEST_P(recording, without_quantities_has_no_events) {
  const auto n = k.create("iaf_psc_alpha", 3), m = k.create("multimeter");
  k.connect(m, n);
  k.simulate(8.0);
  EXPECT_EQ((*k.get(m, "n_events").get_if<integers>())[0], 0);
  EXPECT_TRUE(k.times(m).empty());
}

TEST_P(recording, by_two_meters_of_one_device_gives_each_its_own) {
  const auto g = k.create("dc_generator", 1, {{"amplitude", 30.0}}), n = k.create("iaf_psc_alpha");
  const std::vector<std::string> I{"I"};
  const auto a = k.create("multimeter", 1, {{"record_from", I}}),
             b = k.create("multimeter", 1, {{"record_from", I}, {"interval", 2.0}});
  k.connect(g, n);
  k.connect(a, g);
  k.connect(b, g);
  EXPECT_THROW(k.connect(a, g), api_error);
  k.simulate(5.0);
  EXPECT_EQ(events(a), (std::vector<event>{{1, 1}, {2, 1}, {3, 1}, {4, 1}}));
  EXPECT_EQ(events(b), (std::vector<event>{{2, 1}, {4, 1}}));
  EXPECT_EQ(*k.events(b).find("I")->get_if<reals>(), (reals{30, 30}));
}

TEST_P(recording, by_one_meter_twice_is_refused_however_it_is_asked_for) {
  const auto n = k.create("iaf_psc_alpha", 4), m = k.create("voltmeter");
  const auto refused = [&](const auto& call) {
    try {
      call();
      ADD_FAILURE() << "accepted";
    } catch (const api_error& e) {
      EXPECT_EQ(e.kind(), error_kind::IllegalConnection) << e.what();
    }
  };
  refused([&] { k.call(api::connect{m, n, all_to_all, {dictionary{}, dictionary{}}}); });
  refused([&] { connect_one_by_one({5, 5}, {1, 1}); });
  refused([&] { k.connect(m, n, {{"rule", "fixed_outdegree"}, {"outdegree", 40}}); });
  EXPECT_EQ(k.connections().size(), 0u);
  k.connect(m, {0, {{2, 4, 2}}});
  refused([&] { k.connect(m, n); });
  k.connect(m, {0, {{1, 3, 2}}});
  refused([&] { k.connect(m, {0, {{3, 3, 1}}}); });
  EXPECT_EQ(k.connections().size(), 4u);
  k.simulate(2.0);
  EXPECT_EQ(k.senders(m), (integers{1, 2, 3, 4}));
}

TEST_P(recording, lists_of_quantities_belong_to_each_meter) {
  const std::vector<std::string> one{"V_m"}, two{"V_m", "I_syn_ex"};
  const auto a = k.create("multimeter", 3, {{"record_from", one}}),
             b = k.create("multimeter", 2, {{"record_from", two}});
  k.set(a, {{"record_from", two}});
  EXPECT_EQ(k.get(a, "record_from"), value(std::vector<value>{two, two, two}));
  EXPECT_EQ(k.get(b, "record_from"), value(std::vector<value>{two, two}));
  const auto trains = k.create("spike_generator", 3, {{"spike_times", reals{1, 2}}});
  EXPECT_EQ(k.get(trains, "spike_times"), value(std::vector<value>{reals{1, 2}, reals{1, 2}, reals{1, 2}}));
}

// ---- weights

class weights : public recording {
 protected:
  // Nodes 1, 2: parrots; `watched` connects them with all.
  void SetUp() override {
    k.create("parrot_neuron", 2);
    recorder = k.create("weight_recorder");
    k.call(api::copy_model{"static_synapse", "watched", {{"weight_recorder", recorder}}});
  }
  node_set recorder;
};

INSTANTIATE_TEST_SUITE_P(vps, weights, testing::Values(1, 3));

TEST_P(weights, of_neurons_are_recorded_and_of_generators_are_not) {
  const auto g = train({1.0}), noise = k.create("poisson_generator", 1, {{"rate", 1e5}});
  const auto injector = k.create("spike_train_injector", 1, {{"spike_times", reals{1.0}}});
  const node_set parrots{0, {{1, 2, 1}}};
  const dictionary watched{{"synapse_model", "watched"}, {"weight", 3.0}};
  for (const auto& source : {g, noise, injector}) k.connect(source, parrots, all_to_all, watched);
  k.simulate(2.5);
  EXPECT_EQ(events(recorder), (std::vector<event>{{1, 6}, {1, 6}}));
  EXPECT_EQ(*k.events(recorder).find("weights")->get_if<reals>(), (reals{3, 3}));
}

TEST_P(weights, are_recorded_for_each_spike_of_a_multiplicity) {
  const node_set parrots{0, {{1, 2, 1}}};
  k.connect(train({1.0}, {3}), {0, {{1, 1, 1}}});
  k.connect({0, {{1, 1, 1}}}, {0, {{2, 2, 1}}}, all_to_all, {{"synapse_model", "watched"}});
  k.simulate(4.0);
  EXPECT_EQ(events(recorder), (std::vector<event>{{2, 1}, {2, 1}, {2, 1}}));
}

TEST_P(weights, of_some_senders_and_targets_only) {
  const node_set parrots{0, {{1, 2, 1}}};
  k.connect(train({1.0}), parrots);
  k.connect(parrots, parrots, all_to_all, {{"synapse_model", "watched"}});
  k.set(recorder, {{"senders", node_set{0, {{2, 2, 1}}}}, {"targets", integers{1}}});
  k.simulate(2.5);
  EXPECT_EQ(events(recorder), (std::vector<event>{{2, 2}}));
  EXPECT_EQ(*k.events(recorder).find("targets")->get_if<integers>(), (integers{1}));
}

TEST_P(weights, know_their_senders_and_targets_as_nodes) {
  const auto generation = k.get().generation();
  const auto senders = [&] {
    return *(*k.get(recorder, "senders").get_if<std::vector<value>>())[0].get_if<node_set>();
  };
  EXPECT_EQ(senders(), (node_set{generation, {}}));
  k.set(recorder, {{"senders", integers{1, 2}}});
  EXPECT_EQ(senders(), (node_set{generation, {{1, 2, 1}}}));
  const auto refused = [&](const value& v, error_kind kind) {
    try {
      k.set(recorder, {{"senders", v}});
      ADD_FAILURE() << "accepted";
    } catch (const api_error& e) {
      EXPECT_EQ(e.kind(), kind) << e.what();
    }
    EXPECT_EQ(senders(), (node_set{generation, {{1, 2, 1}}}));
  };
  refused(integers{1, 77}, error_kind::UnknownNode);
  refused(integers{0}, error_kind::UnknownNode);
  refused(integers{2, 1}, error_kind::BadProperty);
  refused(node_set{generation + 9, {{1, 1, 1}}}, error_kind::KernelException);
  refused(1.5, error_kind::TypeMismatch);
  k.set(recorder, {{"senders", empty_vector{}}});
  EXPECT_EQ(senders(), (node_set{generation, {}}));
  const auto two = k.create("weight_recorder", 2, {{"senders", node_set{0, {{2, 2, 1}}}}});
  EXPECT_EQ(k.get(two, "senders"),
            value(std::vector<value>{node_set{generation, {{2, 2, 1}}}, node_set{generation, {{2, 2, 1}}}}));
}

TEST_P(recording, spikes_that_travel_like_those_of_neurons_are_counted) {
  const auto p = k.create("parrot_neuron");
  k.connect(
      k.create("spike_train_injector", 1, {{"spike_times", reals{1, 2}}, {"spike_multiplicities", integers{1, 2}}}), p);
  k.connect(train({1.0}), p);
  k.simulate(5.0);
  // Three of the injector, and each of the four that came of the parrot.
  EXPECT_EQ(*k.status("local_spike_counter").get_if<std::int64_t>(), 7);
}

}  // namespace
}  // namespace volley::runtime
