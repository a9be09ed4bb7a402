// Connections keep their identity while they and their neighbours are edited, on any number of VPs; edits leave nothing
// behind.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "runtime/values/parameter.hpp"
#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

using columns = api::connection_columns;

const dictionary all_to_all{{"rule", "all_to_all"}}, one_to_one{{"rule", "one_to_one"}};

columns part_of(const columns& c, std::size_t from, std::size_t to) {
  columns part;
  part.generation = c.generation;
  for (const auto member : {&columns::sources, &columns::targets, &columns::models, &columns::ports})
    (part.*member)
        .assign((c.*member).begin() + static_cast<std::ptrdiff_t>(from),
                (c.*member).begin() + static_cast<std::ptrdiff_t>(to));
  return part;
}
columns one_of(const columns& c, std::size_t i) { return part_of(c, i, i + 1); }

parameter_ref uniform(double low, double high) { return parameter::make({{operation::uniform, {}, {low, high}}}); }

class connection_edits : public testing::TestWithParam<int> {
 protected:
  solo_kernel k{GetParam()};

  void set(const columns& c, dictionary values) { k.call(api::set_connection_values{c, value(std::move(values))}); }
  void disconnect(const columns& c) { k.call(api::disconnect_connections{c}); }
  value get(const columns& c, const std::string& key) {
    return *std::get<value>(k.call(api::get_connection_values{c, {key}})).get_if<dictionary>()->find(key);
  }
  std::vector<double> numbers(const columns& c, const std::string& key) {
    return *get(c, key).get_if<std::vector<double>>();
  }
  bool exists(const columns& c) {
    try {
      get(c, "weight");
      return true;
    } catch (const api_error& e) {
      EXPECT_EQ(e.kind(), error_kind::InexistentConnection);
      return false;
    }
  }
  /// Two nodes, connected once for each weight; delays[i] is that of the i-th.
  columns multapses(const std::vector<double>& delays, const std::string& model = "static_synapse") {
    nodes = k.create("iaf_psc_alpha", 9);
    for (std::size_t i = 0; i < delays.size(); ++i)
      k.connect(at(1), at(4), all_to_all, {{"synapse_model", model}, {"weight", double(i + 1)}, {"delay", delays[i]}});
    return k.connections();
  }
  std::uint64_t connection_bytes() {
    std::uint64_t bytes = 0;
    for (int vp = 0; vp < GetParam(); ++vp) bytes += k.shard_at(static_cast<std::size_t>(vp)).bytes().connections;
    return bytes;
  }
  node_set at(std::uint64_t first, std::uint64_t last = 0) const {
    return {nodes.generation, {{first, std::max(first, last), 1}}};
  }

  node_set nodes;
};

INSTANTIATE_TEST_SUITE_P(vps, connection_edits, testing::Values(1, 2, 3, 7));

TEST_P(connection_edits, multapses_of_one_call_have_one_order_whatever_other_calls_mark_in_their_row) {
  nodes = k.create("parrot_neuron", 3);
  k.connect(at(1), at(2, 3), {{"rule", "fixed_indegree"}, {"indegree", std::int64_t{8}}}, {{"delay", uniform(1, 90)}});
  k.connect(at(1), at(2));  // is marked; its row is on the VP of the other target where there is one VP only
  const auto c = k.connections();
  const auto delays = numbers(c, "delay");
  std::vector<double> of_third;
  for (std::size_t i = 0; i < c.size(); ++i)
    if (c.targets[i] == 3) of_third.push_back(delays[i]);
  ASSERT_EQ(of_third.size(), 8u);
  EXPECT_TRUE(std::ranges::is_sorted(of_third)) << testing::PrintToString(of_third);
}

