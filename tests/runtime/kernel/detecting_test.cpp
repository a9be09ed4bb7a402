// Connections of detectors, and what their results take, on 1, 2, 3 and 7 VPs.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "runtime/values/parameter.hpp"
#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

using reals = std::vector<double>;
using integers = std::vector<std::int64_t>;

struct detecting : testing::TestWithParam<int> {
  solo_kernel k{GetParam()};
  const dictionary all{{"rule", "all_to_all"}};

  static std::string refused(error_kind kind, const std::function<void()>& call) {
    try {
      call();
    } catch (const api_error& e) {
      EXPECT_EQ(e.kind(), kind) << e.what();
      return e.what();
    }
    ADD_FAILURE() << "accepted";
    return "";
  }
  value result(const node_set& d, const char* key) { return (*k.get(d, key).get_if<std::vector<value>>())[0]; }
  integers n_events(const node_set& d) { return *result(d, "n_events").get_if<integers>(); }
  template <class Column> Column column(const api::connection_columns& c, const char* key) {
    return *std::get<value>(k.call(api::get_connection_values{c, {key}}))
                .get_if<dictionary>()
                ->find(key)
                ->get_if<Column>();
  }
};

INSTANTIATE_TEST_SUITE_P(vps, detecting, testing::Values(1, 2, 3, 7));

TEST_P(detecting, takes_spikes_on_receptors_that_are_there) {
  const auto p = k.create("parrot_neuron", 2), pair = k.create("correlation_detector"),
             some = k.create("correlomatrix_detector", 2, {{"N_channels", 3}});
  k.set({some.generation, {{some.ranges[0].last, some.ranges[0].last, 1}}}, {{"N_channels", 5}});
  for (const std::int64_t receptor : {-1, 2, 3})
    refused(error_kind::UnknownReceptorType, [&] { k.connect(p, pair, all, {{"receptor_type", receptor}}); });
  const auto why = refused(error_kind::UnknownReceptorType, [&] { k.connect(p, some, all, {{"receptor_type", 3}}); });
  EXPECT_EQ(why, "Connect: receptor_type = 3: node 4, a correlomatrix_detector, has the receptors 0 to 2");
  EXPECT_EQ(k.connections().size(), 0u) << "a refused call changes nothing";
  k.connect(p, {some.generation, {{some.ranges[0].last, some.ranges[0].last, 1}}}, all, {{"receptor_type", 4}});
  k.connect(p, pair, all, {{"receptor_type", 1}, {"weight", 2.5}, {"delay", 1.5}});
  const auto c = k.connections({p, pair, "", {}});
  EXPECT_EQ(column<integers>(c, "receptor"), (integers{1, 1}));
  EXPECT_EQ(column<reals>(c, "weight"), (reals{2.5, 2.5}));
  EXPECT_EQ(column<reals>(c, "delay"), (reals{1.5, 1.5}));
}

TEST_P(detecting, each_connection_may_have_a_receptor_of_its_own) {
  const auto p = k.create("parrot_neuron", 3), d = k.create("correlomatrix_detector", 1, {{"N_channels", 3}});
  const auto g = k.create("spike_generator", 1, {{"spike_times", reals{5.0}}});
  k.connect(g, p);
  const auto ids = [](const node_set& n, std::size_t times) {
    integers all;
    for (std::size_t i = 0; i < times; ++i)
      for (auto id = n.ranges[0].first; id <= n.ranges[0].last; ++id) all.push_back(static_cast<std::int64_t>(id));
    return all;
  };
  refused(error_kind::UnknownReceptorType, [&] {
    k.call(api::connect_arrays{ids(p, 1), ids(d, 3), {{"receptor_type", integers{0, 1, 3}}}});
  });
  k.call(api::connect_arrays{ids(p, 1), ids(d, 3), {{"receptor_type", integers{2, 0, 1}}}});
  const auto drawn = parameter::make({{operation::uniform_int, {}, {3}}});
  k.connect(p, d, all, {{"receptor_type", drawn}});
  refused(error_kind::UnknownReceptorType, [&] {
    const auto too_many = parameter::make({{operation::uniform_int, {}, {1000000}}});
    k.connect(p, d, all, {{"receptor_type", too_many}});
  });
  const auto c = k.connections({p, d, "", {}});
  ASSERT_EQ(c.size(), 6u);
  auto receptors = column<integers>(c, "receptor");
  EXPECT_EQ(receptors[0], 2);
  EXPECT_EQ(receptors[2], 0);
  EXPECT_EQ(receptors[4], 1);
  k.simulate(10.0);
  integers expected(3);
  for (const auto r : receptors) ++expected[static_cast<std::size_t>(r)];
  EXPECT_EQ(n_events(d), expected);
}

