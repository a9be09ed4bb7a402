// Kernels of several ranks agree, and their network is that of one kernel, bit for bit.
#include "tests/runtime/ranked_kernels.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <tuple>

#include "runtime/values/parameter.hpp"
#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

parameter_ref drawn(double low, double high) { return parameter::make({{operation::uniform, {}, {low, high}}}); }

bool says(const api::result& r, const std::string& part) {
  return ranked_kernels::text_of_failure(r).find(part) != std::string::npos;
}

using event = std::tuple<double, std::int64_t>;

std::multiset<event> events_in(const dictionary& recorded) {
  const auto& times = *recorded.find("times")->get_if<std::vector<double>>();
  const auto& senders = *recorded.find("senders")->get_if<std::vector<std::int64_t>>();
  std::multiset<event> all;
  for (std::size_t i = 0; i < times.size(); ++i) all.emplace(times[i], senders[i]);
  return all;
}

struct network_nodes {
  node_set cells, noise, recorder;
};

/// A driven network with drawn values, plastic and static connections.
template <class Kernel> network_nodes build(Kernel& k) {
  network_nodes n;
  n.cells = k.create("iaf_psc_alpha", 31, {{"I_e", 300.0}, {"V_m", drawn(-70.0, -56.0)}});
  n.noise = k.create("poisson_generator", 1, {{"rate", 9000.0}});
  n.recorder = k.create("spike_recorder");
  k.connect(n.noise, n.cells, {{"rule", "all_to_all"}}, {{"weight", drawn(10.0, 40.0)}, {"delay", 1.5}});
  k.connect(n.cells, n.cells, {{"rule", "fixed_indegree"}, {"indegree", 4}},
            {{"synapse_model", "stdp_synapse"}, {"weight", 30.0}, {"delay", drawn(1.0, 3.0)}});
  k.connect(n.cells, n.recorder);
  return n;
}

struct facts {
  std::multiset<event> events = {};
  std::multiset<std::tuple<std::int64_t, std::int64_t, double>> weights = {};
  std::int64_t connections = 0, spikes = 0;
  bool operator==(const facts&) const = default;
};

void add_weights(facts& to, const api::connection_columns& c, const std::vector<double>& weights) {
  for (std::size_t i = 0; i < c.size(); ++i) to.weights.emplace(c.sources[i], c.targets[i], weights[i]);
}

facts facts_of_one(std::int64_t vps) {
  solo_kernel k(vps);
  const auto n = build(k);
  k.simulate(30.5);
  k.simulate(20.0);
  facts f;
  f.events = events_in(k.events(n.recorder));
  const auto c = k.connections();
  add_weights(f, c, k.weights(c));
  f.connections = *k.status("num_connections").get_if<std::int64_t>();
  f.spikes = *k.status("local_spike_counter").get_if<std::int64_t>();
  return f;
}

facts facts_of_many(std::uint32_t ranks, std::int64_t vps_of_each, std::uint64_t seed) {
  ranked_kernels k(ranks, vps_of_each, seed);
  const auto n = build(k);
  if (seed % 2 == 1) k.status(static_cast<std::uint32_t>(seed % ranks), "num_connections");  // builds on one rank alone
  k.simulate(30.5);
  k.simulate(20.0);
  facts f;
  for (std::uint32_t rank = 0; rank < ranks; ++rank) {
    f.events.merge(events_in(k.events(rank, n.recorder)));
    const auto c = std::get<api::connection_columns>(*k.call_at(rank, api::get_connections{}));
    const auto values = std::get<value>(*k.call_at(rank, api::get_connection_values{c, {"weight"}}));
    add_weights(f, c, *values.get_if<dictionary>()->find("weight")->get_if<std::vector<double>>());
    f.connections += *k.status(rank, "num_connections").get_if<std::int64_t>();
    f.spikes += *k.status(rank, "local_spike_counter").get_if<std::int64_t>();
  }
  return f;
}

TEST(ranked_kernels, simulate_the_network_of_one_kernel) {
  const auto expected = facts_of_one(1);
  EXPECT_GT(expected.events.size(), 40u);
  EXPECT_EQ(facts_of_one(6), expected);
  for (const auto& [ranks, vps] : {std::pair{2u, 1}, {2u, 3}, {3u, 2}, {5u, 1}})
    for (std::uint64_t seed = 0; seed < 3; ++seed)
      EXPECT_EQ(facts_of_many(ranks, vps, seed), expected) << ranks << " ranks of " << vps << " VPs, seed " << seed;
}