TEST_P(connection_edits, are_told_with_the_vp_that_keeps_them) {
  const auto neurons = k.create("iaf_psc_alpha", 3), recorder = k.create("spike_recorder"),
             generator = k.create("spike_generator"), meter = k.create("multimeter");
  for (const auto& [from, to] : {std::pair{neurons, recorder}, {generator, neurons}, {meter, neurons}})
    k.connect(from, to);
  k.connect(generator, recorder);
  const auto c = k.connections();
  ASSERT_EQ(c.size(), 10u);
  const auto threads = get(c, "target_thread");
  for (std::size_t i = 0; i < c.size(); ++i) {
    const auto keeper = c.targets[i] == 4 && c.sources[i] <= 3 ? c.sources[i] : c.targets[i];
    EXPECT_EQ((*threads.get_if<std::vector<std::int64_t>>())[i], keeper % GetParam())
        << c.sources[i] << " to " << c.targets[i];
  }
}

TEST_P(connection_edits, a_connection_is_removed_once) {
  const auto c = multapses({1.0, 1.0});
  const auto first = one_of(c, 0);
  disconnect(first);
  EXPECT_THROW(disconnect(first), api_error);
  EXPECT_FALSE(exists(first));
  EXPECT_EQ(numbers(one_of(c, 1), "weight"), std::vector<double>{2.0});
  EXPECT_EQ(k.connections().ports, std::vector<std::int64_t>{1});
}

TEST_P(connection_edits, numbers_follow_the_calls_whatever_the_delays) {
  const auto c = multapses({3.0, 1.0, 2.0, 1.0});
  EXPECT_EQ(c.ports, (std::vector<std::int64_t>{0, 1, 2, 3}));
  EXPECT_EQ(numbers(c, "weight"), (std::vector<double>{1, 2, 3, 4}));
  EXPECT_EQ(numbers(c, "delay"), (std::vector<double>{3, 1, 2, 1}));
}

TEST_P(connection_edits, a_new_delay_takes_the_number_along) {
  for (const std::string model : {"static_synapse", "stdp_synapse", "ht_synapse", "quantal_stp_synapse"}) {
    k.call(api::reset_kernel{});
    const auto c = multapses({1.0, 1.0, 1.0}, model);
    set(one_of(c, 0), {{"delay", 2.0}});
    EXPECT_EQ(numbers(c, "weight"), (std::vector<double>{1, 2, 3}));
    EXPECT_EQ(numbers(c, "delay"), (std::vector<double>{2, 1, 1}));
    set(one_of(c, 1), {{"delay", 3.0}});
    set(one_of(c, 0), {{"delay", 1.0}});
    EXPECT_EQ(numbers(c, "delay"), (std::vector<double>{1, 3, 1}));
    EXPECT_EQ(numbers(c, "weight"), (std::vector<double>{1, 2, 3}));
    EXPECT_EQ(k.connections(), c);
  }
}

TEST_P(connection_edits, a_number_is_not_given_twice) {
  const auto c = multapses({1.0, 1.0});
  const auto last = one_of(c, 1);
  disconnect(last);
  k.connect(at(1), at(4), all_to_all, {{"weight", 9.0}});
  EXPECT_FALSE(exists(last));
  EXPECT_EQ(k.connections().ports, (std::vector<std::int64_t>{0, 2}));
  EXPECT_EQ(k.weights(k.connections()), (std::vector<double>{1, 9}));
  disconnect(k.connections());
  k.connect(at(1), at(4), all_to_all, {{"weight", 10.0}});
  EXPECT_EQ(k.connections().ports, std::vector<std::int64_t>{3});
  for (std::size_t i = 0; i < c.size(); ++i) EXPECT_FALSE(exists(one_of(c, i)));
}

