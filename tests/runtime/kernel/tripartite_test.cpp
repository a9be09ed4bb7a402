// TripartiteConnect on whole networks: how many connections, which values, in which order, what is refused.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "runtime/base/error.hpp"
#include "runtime/values/parameter.hpp"
#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

using columns = api::connection_columns;

const dictionary all_to_all{{"rule", "all_to_all"}}, with_pool{{"rule", "third_factor_bernoulli_with_pool"}};

parameter_ref uniform(double low, double high) { return parameter::make({{operation::uniform, {}, {low, high}}}); }

struct tripartite {
  explicit tripartite(int vps = 1) : k(vps) {}

  void connect(const dictionary& rule = all_to_all, const dictionary& third_rule = with_pool,
               std::vector<dictionary> primary = {{}}, std::vector<dictionary> third_in = {{}},
               std::vector<dictionary> third_out = {{}}) {
    k.call(api::tripartite_connect{pre, post, third, rule, third_rule, std::move(primary), std::move(third_in),
                                   std::move(third_out)});
  }
  columns between(const node_set& a, const node_set& b) { return k.connections({a, b, {}, {}}); }
  std::optional<error_kind> refused(const dictionary& rule, const dictionary& third_rule,
                                    std::vector<dictionary> third_in = {{}}) {
    try {
      connect(rule, third_rule, {{}}, std::move(third_in));
    } catch (const api_error& e) {
      return e.kind();
    }
    return std::nullopt;
  }

  solo_kernel k;
  node_set pre = k.create("parrot_neuron", 8), post = k.create("iaf_psc_alpha", 6),
           third = k.create("parrot_neuron", 4);
};

/// Everything about the connections of a network.
struct picture {
  columns all;
  std::vector<double> weights;
  bool operator==(const picture&) const = default;
};
picture picture_of(solo_kernel& k) {
  auto all = k.connections();
  auto weights = k.weights(all);
  return {std::move(all), std::move(weights)};
}

TEST(tripartite_connect, makes_two_more_connections_for_each_with_a_third_factor) {
  tripartite t;
  t.connect();
  EXPECT_EQ(t.between(t.pre, t.post).size(), 48u);
  EXPECT_EQ(t.between(t.pre, t.third).size(), 48u);
  EXPECT_EQ(t.between(t.third, t.post).size(), 48u);
  EXPECT_EQ(t.k.status("num_connections"), value(144));
}

TEST(tripartite_connect, the_same_network_on_any_number_of_vps) {
  const auto made = [](int vps) {
    tripartite t(vps);
    const dictionary static_one{{"weight", uniform(1, 2)}, {"delay", uniform(1, 3)}};
    t.connect({{"rule", "fixed_outdegree"}, {"outdegree", 9}},
              {{"rule", "third_factor_bernoulli_with_pool"}, {"p", 0.7}, {"pool_size", 2}}, {static_one},
              {static_one, {{"synapse_model", "stdp_synapse"}}}, {static_one});
    return picture_of(t.k);
  };
  const auto one = made(1);
  EXPECT_GT(one.all.size(), 150u);
  for (const int vps : {2, 3, 7}) EXPECT_EQ(made(vps), one) << vps;
}

TEST(tripartite_connect, nodes_may_have_several_parts) {
  const auto made = [](int vps) {
    solo_kernel k(vps);
    const auto all = k.create("parrot_neuron", 20);
    const node_set some{all.generation, {{2, 2, 1}, {6, 18, 3}}};
    k.call(api::tripartite_connect{all,
                                   all,
                                   some,
                                   all_to_all,
                                   {{"rule", "third_factor_bernoulli_with_pool"}, {"pool_size", 2}},
                                   {{{"weight", uniform(0, 1)}}},
                                   {{{"weight", uniform(0, 1)}}},
                                   {{{"weight", uniform(0, 1)}}}});
    return picture_of(k);
  };
  const auto one = made(1);
  EXPECT_EQ(one.all.size(), 1200u);
  EXPECT_EQ(std::set<double>(one.weights.begin(), one.weights.end()).size(), 1200u)
      << "connections with the same ends have draws of their own";
  for (const int vps : {2, 3, 7}) EXPECT_EQ(made(vps), one) << vps;
}

