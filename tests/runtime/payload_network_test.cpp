// Networks of neurons whose spikes carry amounts, or whose synapses have variables of their own: who may connect, and
// what arrives, on any number of VPs.
#include <gtest/gtest.h>

#include <cmath>

#include "runtime/values/parameter.hpp"
#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

using reals = std::vector<double>;
using integers = std::vector<std::int64_t>;

const dictionary all_to_all{{"rule", "all_to_all"}};

class payloads : public testing::TestWithParam<int> {
 protected:
  void connect(const node_set& from, const node_set& to, value receptor, dictionary more = {},
               const dictionary& rule = all_to_all) {
    more["receptor_type"] = std::move(receptor);
    k.connect(from, to, rule, std::move(more));
  }
  bool is_refused(const node_set& from, const node_set& to, value receptor, const dictionary& rule = all_to_all) {
    const auto before = k.connections().size();
    try {
      connect(from, to, std::move(receptor), {}, rule);
    } catch (const api_error& e) {
      EXPECT_EQ(e.kind(), error_kind::IllegalConnection) << e.what();
      EXPECT_EQ(k.connections().size(), before);
      return true;
    }
    return false;
  }
  node_set hear(const node_set& n) {
    const auto r = k.create("spike_recorder");
    k.connect(n, r);
    return r;
  }
  node_set train(reals times) { return k.create("spike_generator", 1, {{"spike_times", std::move(times)}}); }
  /// A pulse that makes each neuron fire within a step.
  void fire(const node_set& n, reals times, std::int64_t receptor) {
    connect(train(std::move(times)), n, receptor, {{"weight", 1e5}});
  }
  static node_set both(const node_set& a, const node_set& b) {
    return {a.generation, {{a.ranges[0].first, b.ranges[0].last, 1}}};
  }
  double value_of(const node_set& n, const char* key) { return (*k.get(n, key).get_if<reals>())[0]; }

  solo_kernel k{GetParam()};
};

INSTANTIATE_TEST_SUITE_P(vps, payloads, testing::Values(1, 2, 3, 7));

TEST_P(payloads, go_between_neurons_of_one_model) {
  k.call(api::copy_model{"iaf_bw_2001", "mine", {}});
  const auto bw = k.create("iaf_bw_2001", 3), mine = k.create("mine", 2), tum = k.create("iaf_tum_2000", 2);
  const auto relay = k.create("parrot_neuron"), other = k.create("iaf_psc_exp"), g = train({1.0});
  EXPECT_FALSE(is_refused(bw, mine, std::int64_t{3}));
  EXPECT_FALSE(is_refused(mine, bw, std::int64_t{3}));
  EXPECT_FALSE(is_refused(tum, tum, std::int64_t{1}));
  for (const auto& source : {relay, other, g, k.create("poisson_generator"), tum, both(bw, tum)}) {
    EXPECT_TRUE(is_refused(source, bw, std::int64_t{3}));
    EXPECT_FALSE(is_refused(source, bw, std::int64_t{1}));
  }
  EXPECT_TRUE(is_refused(bw, tum, std::int64_t{1}));
  EXPECT_FALSE(is_refused(bw, tum, std::int64_t{0}));
  EXPECT_FALSE(is_refused(tum, other, std::int64_t{0}));
}

TEST_P(payloads, are_refused_where_receptors_differ_too) {
  const auto bw = k.create("iaf_bw_2001", 4), relay = k.create("parrot_neuron", 4);
  const dictionary one_to_one{{"rule", "one_to_one"}};
  EXPECT_TRUE(is_refused(relay, bw, integers{1, 2, 1, 3}, one_to_one));
  EXPECT_FALSE(is_refused(relay, bw, integers{1, 2, 1, 2}, one_to_one));
  EXPECT_FALSE(is_refused(bw, bw, integers{1, 2, 1, 3}, one_to_one));
}

TEST_P(payloads, arrive_as_the_weight_times_what_is_carried) {
  const auto a = k.create("iaf_tum_2000", 1, {{"x", 1.0}}), b = k.create("iaf_tum_2000");
  fire(a, {2.0, 5.0}, 0);
  connect(a, b, std::int64_t{1}, {{"weight", 40.0}});
  connect(a, b, std::int64_t{1}, {{"weight", 10.0}, {"synapse_model", "stdp_synapse"}, {"lambda", 0.0}});
  const auto r = hear(a);
  const auto m = k.create("multimeter", 1, {{"record_from", std::vector<std::string>{"I_syn_ex"}}, {"interval", 0.1}});
  k.connect(m, b);
  k.simulate(6.0);
  const auto times = k.times(r);
  ASSERT_FALSE(times.empty());
  const double released = 3.1 - times[0];  // the stamp of the first spike is 3.1 ms
  EXPECT_NEAR(released, 0.5, 1e-12);
  const auto events = k.events(m);
  const auto& I = *events.find("I_syn_ex")->get_if<reals>();
  EXPECT_NEAR(I[40], 50 * released, 1e-9) << "at 4.1 ms";
  EXPECT_EQ(I[39], 0);
}

class own_variables : public payloads {};

INSTANTIATE_TEST_SUITE_P(vps, own_variables, testing::Values(1, 2, 3, 7));