TEST_P(connection_edits, handles_outlive_everything_that_happens_to_others) {
  nodes = k.create("iaf_psc_alpha", 30);
  const dictionary rule{{"rule", "fixed_indegree"}, {"indegree", 20}};  // with multapses
  k.connect(nodes, nodes, rule, {{"weight", uniform(1, 2)}, {"delay", uniform(1, 4)}});
  k.connect(nodes, nodes, rule, {{"weight", uniform(3, 4)}, {"delay", uniform(1, 4)}});
  const auto c = k.connections();
  std::map<std::size_t, double> weight, delay;
  const auto weights = numbers(c, "weight"), delays = numbers(c, "delay");
  for (std::size_t i = 0; i < c.size(); ++i) weight[i] = weights[i], delay[i] = delays[i];
  const auto check = [&] {
    for (std::size_t i = 0; i < c.size(); i += 7) {
      if (!weight.contains(i)) {
        EXPECT_FALSE(exists(one_of(c, i))) << i;
        continue;
      }
      ASSERT_TRUE(exists(one_of(c, i))) << i;
      EXPECT_EQ(numbers(one_of(c, i), "weight")[0], weight[i]) << i;
      EXPECT_DOUBLE_EQ(numbers(one_of(c, i), "delay")[0], delay[i]) << i;
    }
  };
  for (std::size_t i = 0; i < c.size(); i += 3) {
    if (i % 2 == 0) {
      disconnect(one_of(c, i));
      weight.erase(i);
    } else {
      delay[i] = 1.0 + double(i % 25) / 10;
      set(one_of(c, i), {{"delay", delay[i]}});
    }
  }
  check();
  k.connect(nodes, nodes, rule, {{"weight", 5.0}, {"delay", uniform(1, 4)}});
  k.simulate(3.0);
  check();
  for (std::size_t i = 1; i < c.size(); i += 11) {
    if (!weight.contains(i)) continue;
    weight[i] = -1.0;
    set(one_of(c, i), {{"weight", -1.0}});
  }
  check();
  const auto found = k.connections();
  EXPECT_EQ(found.size(), weight.size() + 600);
  for (std::size_t i = 1; i < found.size(); ++i) {
    const auto name = [&](std::size_t n) { return std::tuple(found.sources[n], found.targets[n], found.ports[n]); };
    ASSERT_NE(name(i), name(i - 1));
  }
}

TEST_P(connection_edits, connections_of_a_source_come_in_the_order_of_their_making) {
  nodes = k.create("iaf_psc_alpha", 9);
  k.connect(at(1), at(7, 9));
  k.connect(at(1), at(2, 3), all_to_all, {{"delay", 0.5}});
  k.connect(at(2), at(5));
  k.connect(at(1), at(8), all_to_all, {{"delay", 0.2}});
  k.connect(at(2), at(4));
  const auto c = k.connections();
  EXPECT_EQ(c.sources, (std::vector<std::int64_t>{1, 1, 1, 1, 1, 1, 2, 2}));
  EXPECT_EQ(c.targets, (std::vector<std::int64_t>{7, 8, 9, 2, 3, 8, 5, 4}));
  EXPECT_EQ(c.ports, (std::vector<std::int64_t>{0, 0, 0, 0, 0, 1, 0, 0}));
  set(one_of(c, 1), {{"delay", 3.0}});
  EXPECT_EQ(k.connections(), c);
  EXPECT_EQ(k.connections({at(1), at(8), "", {}}).ports, (std::vector<std::int64_t>{0, 1}));
}

TEST_P(connection_edits, collocated_and_listed_connections_are_numbered_as_they_are_given) {
  nodes = k.create("iaf_psc_alpha", 4);
  k.call(api::connect{
      at(1), at(2, 4), all_to_all, {{{"weight", 1.0}, {"delay", 2.0}}, {{"weight", 2.0}, {"delay", 1.0}}}});
  k.call(api::connect_arrays{
      {3, 3, 3}, {4, 2, 4}, {{"weight", std::vector<double>{5, 6, 7}}, {"delay", std::vector<double>{3, 2, 1}}}});
  const auto c = k.connections();
  EXPECT_EQ(c.targets, (std::vector<std::int64_t>{2, 2, 3, 3, 4, 4, 2, 4, 4}));
  EXPECT_EQ(c.ports, (std::vector<std::int64_t>{0, 1, 0, 1, 0, 1, 0, 0, 1}));
  EXPECT_EQ(k.weights(c), (std::vector<double>{1, 2, 1, 2, 1, 2, 6, 5, 7}));
}