TEST(ranked_kernels, each_answers_of_its_part) {
  ranked_kernels k(2, 1);
  const auto cells = k.create("iaf_psc_alpha", 3);
  EXPECT_EQ(k.get(0, cells, "local"), value(booleans{{0, 1, 0}}));
  EXPECT_EQ(k.get(1, cells, "V_m"), value(std::vector<value>{-70.0, value(), -70.0}));
  EXPECT_EQ(k.get(0, {cells.generation, {{1, 1, 1}}}, "V_m"), value(std::vector<value>{value()}));
  EXPECT_EQ(k.status(1, "mpi_rank"), value(1));
  EXPECT_EQ(k.status(1, "num_processes"), value(2));
  k.set_status({{"rng_seed", 5}});
  EXPECT_EQ(k.status(0, "rng_seed"), value(5));
}

TEST(ranked_kernels, each_sets_its_part) {
  ranked_kernels k(2, 1);
  const auto cells = k.create("iaf_psc_alpha", 4);
  const node_set second{cells.generation, {{2, 2, 1}}};
  ASSERT_TRUE(k.call_at(0, api::set_node_values{second, value(dictionary{{"V_m", -60.0}})}).has_value());
  EXPECT_EQ(k.get(0, second, "V_m"), value(std::vector<double>{-60.0}));
  k.simulate(1.0);
  EXPECT_FALSE(k.call_at(0, api::set_kernel_status{}).has_value()) << "it waits for the other";
  EXPECT_TRUE(k.call_at(1, api::set_kernel_status{}).has_value());
  EXPECT_TRUE(k.answer_of(0).has_value());
}

TEST(ranked_kernels, find_nodes_together) {
  ranked_kernels k(3, 1);
  const auto cells = k.create("iaf_psc_alpha", 7);
  const node_set some{cells.generation, {{2, 6, 2}}};
  for (std::uint32_t rank = 0; rank < 3; ++rank)
    k.call_at(rank, api::set_node_values{some, value(dictionary{{"C_m", 100.0}})});
  dictionary wanted{{"C_m", 100.0}};
  for (const auto& found : k.call(api::match_nodes{wanted})) EXPECT_EQ(std::get<node_set>(found).size(), 3u);
  wanted["local"] = true;
  const auto mine = k.call_at(2, api::match_nodes{wanted});
  EXPECT_EQ(std::get<node_set>(*mine).size(), 1u) << "id 2 of 2, 4 and 6";
}

TEST(ranked_kernels, refuse_together_what_one_refuses) {
  ranked_kernels k(2, 2);
  k.create("iaf_psc_alpha", 8);
  k.before_obeying = [](const shard& s, const order& o) {
    if (s.place().vp == 3 && std::holds_alternative<orders::add_nodes>(o))
      throw api_error(error_kind::BadProperty, "the fourth VP refuses");
  };
  const api::create_nodes more{"iaf_psc_alpha", 5, {}};
  for (const auto& r : k.call(more)) EXPECT_EQ(ranked_kernels::text_of_failure(r), "the fourth VP refuses");
  k.before_obeying = [](const shard&, const order&) {};
  for (std::uint32_t rank = 0; rank < 2; ++rank) EXPECT_EQ(k.status(rank, "network_size"), value(8));
  k.create("iaf_psc_alpha", 5);
  k.simulate(5.0);
  for (const auto& r : k.call(api::create_nodes{"no_such_model", 1, {}}))
    EXPECT_NE(ranked_kernels::failure_of(r), nullptr) << "all kernels refuse alike";
}

TEST(ranked_kernels, name_the_calls_of_scripts_that_go_apart) {
  ranked_kernels k(3, 1);
  const auto results = k.call({api::simulate{1.0}, api::simulate{1.0}, api::create_nodes{"iaf_psc_alpha", 2, {}}});
  for (const auto& r : results)
    EXPECT_TRUE(says(r, "rank 0 calls Simulate(1.0), rank 2 calls Create(\"iaf_psc_alpha\", 2)"))
        << ranked_kernels::text_of_failure(r);
  k.simulate(1.0);
  for (std::uint32_t rank = 0; rank < 3; ++rank) EXPECT_EQ(k.status(rank, "network_size"), value(0));
}