TEST(tripartite_connect, values_and_models_are_those_of_their_part) {
  tripartite t;
  t.connect(all_to_all, with_pool, {{{"weight", 2.0}}}, {{{"synapse_model", "stdp_synapse"}, {"weight", 3.0}}},
            {{{"weight", 4.0}, {"delay", 2.5}}, {{"weight", 5.0}}});
  const auto weights = [&](const node_set& a, const node_set& b) {
    const auto all = t.k.weights(t.between(a, b));
    return std::map<double, std::size_t>{{all.front(), static_cast<std::size_t>(std::ranges::count(all, all.front()))},
                                         {all.back(), static_cast<std::size_t>(std::ranges::count(all, all.back()))}};
  };
  EXPECT_EQ(weights(t.pre, t.post), (std::map<double, std::size_t>{{2.0, 48}}));
  EXPECT_EQ(weights(t.pre, t.third), (std::map<double, std::size_t>{{3.0, 48}}));
  EXPECT_EQ(t.between(t.third, t.post).size(), 96u);
  EXPECT_EQ(t.k.connections({{}, {}, "stdp_synapse", {}}).size(), 48u);
}

TEST(tripartite_connect, spikes_go_by_the_third_factor) {
  for (const int vps : {1, 3}) {
    solo_kernel k(vps);
    const auto source = k.create("spike_train_injector", 1, {{"spike_times", std::vector<double>{1.0}}});
    const auto target = k.create("parrot_neuron"), third = k.create("parrot_neuron"),
               spikes = k.create("spike_recorder");
    k.call(api::tripartite_connect{source, target, third, all_to_all, with_pool, {{}}, {{}}, {{}}});
    k.connect(target, spikes);
    k.simulate(10.0);
    EXPECT_EQ(k.times(spikes), (std::vector<double>{2.0, 3.0})) << "straight, and by way of the third";
  }
}

TEST(tripartite_connect, calls_are_listed_one_after_another) {
  for (const int vps : {1, 3}) {
    tripartite t(vps);
    t.third = t.pre;  // of the same call, some connect nodes that others connect, too
    t.post = t.pre;
    const auto list = [&] { return t.between({t.pre.generation, {{1, 1, 1}}}, t.pre).targets; };
    t.connect();
    const auto first = list();
    EXPECT_TRUE(std::ranges::is_sorted(first));
    t.connect();
    const auto both = list();
    ASSERT_GT(both.size(), first.size());
    EXPECT_TRUE(std::equal(first.begin(), first.end(), both.begin())) << "the first call's come first";
    EXPECT_TRUE(std::is_sorted(both.begin() + static_cast<std::ptrdiff_t>(first.size()), both.end()));
  }
}

struct layered {
  explicit layered(int vps) : k(vps) {}
  /// Nine nodes on a grid of cells with sides of 1.
  node_set layer(double x) {
    const dictionary grid{{"shape", std::vector<std::int64_t>{3, 3}},
                          {"extent", std::vector<double>{3, 3}},
                          {"center", std::vector<double>{x, 0}}};
    return std::get<node_set>(k.call(api::create_nodes{"parrot_neuron", 1, {}, value(grid)}));
  }
  solo_kernel k;
};

/// Each node to its neighbours, on both sides, above and below.
dictionary to_neighbours() {
  const dictionary circle{{"circular", value(dictionary{{"radius", 1.2}})}};
  return {{"rule", "pairwise_bernoulli"}, {"p", 1.0}, {"mask", value(circle)}, {"allow_autapses", false}};
}

TEST(tripartite_connect, follows_rules_in_space) {
  const auto far = parameter::make({{operation::distance, {}, {0}}});
  const auto made = [&](int vps) {
    layered l(vps);
    const auto cells = l.layer(0), third = l.layer(5);
    const dictionary blocks{{"rule", "third_factor_bernoulli_with_pool"}, {"pool_size", 1}, {"pool_type", "block"}};
    l.k.call(api::tripartite_connect{
        cells, cells, third, to_neighbours(), blocks, {{{"weight", far}}}, {{{"weight", far}}}, {{{"weight", far}}}});
    EXPECT_EQ(l.k.weights(l.k.connections({cells, cells, {}, {}})), std::vector<double>(24, 1.0));
    EXPECT_EQ(l.k.connections({cells, third, {}, {}}).size(), 24u);
    EXPECT_EQ(l.k.weights(l.k.connections({third, cells, {}, {}})), std::vector<double>(24, 5.0))
        << "the third of a target lies 5 to its right";
    return picture_of(l.k);
  };
  const auto one = made(1);
  for (const int vps : {2, 3}) EXPECT_EQ(made(vps), one) << vps;
}

