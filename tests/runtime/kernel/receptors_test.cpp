// Receptors that nodes have by their lists, and such that have names: in calls, on any number of VPs.
#include <gtest/gtest.h>

#include <cmath>

#include "runtime/base/error.hpp"
#include "runtime/values/parameter.hpp"
#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

using numbers = std::vector<double>;

struct receptors : testing::TestWithParam<int> {
  solo_kernel k{GetParam()};

  void connect(const node_set& sources, const node_set& targets, value receptor, double weight = 1,
               double delay_ms = 1) {
    k.connect(sources, targets, {{"rule", "all_to_all"}},
              {{"receptor_type", std::move(receptor)}, {"weight", weight}, {"delay", delay_ms}});
  }
  template <class Call> std::string refused(error_kind kind, Call&& call) {
    try {
      call();
    } catch (const api_error& e) {
      EXPECT_STREQ(to_string(e.kind()), to_string(kind)) << e.what();
      return e.what();
    }
    ADD_FAILURE() << "accepted";
    return "";
  }
  static node_set part(const node_set& of, std::uint64_t first, std::uint64_t last) {
    const auto begin = of.ranges[0].first;
    return {of.generation, {{begin + first, begin + last, 1}}};
  }
};

TEST_P(receptors, are_those_of_each_node) {
  const auto relay = k.create("parrot_neuron");
  const auto n = k.create("iaf_psc_exp_multisynapse", 6);
  k.set(part(n, 2, 5), {{"tau_syn", numbers{1, 2, 3}}});
  connect(relay, part(n, 2, 5), 3);
  EXPECT_EQ(k.connections().size(), 4u);
  const auto why = refused(error_kind::IncompatibleReceptorType, [&] { connect(relay, n, 3); });
  EXPECT_EQ(why, "Connect: receptor_type = 3: a iaf_psc_exp_multisynapse takes spikes on receptor 1 only");
  refused(error_kind::IncompatibleReceptorType, [&] { connect(relay, n, 0); });
  refused(error_kind::IncompatibleReceptorType, [&] {
    connect(relay, part(n, 2, 5), parameter::make({{operation::uniform_int, {}, {1}}}));
  });
  EXPECT_EQ(k.connections().size(), 4u);
  refused(error_kind::BadProperty, [&] { k.set(part(n, 4, 4), {{"tau_syn", numbers{1, 2}}}); });
  EXPECT_EQ(k.get(n, "has_connections"), value(booleans{{0, 0, 1, 1, 1, 1}}));
}

TEST_P(receptors, a_refused_call_leaves_lists_free) {
  const auto relay = k.create("parrot_neuron");
  const auto n = k.create("iaf_psc_alpha_multisynapse", 3, {{"tau_syn", numbers{1, 2}}});
  refused(error_kind::IncompatibleReceptorType, [&] { connect(relay, n, 5); });
  EXPECT_EQ(k.get(n, "has_connections"), value(booleans{{0, 0, 0}}));
  k.set(n, {{"tau_syn", numbers{1}}});
}

TEST_P(receptors, meters_record_what_a_node_has) {
  const auto n = k.create("iaf_psc_exp_multisynapse", 3);
  k.set(part(n, 0, 1), {{"tau_syn", numbers{1, 2}}});
  const auto meter =
      k.create("multimeter", 1, {{"record_from", std::vector<std::string>{"I_syn_2"}}, {"interval", 0.1}});
  const auto why = refused(error_kind::IllegalConnection, [&] { k.connect(meter, n); });
  EXPECT_NE(why.find("node 3 has no recordable 'I_syn_2'"), std::string::npos) << why;
  k.connect(meter, part(n, 0, 1));
  k.simulate(2);
  EXPECT_EQ(k.times(meter).size(), 2u * 10);
}

/// Lists that grow while the network runs, with inputs on all receptors.
struct outcome_of_lists {
  numbers times, potentials;
  bool operator==(const outcome_of_lists&) const = default;
};

outcome_of_lists run_lists(int vps, bool reloads) {
  solo_kernel k(vps);
  const auto relay = k.create("parrot_neuron", 3);
  const auto n = k.create("iaf_psc_exp_multisynapse", 40, {{"V_th", -69.0}});
  const auto train = k.create("spike_generator", 1, {{"spike_times", numbers{1, 4.2, 6.3, 9.9, 12.1, 15, 19.4}}});
  k.connect(train, relay);
  const auto spikes = k.create("spike_recorder");
  k.connect(n, spikes);
  const auto drawn = [](double high) { return parameter::make({{operation::uniform, {}, {0, high}}}); };
  const auto connect = [&](int receptor) {
    k.connect(relay, n, {{"rule", "fixed_indegree"}, {"indegree", 2}},
              {{"receptor_type", receptor}, {"weight", drawn(300)}, {"delay", 1.5}});
  };
  connect(1);
  k.simulate(5.2);
  std::vector<value> lists;
  for (int i = 0; i < 40; ++i) lists.push_back(numbers(static_cast<std::size_t>(1 + i % 3), 2.0 + 0.1 * i));
  k.set(n, {{"tau_syn", lists}});
  if (reloads) k.load(k.save());
  k.simulate(5.1);
  k.set(n, {{"tau_syn", numbers{2, 3, 4}}});
  connect(3);
  k.simulate(8);
  if (reloads) k.load(k.save());
  k.simulate(3);
  return {k.times(spikes), *k.get(n, "V_m").get_if<numbers>()};
}

TEST(receptor_lists, are_the_same_on_any_layout_and_from_an_image) {
  const auto one = run_lists(1, false);
  EXPECT_GT(one.times.size(), 40u);
  for (const int vps : {1, 2, 3, 7}) EXPECT_EQ(run_lists(vps, vps % 2 == 1), one) << vps;
}

TEST_P(receptors, are_looked_up_by_name) {
  const auto n = k.create("iaf_cond_alpha_mc", 3);
  const auto relay = k.create("parrot_neuron");
  connect(relay, n, 4);
  EXPECT_EQ(k.connections().size(), 3u);
  const auto shown = std::get<value>(k.call(api::get_connection_values{k.connections(), {"receptor"}}));
  EXPECT_EQ(*shown.get_if<dictionary>()->find("receptor"), value(std::vector<std::int64_t>{3, 3, 3}));
  for (const int receptor : {0, 7}) refused(error_kind::IncompatibleReceptorType, [&] { connect(relay, n, receptor); });
  refused(error_kind::UnknownReceptorType, [&] { connect(relay, n, 10); });
  const auto current = k.create("dc_generator", 1, {{"amplitude", 100.0}});
  connect(current, n, 9);
  refused(error_kind::IncompatibleReceptorType, [&] { connect(current, n, 1); });
  k.simulate(20);
  const auto distal = k.get(n, "distal");
  const auto& first = *(*distal.get_if<std::vector<value>>())[0].get_if<dictionary>();
  EXPECT_GT(*first.find("V_m")->get_if<double>(), -65);
}

TEST_P(receptors, that_only_spikes_have_names_for_are_unknown_otherwise) {
  const auto relay = k.create("parrot_neuron"), n = k.create("ht_neuron");
  for (const int receptor : {0, 5}) refused(error_kind::UnknownReceptorType, [&] { connect(relay, n, receptor); });
  connect(relay, n, 2);
  connect(k.create("dc_generator"), n, 0);
}

INSTANTIATE_TEST_SUITE_P(vps, receptors, testing::Values(1, 2, 3, 7));

}  // namespace
}  // namespace volley::runtime