TEST(ranked_kernels, notice_draws_of_one_rank_alone) {
  ranked_kernels k(2, 1);
  k.call_at(1, api::evaluate{drawn(0.0, 1.0), {}, {}});
  for (const auto& r : k.call(api::create_nodes{"iaf_psc_alpha", 2, {}})) EXPECT_TRUE(says(r, "drew random numbers"));
  k.call(api::reset_kernel{});
  EXPECT_EQ(k.create("iaf_psc_alpha", 2).size(), 2u) << "what was before does not matter";
}

TEST(ranked_kernels, a_rank_without_nodes_takes_part) {
  ranked_kernels k(4, 1);
  const auto cells = k.create("iaf_psc_alpha", 2, {{"I_e", 500.0}});
  const auto recorder = k.create("spike_recorder");
  k.connect(cells, recorder);
  k.simulate(50.0);
  EXPECT_TRUE(events_in(k.events(0, recorder)).empty());
  EXPECT_FALSE(events_in(k.events(1, recorder)).empty());
  EXPECT_EQ(k.status(0, "num_connections"), value(0));
}

TEST(ranked_kernels, are_told_of_a_rank_that_has_died) {
  ranked_kernels k(3, 1);
  k.create("iaf_psc_alpha", 2);
  EXPECT_FALSE(k.call_at(0, api::simulate{1.0}).has_value());
  k.lose(1, "(process 5) has died");
  EXPECT_TRUE(says(*k.answer_of(0), "rank 1 (process 5) has died"));
  EXPECT_NE(ranked_kernels::failure_of(*k.call_at(2, api::simulate{1.0})), nullptr);
  EXPECT_EQ(k.status(2, "network_size"), value(2)) << "what is here can be read";
}

TEST(ranked_kernels, are_told_for_whom_they_wait) {
  ranked_kernels k(2, 1);
  EXPECT_FALSE(k.call_at(0, api::simulate{1.0}).has_value());
  k.tick(std::chrono::seconds(61));
  ASSERT_FALSE(k.notes().empty());
  EXPECT_EQ(k.notes()[0], "rank 1 has not come to Simulate(1.0), where rank 0 has waited for 61 s");
  k.end(1);
  EXPECT_TRUE(says(*k.answer_of(0), "script of rank 1 has ended"));
}

TEST(ranked_kernels, agree_on_delays_that_one_has_set) {
  ranked_kernels k(2, 1);
  const auto cells = k.create("iaf_psc_alpha", 4);
  k.connect(cells, cells, {{"rule", "one_to_one"}}, {{"delay", 3.0}});
  const auto c = std::get<api::connection_columns>(*k.call_at(1, api::get_connections{}));
  EXPECT_EQ(c.size(), 2u);
  k.call_at(1, api::set_connection_values{c, value(dictionary{{"delay", 2.0}})});
  k.simulate(10.0);
  for (std::uint32_t rank = 0; rank < 2; ++rank) {
    EXPECT_EQ(k.status(rank, "min_delay"), value(2.0));
    EXPECT_EQ(k.status(rank, "max_delay"), value(3.0));
  }
}

/// Pairs of nodes and their weights; a delay for all, or one each.
struct list_of_pairs {
  std::vector<std::int64_t> sources, targets;
  std::vector<double> weights, delays;
  void add(std::int64_t source, std::int64_t target, double weight, double delay) {
    sources.push_back(source);
    targets.push_back(target);
    weights.push_back(weight);
    delays.push_back(delay);
  }
  api::connect_arrays call(bool one_delay, bool of_rank) const {
    const auto delay = one_delay ? value(1.5) : value(delays);
    return {sources, targets, {{"synapse_model", "stdp_synapse"}, {"weight", weights}, {"delay", delay}}, of_rank};
  }
};

/// Calls that connect pairs one by one: new ones, those of sources and targets that are connected, some twice, and some
/// that end on one rank only, or nowhere.
std::vector<list_of_pairs> lists_of_pairs() {
  std::vector<list_of_pairs> calls(6);
  std::mt19937_64 random(3);
  for (int i = 0; i < 80; ++i) {
    const auto one = static_cast<std::int64_t>(1 + random() % 31), other = static_cast<std::int64_t>(1 + random() % 31);
    const double weight = 20.0 + static_cast<double>(random() % 100), delay = 1.0 + static_cast<double>(i % 3);
    calls[0].add(one, other, weight, delay);
    calls[1].add(other, one, weight, delay);
    if (i % 2 == 0) calls[2].add(one, other, weight + 1, delay);
    if (i % 5 == 0) calls[3].add(one, 12, weight, delay);
    if (other == 7) calls[4].add(one, 7, weight, delay);
  }
  return calls;
}