TEST(tripartite_connect, parameters_of_space_need_positions_on_both_sides) {
  layered l(2);
  const auto cells = l.layer(0), nowhere = l.k.create("parrot_neuron", 9);
  const auto far = parameter::make({{operation::distance, {}, {0}}});
  const auto refusal = [&](const api::tripartite_connect& c) -> std::optional<error_kind> {
    try {
      l.k.call(c);
    } catch (const api_error& e) {
      return e.kind();
    }
    return std::nullopt;
  };
  const std::vector<dictionary> plain{{}}, by_distance{{{"weight", far}}},
      with_more{{{"weight", far}, {"synapse_model", "stdp_synapse"}, {"Wmax", 9.0}}};
  EXPECT_EQ(refusal({cells, cells, nowhere, all_to_all, with_pool, plain, by_distance, plain}), error_kind::TypeError);
  EXPECT_EQ(refusal({cells, cells, nowhere, all_to_all, with_pool, plain, plain, by_distance}), error_kind::TypeError);
  EXPECT_EQ(refusal({cells, nowhere, cells, to_neighbours(), with_pool, plain, plain, plain}), error_kind::TypeError);
  EXPECT_EQ(refusal({cells, cells, cells, all_to_all, with_pool, plain, with_more, plain}), error_kind::ValueError);
  EXPECT_EQ(l.k.connections().size(), 0u);
}

TEST(tripartite_connect, a_refused_call_changes_nothing) {
  tripartite refused, plain;
  const dictionary pool{{"rule", "third_factor_bernoulli_with_pool"}, {"pool_size", 2}};
  const dictionary bernoulli{{"rule", "pairwise_bernoulli"}, {"p", 0.5}};
  EXPECT_EQ(refused.refused({{"rule", "one_to_one"}}, pool), error_kind::DimensionMismatch);
  EXPECT_EQ(refused.refused({{"rule", "one_to_one"}}, {{"rule", "one_to_one"}}), error_kind::IllegalConnection);
  EXPECT_EQ(refused.refused(bernoulli, {{"rule", "one_to_one"}}), error_kind::IllegalConnection);
  EXPECT_EQ(refused.refused(bernoulli, pool, {{{"delay", uniform(-1, 0)}}}), error_kind::BadDelay);
  EXPECT_EQ(refused.k.connections().size(), 0u);
  for (auto* t : {&refused, &plain}) t->connect(bernoulli, pool);
  EXPECT_EQ(picture_of(refused.k), picture_of(plain.k)) << "draws are those of a network without refused calls";
}

TEST(tripartite_connect, refuses_what_the_contract_refuses) {
  tripartite t;
  EXPECT_EQ(t.refused({{"rule", "all_to_all"}, {"make_symmetric", true}}, with_pool), error_kind::BadProperty);
  EXPECT_EQ(t.refused({{"rule", "symmetric_pairwise_bernoulli"}, {"p", 0.5}}, with_pool), error_kind::BadProperty);
  EXPECT_EQ(t.refused({{"rule", "third_factor_bernoulli_with_pool"}}, with_pool), error_kind::BadProperty);
  EXPECT_EQ(t.refused(all_to_all, with_pool, {{{"weight", std::vector<double>{1, 2}}}}), error_kind::ValueError);
  EXPECT_EQ(t.refused(all_to_all, with_pool, {{{"synapse_model", "none_such"}}}), error_kind::UnknownSynapseType);
  EXPECT_EQ(t.refused(all_to_all, with_pool, {{{"wait", 1.0}}}), error_kind::UnaccessedDictionaryEntry);
  t.third = {};
  EXPECT_EQ(t.refused(all_to_all, with_pool), error_kind::IllegalConnection);
  EXPECT_EQ(t.k.connections().size(), 0u);
}

TEST(tripartite_connect, third_factors_of_devices_are_refused_with_the_rule) {
  tripartite t;
  t.post = t.k.create("spike_recorder");
  EXPECT_EQ(t.refused(all_to_all, with_pool), error_kind::IllegalConnection);
  EXPECT_EQ(t.k.connections().size(), 0u);
}

TEST(tripartite_connect, connect_does_not_know_the_rule) {
  tripartite t;
  EXPECT_THROW(t.k.connect(t.pre, t.post, with_pool), api_error);
  const auto rules = t.k.status("connection_rules");
  EXPECT_FALSE(std::ranges::count(*rules.get_if<std::vector<std::string>>(), "third_factor_bernoulli_with_pool"));
}

TEST(tripartite_connect, a_dry_run_counts) {
  solo_kernel k(1, no_memory_limit, true);
  const auto pre = k.create("parrot_neuron", 8), post = k.create("iaf_psc_alpha", 6),
             third = k.create("parrot_neuron", 4);
  k.call(api::tripartite_connect{
      pre, post, third, all_to_all, {{"rule", "third_factor_bernoulli_with_pool"}, {"p", 0.5}}, {{}}, {{}}, {{}}});
  EXPECT_EQ(k.status("num_connections"), value(96));
}

}  // namespace
}  // namespace volley::runtime