TEST_P(own_variables, saturate_each_for_itself) {
  const auto n = k.create("iaf_bw_2001_exact", 3);
  const auto m = k.create("multimeter", 3, {{"record_from", std::vector<std::string>{"s_NMDA"}}});
  k.connect(m, n, {{"rule", "one_to_one"}});
  const auto some = [](const node_set& of, std::uint64_t i) {
    return node_set{of.generation, {{of.ranges[0].first + i, of.ranges[0].first + i, 1}}};
  };
  const auto g = train({1.0});
  connect(g, some(n, 0), std::int64_t{3}, {{"weight", 2.0}});
  for (int twice = 0; twice < 2; ++twice) connect(g, some(n, 1), std::int64_t{3}, {{"weight", 1.0}});
  const auto pair =
      k.create("spike_generator", 1, {{"spike_times", reals{1.0}}, {"spike_multiplicities", integers{2}}});
  connect(pair, some(n, 2), std::int64_t{3}, {{"weight", 1.0}});
  k.simulate(15.0);
  const auto last = [&](std::uint64_t i) { return k.events(some(m, i)).find("s_NMDA")->get_if<reals>()->back(); };
  EXPECT_GT(last(0), 0.5);
  EXPECT_NEAR(last(0), last(1), 1e-9) << "the same spike to synapses with half the weight";
  EXPECT_LT(last(2), 0.95 * last(0)) << "two spikes do not open twice as many channels";
}

TEST_P(own_variables, take_other_weights_from_the_next_spike_on) {
  const auto n = k.create("iaf_bw_2001_exact", 1, {{"tau_decay_NMDA", 1e6}});
  const auto g = train({1.0, 30.0});
  connect(g, n, std::int64_t{3}, {{"weight", 1.0}});
  const auto m = k.create("multimeter", 1, {{"record_from", std::vector<std::string>{"s_NMDA"}}});
  k.connect(m, n);
  k.simulate(20.0);
  k.call(api::set_connection_values{k.connections({g, n, "", {}}), dictionary{{"weight", 3.0}}});
  k.simulate(30.0);
  const auto events = k.events(m);
  const auto& s = *events.find("s_NMDA")->get_if<reals>();
  EXPECT_NEAR(s[18], s[28], 1e-3);
  EXPECT_GT(s.back(), 3 * s[28]);
}

TEST_P(own_variables, are_taken_back_with_a_call_that_is_refused) {
  const auto n = k.create("iaf_bw_2001_exact", 5);
  connect(train({1.0}), n, std::int64_t{3}, {{"weight", 1.0}});
  k.simulate(5.0);
  const auto before = k.save();
  // Weights below zero are refused by this model, connection by connection.
  const auto sign = parameter::make({{operation::uniform, {}, {-0.2, 1}}});
  EXPECT_THROW(connect(n, n, std::int64_t{3}, {{"synapse_model", "stdp_synapse"}, {"weight", sign}, {"Wmax", 1.0}}),
               api_error);
  EXPECT_TRUE(k.save() == before);
  k.simulate(5.0);
}

TEST_P(own_variables, are_made_before_the_neuron_is_simulated) {
  const auto n = k.create("iaf_bw_2001_exact", 2);
  EXPECT_FALSE(is_refused(n, n, std::int64_t{3}));
  k.simulate(1.0);
  EXPECT_TRUE(is_refused(n, n, std::int64_t{3}));
  EXPECT_TRUE(is_refused(n, n, integers{1, 3}, {{"rule", "one_to_one"}}));
  EXPECT_FALSE(is_refused(n, n, integers{1, 2}, {{"rule", "one_to_one"}}));
  k.load(k.save());
  EXPECT_TRUE(is_refused(n, n, std::int64_t{3}));
  const auto more = k.create("iaf_bw_2001_exact");
  EXPECT_TRUE(is_refused(more, both(n, more), std::int64_t{3}));
  EXPECT_FALSE(is_refused(n, more, std::int64_t{3}));
}

/// Drawn connections of several models and calls, cut by changes and an image.
reals run_network(int vps, bool through_image = false) {
  solo_kernel k(vps);
  const auto n = k.create("iaf_bw_2001_exact", 23);
  const auto weight = parameter::make({{operation::uniform, {}, {0.1, 1}}});
  const auto delay = parameter::make({{operation::uniform, {}, {0.5, 2}}});
  const dictionary rule{{"rule", "fixed_indegree"}, {"indegree", 6}};
  k.connect(n, n, rule, {{"weight", weight}, {"delay", delay}, {"receptor_type", std::int64_t{3}}});
  k.connect(n, n, rule, {{"synapse_model", "stdp_synapse"}, {"weight", 0.5}, {"receptor_type", std::int64_t{3}}});
  k.connect(n, n, {{"rule", "fixed_outdegree"}, {"outdegree", 3}},
            {{"weight", 2.0}, {"receptor_type", std::int64_t{3}}});
  k.connect(k.create("poisson_generator", 1, {{"rate", 3000.0}}), n, all_to_all,
            {{"weight", 9.0}, {"receptor_type", std::int64_t{1}}});
  k.connect(k.create("poisson_generator", 1, {{"rate", 200.0}}), n, all_to_all,
            {{"weight", weight}, {"receptor_type", std::int64_t{3}}});
  k.simulate(20.3);
  if (through_image) k.load(k.save());
  const auto more = k.create("iaf_bw_2001_exact", 4);
  k.connect(n, more, {{"rule", "fixed_indegree"}, {"indegree", 2}},
            {{"weight", 1.0}, {"receptor_type", std::int64_t{3}}});
  k.simulate(20.7);
  auto V_m = *k.get(n, "V_m").get_if<reals>();
  const auto of_more = *k.get(more, "V_m").get_if<reals>();
  V_m.insert(V_m.end(), of_more.begin(), of_more.end());
  return V_m;
}

TEST(networks_with_own_variables, are_the_same_on_any_layout_and_after_an_image) {
  const auto whole = run_network(1);
  EXPECT_EQ(run_network(1, true), whole);
  for (const int vps : {2, 3, 7}) EXPECT_EQ(run_network(vps, vps == 3), whole) << vps;
}

}  // namespace
}  // namespace volley::runtime