TEST_P(detecting, refuses_what_sends_no_spikes_and_plastic_synapses) {
  const auto d = k.create("correlation_detector"), p = k.create("parrot_neuron");
  refused(error_kind::IllegalConnection, [&] { k.connect(k.create("dc_generator"), d); });
  refused(error_kind::IllegalConnection, [&] { k.connect(k.create("multimeter"), d); });
  refused(error_kind::IllegalConnection, [&] { k.connect(d, p); });
  refused(error_kind::IllegalConnection, [&] { k.connect(p, d, all, {{"synapse_model", "stdp_synapse"}}); });
  refused(error_kind::IllegalConnection, [&] { k.connect(p, d, {{"rule", "fixed_indegree"}, {"indegree", 1}}); });
  EXPECT_EQ(k.connections().size(), 0u);
}

TEST_P(detecting, hears_injectors_as_nodes_and_generators_between_prepare_and_cleanup) {
  const auto d = k.create("correlation_detector");
  const dictionary times{{"spike_times", reals{2.3, 4.3}}};
  k.connect(k.create("spike_train_injector", 1, times), d);
  k.connect(k.create("spike_generator", 1, times), d, all, {{"receptor_type", 1}});
  k.call(api::prepare{});
  k.call(api::run{3.0});
  EXPECT_EQ(n_events(d), (integers{0, 1})) << "the injector's spikes are those of a node";
  k.call(api::run{0.1});
  EXPECT_EQ(n_events(d), (integers{1, 1}));
  refused(error_kind::BadProperty, [&] { k.set(d, {{"n_events", 0}}); });
  k.call(api::run{3.9});
  k.call(api::cleanup{});
  EXPECT_EQ(n_events(d), (integers{2, 2}));
}

TEST_P(detecting, a_connection_that_is_made_late_hears_from_then_on) {
  const auto d = k.create("correlation_detector");
  const auto g = k.create("spike_generator", 1, {{"spike_times", reals{1.2, 3.2, 5.2}}});
  const auto p = k.create("parrot_neuron");
  k.connect(g, p);
  k.simulate(3.5);
  k.connect(p, d);
  k.connect(g, d, all, {{"receptor_type", 1}});
  k.simulate(6.0);
  EXPECT_EQ(n_events(d), (integers{2, 1})) << "the parrot's spikes at 4.2 and 6.2, the generator's at 5.2";
}

TEST_P(detecting, a_copied_model_has_its_bins_and_channels) {
  k.call(api::copy_model{"correlomatrix_detector", "mine", {{"N_channels", 2}, {"tau_max", 1.0}}});
  const auto d = k.create("mine");
  k.connect(k.create("spike_generator", 1, {{"spike_times", reals{1.0}}}), d, all, {{"receptor_type", 1}});
  k.simulate(5.0);
  EXPECT_EQ(n_events(d), (integers{0, 1}));
  EXPECT_EQ((*result(d, "covariance").get_if<std::vector<value>>())[0].get_if<matrix>()->columns, 3u);
}

TEST_P(detecting, many_detectors_are_set_at_once) {
  const auto d = k.create("correlation_detector", 3);
  k.connect(k.create("spike_generator", 1, {{"spike_times", reals{1.0}}}), d);
  k.simulate(5.0);
  EXPECT_EQ(k.get(d, "n_events"), value(std::vector<value>(3, value(integers{1, 0}))));
  k.set(d, {{"n_events", integers{0, 0}}});
  EXPECT_EQ(k.get(d, "n_events"), value(std::vector<value>(3, value(integers{0, 0}))));
  k.set(d, {{"tau_max", reals{1.0, 2.0, 3.0}}});
  EXPECT_EQ(k.get(d, "tau_max"), value(reals{1, 2, 3}));
}

TEST(detectors, whose_results_do_not_fit_into_memory_are_refused) {
  solo_kernel k(2, 16 << 20);
  const std::int64_t most = 400;  // 400 x 400 x 11 x 2 numbers are 28 MB
  try {
    k.create("correlomatrix_detector", 1, {{"N_channels", most}});
    FAIL();
  } catch (const api_error& e) {
    EXPECT_EQ(e.kind(), error_kind::MemoryError);
    EXPECT_NE(std::string(e.what()).find("Create: 1 nodes of correlomatrix_detector"), std::string::npos) << e.what();
  }
  const auto d = k.create("correlomatrix_detector", 1, {{"N_channels", most / 2}});  // 7 MB
  EXPECT_THROW(k.set(d, {{"N_channels", most}}), api_error);
  EXPECT_EQ(k.get(d, "N_channels"), value(integers{most / 2}));
  EXPECT_THROW(k.create("correlomatrix_detector", 1, {{"N_channels", 300}}), api_error) << "both do not fit";
  k.set(d, {{"N_channels", 1}});
  k.create("correlomatrix_detector", 1, {{"N_channels", 300}});
  k.call(api::set_defaults{"correlation_detector", {{"delta_tau", 0.1}, {"tau_max", 100000.0}}});
  EXPECT_THROW(k.create("correlation_detector"), api_error) << "what is set for a model takes no memory before";
}

TEST(detectors, are_made_and_empty_in_a_dry_run) {
  solo_kernel k(1, no_memory_limit, true);
  const auto d = k.create("correlation_detector");
  k.connect(k.create("poisson_generator"), d);
  k.simulate(100.0);
  EXPECT_EQ(k.get(d, "histogram"), value(std::vector<value>{reals{}}));
}

}  // namespace
}  // namespace volley::runtime