TEST_P(connection_edits, removal_by_nodes_takes_the_oldest_of_each_pair) {
  nodes = k.create("iaf_psc_alpha", 6);
  for (const double weight : {1.0, 2.0})
    k.connect(at(1, 2), at(3, 6), all_to_all, {{"weight", weight}, {"delay", 3 - weight}});
  const auto remove = [&](const node_set& sources, const node_set& targets, const dictionary& rule) {
    k.call(api::disconnect{sources, targets, rule, {}});
  };
  remove(at(1, 2), at(3, 4), one_to_one);
  EXPECT_EQ(k.connections().size(), 14u);
  EXPECT_EQ(k.weights(k.connections({at(1), at(3), "", {}})), std::vector<double>{2});
  remove(at(1, 2), at(5, 6), all_to_all);
  EXPECT_EQ(k.connections().size(), 10u);
  EXPECT_EQ(k.weights(k.connections({at(1), at(5, 6), "", {}})), (std::vector<double>{2, 2}));
  const auto before = k.connections();
  remove(at(1), at(3), one_to_one);
  EXPECT_THROW(remove(at(1, 2), at(3, 6), all_to_all), api_error);  // 1 and 3 are not connected any more
  EXPECT_EQ(k.connections().size(), before.size() - 1);
  remove(at(1, 2), at(4, 6), all_to_all);
  EXPECT_EQ(k.connections().size(), 3u);
  EXPECT_EQ(*k.status("num_connections").get_if<std::int64_t>(), 3);
}

TEST_P(connection_edits, one_refused_value_changes_nothing) {
  nodes = k.create("iaf_psc_alpha", 8);
  k.connect(nodes, nodes, all_to_all, {{"synapse_model", "stdp_synapse"}, {"weight", 1.0}});
  const auto c = k.connections();
  std::vector<double> weights(c.size(), 2.0);
  weights[c.size() / 2] = -1.0;  // of another sign than Wmax
  for (const auto& key : {"weight", "Wmax"}) EXPECT_THROW(set(c, {{key, weights}, {"delay", 2.0}}), api_error);
  EXPECT_EQ(k.weights(c), std::vector<double>(c.size(), 1.0));
  EXPECT_EQ(numbers(c, "delay"), std::vector<double>(c.size(), 1.0));
  auto gone = c;
  gone.ports.back() = 1;
  EXPECT_THROW(set(gone, {{"weight", 3.0}}), api_error);
  EXPECT_THROW(disconnect(gone), api_error);
  gone = one_of(c, 0);
  gone.sources.push_back(1), gone.targets.push_back(1), gone.models.push_back(gone.models[0]), gone.ports.push_back(0);
  EXPECT_THROW(disconnect(gone), api_error);  // twice the same
  EXPECT_EQ(k.weights(k.connections()), std::vector<double>(c.size(), 1.0));
}

TEST_P(connection_edits, each_connection_gets_what_its_dictionary_says) {
  nodes = k.create("iaf_psc_alpha", 3);
  k.connect(nodes, nodes, one_to_one, {{"synapse_model", "stdp_synapse"}});
  const auto c = k.connections();
  const std::vector<value> each{dictionary{{"weight", 5.0}}, dictionary{}, dictionary{{"lambda", 0.5}, {"delay", 2.0}}};
  k.call(api::set_connection_values{c, each});
  EXPECT_EQ(k.weights(c), (std::vector<double>{5, 1, 1}));
  EXPECT_EQ(numbers(c, "lambda"), (std::vector<double>{0.01, 0.01, 0.5}));
  EXPECT_EQ(numbers(c, "delay"), (std::vector<double>{1, 1, 2}));
}

