// What a weight_recorder hears: each connection by its ends, its multapse number and its weight.
#include "runtime/shard/weight_listener.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

const dictionary all_to_all{{"rule", "all_to_all"}};

class weight_listener_test : public testing::TestWithParam<const char*> {
 protected:
  using heard = std::multiset<std::tuple<std::int64_t, std::int64_t, std::int64_t, double>>;

  void make(int vps, dictionary recorder = {}) {
    k = std::make_unique<solo_kernel>(vps);
    sources = k->create("parrot_neuron", 2);
    targets = k->create("parrot_neuron", 3);
    weights = k->create("weight_recorder", 1, std::move(recorder));
    k->call(api::copy_model{GetParam(), "watched", {{"weight_recorder", weights}}});
    // A row of several delays, and several connections between the same two.
    double weight = 1;
    for (const double delay : {3.0, 1.0, 2.0})
      k->connect(sources, targets, all_to_all,
                 {{"synapse_model", "watched"}, {"weight", weight++}, {"delay", delay}, {"receptor_type", 1}});
    k->connect(k->create("spike_generator", 1, {{"spike_times", std::vector<double>{5.0, 6.0}}}), sources, all_to_all,
               {{"delay", 1.0}});
  }
  heard events() {
    const auto e = k->events(weights);
    const auto column = [&](const char* key) { return *e.find(key)->get_if<std::vector<std::int64_t>>(); };
    const auto senders = column("senders"), to = column("targets"), ports = column("ports");
    const auto& w = *e.find("weights")->get_if<std::vector<double>>();
    heard all;
    for (std::size_t i = 0; i < w.size(); ++i) all.emplace(senders[i], to[i], ports[i], w[i]);
    return all;
  }

  std::unique_ptr<solo_kernel> k;
  node_set sources, targets, weights;
};

INSTANTIATE_TEST_SUITE_P(models, weight_listener_test,
                         testing::Values("static_synapse", "stdp_synapse", "ht_synapse", "bernoulli_synapse"));

TEST_P(weight_listener_test, hears_the_names_that_users_see) {
  for (const int vps : {1, 3}) {
    make(vps);
    const auto c = k->connections({sources, {}, "watched", {}});
    k->call(api::set_connection_values{c, dictionary{{"delay", 1.5}}});
    k->simulate(10.0);
    heard expected;
    for (std::size_t i = 0; i < c.size(); ++i)
      for (int spike = 0; spike < 2; ++spike)
        expected.emplace(c.sources[i], c.targets[i], c.ports[i], double(c.ports[i] + 1));
    EXPECT_EQ(c.size(), 18u);
    auto all = events();
    heard rounded;  // weights change by some models, or are not what is transmitted
    for (const auto& [s, t, p, w] : all) rounded.emplace(s, t, p, std::round(w));
    all = rounded;
    EXPECT_EQ(all, expected) << vps << " VPs";
  }
}

TEST_P(weight_listener_test, hears_what_it_wants) {
  make(1, {{"senders", std::vector<std::int64_t>{2}}, {"targets", std::vector<std::int64_t>{3, 5}}});
  k->simulate(7.0);
  std::set<std::pair<std::int64_t, std::int64_t>> pairs;
  for (const auto& [s, t, p, w] : events()) pairs.emplace(s, t);
  EXPECT_EQ(pairs, (std::set<std::pair<std::int64_t, std::int64_t>>{{2, 3}, {2, 5}}));
}

}  // namespace
}  // namespace volley::runtime