/// What each rank lists and all record, where pairs are told to all ranks or to each its own.
std::vector<value> network_of_pairs(std::uint32_t ranks, std::int64_t vps_of_each, bool of_rank) {
  ranked_kernels k(ranks, vps_of_each);
  k.create("iaf_psc_alpha", 31, {{"I_e", 400.0}});
  const auto recorder = k.create("spike_recorder");
  k.connect({1, {{1, 31, 1}}}, recorder);
  bool one_delay = false;
  for (const auto& pairs : lists_of_pairs()) {
    one_delay = !one_delay;
    std::vector<api::request> calls;
    for (std::uint32_t rank = 0; rank < ranks; ++rank) {
      list_of_pairs own;
      for (std::size_t i = 0; i < pairs.sources.size(); ++i)
        if (pairs.targets[i] % (ranks * vps_of_each) % ranks == rank)
          own.add(pairs.sources[i], pairs.targets[i], pairs.weights[i], pairs.delays[i]);
      if (of_rank || !pairs.sources.empty()) calls.push_back((of_rank ? own : pairs).call(one_delay, of_rank));
    }
    if (calls.empty()) continue;
    for (const auto& r : k.call(calls)) EXPECT_EQ(ranked_kernels::failure_of(r), nullptr);
  }
  std::vector<value> found;
  for (std::uint32_t rank = 0; rank < ranks; ++rank) {
    const auto c = std::get<api::connection_columns>(*k.call_at(rank, api::get_connections{}));
    for (const auto& column : {c.sources, c.targets}) found.emplace_back(column);
    found.push_back(std::get<value>(*k.call_at(rank, api::get_connection_values{c, {"weight", "delay", "port"}})));
    for (const char* key : {"num_connections", "min_delay", "max_delay", "memory_connections"})
      found.push_back(k.status(rank, key));
  }
  k.simulate(60.0);
  for (std::uint32_t rank = 0; rank < ranks; ++rank) {
    found.emplace_back(k.events(rank, recorder));
    EXPECT_EQ(k.at(rank).digest(), k.at(0).digest());
  }
  return found;
}

TEST(ranked_kernels, connect_pairs_of_their_own_as_all_connect_all) {
  for (const auto& [ranks, vps] : {std::pair{1u, 2}, {2u, 1}, {2u, 2}, {3u, 1}, {5u, 1}})
    EXPECT_EQ(network_of_pairs(ranks, vps, true), network_of_pairs(ranks, vps, false)) << ranks << " ranks";
}

TEST(ranked_kernels, refuse_pairs_that_all_would_have_to_know) {
  ranked_kernels k(2, 1);
  k.create("iaf_psc_alpha", 4);
  k.create("spike_recorder");
  k.create("poisson_generator", 1);
  const auto refused = [&](std::vector<api::request> calls, const std::string& why) {
    for (const auto& r : k.call(calls)) EXPECT_TRUE(says(r, why)) << ranked_kernels::text_of_failure(r);
    k.set_status({});
    EXPECT_EQ(k.status(0, "num_connections"), value(0));
  };
  const api::connect_arrays none{{}, {}, {}, true}, good{{1}, {2}, {}, true};
  refused({good, good}, "the target 2 lives on another rank, and these are connections of rank 1");
  refused({api::connect_arrays{{1}, {99}, {}, true}, none}, "99");
  refused({api::connect_arrays{{1, 2}, {2}, {}, true}, none}, "2 sources and 1 targets");
  refused({none, api::connect_arrays{{1}, {5}, {}, true}}, "give all connections to all ranks");
  refused({good, api::connect_arrays{{6}, {3}, {}, true}}, "sources of one kind");
  const dictionary near{{"delay", 1.0}}, far{{"delay", 2.0}};
  refused({api::connect_arrays{{1}, {2}, near, true}, api::connect_arrays{{1}, {3}, far, true}}, "different arguments");
  refused({good, api::connect_arrays{{1}, {3}, {}, false}}, "rank 0 calls Connect of pairs of its own");
}

TEST(ranked_kernels, load_no_modules) {
  ranked_kernels k(2, 1);
  for (const auto& r : k.call(api::set_kernel_status{dictionary{{"modules", std::vector<std::string>{"some"}}}}))
    EXPECT_NE(ranked_kernels::failure_of(r), nullptr);
}

}  // namespace
}  // namespace volley::runtime