TEST_P(connection_edits, connections_with_equal_parameters_share_their_traces_again) {
  nodes = k.create("iaf_psc_alpha", 20);
  k.connect(at(1), nodes, all_to_all, {{"synapse_model", "stdp_synapse"}});
  const auto c = k.connections();
  const auto cohorts = [&] {
    std::size_t n = 0;
    for (int vp = 0; vp < GetParam(); ++vp) {
      const auto& stores = k.shard_at(static_cast<std::size_t>(vp)).parts().stores;
      n += stores.rows(c.store(0)).row(1).size();
    }
    return n;
  };
  const auto one_each = cohorts();
  set(c, {{"lambda", 0.5}});  // of all: nobody parts
  EXPECT_EQ(cohorts(), one_each);
  set(part_of(c, 10, 20), {{"lambda", 0.7}});
  EXPECT_LE(cohorts(), 2 * one_each);
  EXPECT_EQ(numbers(part_of(c, 9, 11), "lambda"), (std::vector<double>{0.5, 0.7}));
}

TEST_P(connection_edits, of_values_leave_nothing_behind) {
  nodes = k.create("iaf_psc_alpha", 40);
  const dictionary rule{{"rule", "fixed_indegree"}, {"indegree", 10}};
  k.connect(nodes, nodes, rule, {{"weight", 1.0}, {"delay", 1.0}});
  k.connect(nodes, nodes, rule, {{"synapse_model", "stdp_synapse"}, {"delay", uniform(1, 2)}});
  const auto c = k.connections();
  const auto plastic = part_of(c, c.size() / 2, c.size());
  std::uint64_t after_some = 0;
  for (std::size_t round = 0; round < 1000; ++round) {
    std::vector<double> weights, delays, taus;
    for (std::size_t i = 0; i < c.size(); ++i) {
      weights.push_back(round % 3 == 0 ? 1.0 + double(round) : 1.0 + double((i + round) % 97));
      delays.push_back(1.0 + 0.1 * double((i + round) % 10));
      if (i < plastic.size()) taus.push_back(10.0 + double(round) + double(i) / 1000);
    }
    set(c, {{"weight", weights}});
    if (round % 4 == 1) set(c, {{"delay", delays}});
    if (round % 4 == 2) set(plastic, {{"tau_plus", taus}});
    ASSERT_EQ(numbers(c, "weight"), weights);
    if (round % 4 == 2) {
      ASSERT_EQ(numbers(plastic, "tau_plus"), taus);
    }
    if (round == 100) after_some = connection_bytes();
  }
  EXPECT_LT(connection_bytes(), after_some + after_some / 4);
}

TEST_P(connection_edits, of_structure_leave_nothing_behind) {
  nodes = k.create("iaf_psc_alpha", 40);
  k.connect(nodes, nodes, {{"rule", "fixed_indegree"}, {"indegree", 10}, {"allow_multapses", false}},
            {{"weight", 2.0}});
  // What edits leave behind is swept now and then.
  std::uint64_t after_some = 0, after_many = 0;
  for (int round = 0; round < 300; ++round) {
    const auto c = k.connections();
    disconnect(part_of(c, 0, c.size() / 2));
    for (std::size_t i = 0; i < 3; ++i)
      k.connect(at(static_cast<std::uint64_t>(c.sources[i])), at(static_cast<std::uint64_t>(c.targets[i])), all_to_all,
                {{"weight", double(round)}});
    k.call(api::connect_arrays{
        {c.sources.begin() + 3, c.sources.begin() + 200}, {c.targets.begin() + 3, c.targets.begin() + 200}, {}});
    ASSERT_EQ(k.connections().size(), c.size());
    auto& most = round < 150 ? after_some : after_many;
    most = std::max(most, connection_bytes());
  }
  EXPECT_LE(after_many, after_some + after_some / 10);
}

}  // namespace
}  // namespace volley::runtime
