#include <gtest/gtest.h>

#include <set>

#include "runtime/values/parameter.hpp"
#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

value uniform(double low, double high) { return parameter::make({{operation::uniform, {}, {low, high}}}); }

/// The class of the error of a call, and its message.
std::pair<error_kind, std::string> error_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const api_error& e) {
    return {e.kind(), e.what()};
  }
  ADD_FAILURE() << "the call was accepted";
  return {};
}

/// One call of each kind that takes nodes.
std::vector<api::request> calls_with(const node_set& nodes) {
  return {api::describe_nodes{nodes},
          api::get_node_values{nodes, {}},
          api::set_node_values{nodes, dictionary{{"V_m", 1.0}}},
          api::connect{nodes, nodes, {{"rule", "all_to_all"}}, {{}}},
          api::disconnect{nodes, nodes, {{"rule", "one_to_one"}}, {}},
          api::get_connections{nodes, {}, "", {}},
          api::get_connections{{}, nodes, "", {}}};
}

TEST(kernel, a_constant_current_makes_a_neuron_fire) {
  solo_kernel k;
  const auto n = k.create("iaf_psc_alpha", 1, {{"I_e", 1000.0}});
  const auto r = k.create("spike_recorder");
  k.connect(n, r);
  k.simulate(50.0);
  const auto times = k.times(r);
  ASSERT_GE(times.size(), 5u);
  EXPECT_NEAR(times[0], 4.8, 0.3);
}

TEST(kernel, a_spike_acts_a_delay_after_its_stamp) {
  solo_kernel k;
  const auto g = k.create("spike_generator", 1, {{"spike_times", std::vector<double>{1.0, 2.0}}});
  const auto p = k.create("parrot_neuron");
  const auto r = k.create("spike_recorder");
  k.connect(g, p, {{"rule", "all_to_all"}}, {{"delay", 1.0}});
  k.connect(p, r);
  k.simulate(10.0);
  EXPECT_EQ(k.times(r), (std::vector<double>{2.0, 3.0}));
}

TEST(kernel, a_poisson_generator_drives_each_target_on_its_own) {
  solo_kernel k;
  const auto g = k.create("poisson_generator", 1, {{"rate", 1000.0}});
  const auto p = k.create("parrot_neuron", 2);
  const auto r = k.create("spike_recorder");
  k.connect(g, p);
  k.connect(p, r);
  k.simulate(1000.0);
  const auto senders = k.senders(r);
  std::vector<std::int64_t> counts(4);
  for (const auto s : senders) ++counts[static_cast<std::size_t>(s)];
  EXPECT_NEAR(counts[2], 1000, 150);
  EXPECT_NEAR(counts[3], 1000, 150);
  const auto times = k.times(r);
  EXPECT_GT(std::set<double>(times.begin(), times.end()).size(), 1200u);
}

TEST(kernel, nodes_of_before_a_reset_are_refused_by_every_call) {
  solo_kernel k(2);
  const auto old = k.create("iaf_psc_alpha", 3);
  k.call(api::reset_kernel{});
  const auto fresh = k.create("iaf_psc_alpha", 3);
  EXPECT_EQ(fresh.ranges, old.ranges);
  EXPECT_NE(fresh.generation, old.generation);
  for (const auto& call : calls_with(old)) {
    const auto [kind, text] = error_of([&] { k.call(call); });
    EXPECT_EQ(kind, error_kind::KernelException) << call.index();
    EXPECT_NE(text.find("InvalidNodeCollection"), std::string::npos) << text;
  }
  for (const auto& call : calls_with(fresh)) {
    if (!std::holds_alternative<api::disconnect>(call)) {
      EXPECT_NO_THROW(k.call(call)) << call.index();
    }
  }
}

TEST(kernel, nodes_that_do_not_exist_are_refused_by_every_call) {
  solo_kernel k;
  k.create("iaf_psc_alpha", 3);
  for (const auto& call : calls_with({0, {{2, 4, 1}}})) {
    const auto [kind, text] = error_of([&] { k.call(call); });
    EXPECT_EQ(kind, error_kind::UnknownNode) << call.index();
    EXPECT_NE(text.find("Node with id 4 does not exist."), std::string::npos) << text;
  }
}

TEST(kernel, a_reset_forgets_network_clock_models_and_settings) {
  solo_kernel k(3);
  const auto fresh = *std::get<value>(k.call(api::get_kernel_status{})).get_if<dictionary>();
  const auto n = k.create("iaf_psc_alpha", 3);
  k.connect(n, n, {{"rule", "all_to_all"}}, {{"delay", 2.0}});
  k.call(api::copy_model{"static_synapse", "mine", {}});
  k.call(api::set_defaults{"iaf_psc_alpha", {{"C_m", 1.0}}});
  k.set_status({{"rng_seed", 7}, {"overwrite_files", true}});
  k.simulate(5.0);
  k.call(api::reset_kernel{});
  const auto again = *std::get<value>(k.call(api::get_kernel_status{})).get_if<dictionary>();
  for (const auto& [key, v] : fresh)
    if (key != "memory_size") {
      EXPECT_TRUE(again.contains(key) && *again.find(key) == v) << key;
    }
  EXPECT_EQ(k.get(k.create("iaf_psc_alpha"), "C_m"), value(std::vector<double>{250.0}));
}

TEST(kernel, a_refused_call_leaves_the_draws_of_later_calls_alone) {
  const auto drawn = [](const std::function<void(solo_kernel&, const node_set&)>& refused) {
    solo_kernel k(2);
    const auto n = k.create("iaf_psc_alpha", 4);
    if (refused != nullptr) error_of([&] { refused(k, n); });
    k.set(n, {{"V_m", uniform(-70.0, -60.0)}});
    k.connect(n, n, {{"rule", "fixed_indegree"}, {"indegree", 2}});
    return std::pair(k.get(n, "V_m"), k.connections().sources);
  };
  const auto right = drawn(nullptr);
  EXPECT_EQ(drawn([](auto& k, const auto&) { k.create("iaf_psc_alpha", 2, {{"C_m", uniform(-2.0, -1.0)}}); }), right);
  EXPECT_EQ(drawn([](auto& k, const auto& n) { k.set(n, {{"V_m", uniform(0.0, 1.0)}, {"C_m", -1.0}}); }), right);
  EXPECT_EQ(drawn([](auto& k, const auto& n) {
              k.connect(n, n, {{"rule", "all_to_all"}}, {{"delay", uniform(-2.0, -1.0)}});
            }),
            right);
  EXPECT_EQ(drawn([](auto& k, const auto&) {
              k.call(api::evaluate{parameter::make({{operation::distance, {}, {0.0}}}), {}});
            }),
            right);
}

void expect_refused(solo_kernel& k, const std::vector<api::request>& calls) {
  for (const auto& call : calls) {
    const auto [kind, text] = error_of([&] { k.call(call); });
    EXPECT_EQ(kind, error_kind::KernelException) << call.index();
    EXPECT_NE(text.find("ResetKernel"), std::string::npos) << text;
  }
}
void expect_runs_after_reset(solo_kernel& k) {
  EXPECT_NO_THROW(k.status("network_size"));
  k.call(api::reset_kernel{});
  k.create("iaf_psc_alpha");
  k.simulate(1.0);
  EXPECT_EQ(k.status("biological_time"), value(1.0));
}

TEST(kernel, after_a_failed_run_all_can_be_looked_at_and_nothing_runs) {
  for (const int vps : {1, 3}) {
    solo_kernel k(vps);
    const auto n = k.create("aeif_cond_alpha", 7);
    const auto spikes = k.create("spike_recorder");
    k.connect(n, n, {{"rule", "fixed_indegree"}, {"indegree", 3}}, {{"synapse_model", "stdp_synapse"}});
    k.connect(n, spikes);
    k.simulate(2.3);
    k.set({n.generation, {{5, 5, 1}}}, {{"I_e", 1e7}, {"g_L", 0.01}});
    EXPECT_EQ(error_of([&] { k.simulate(100.0); }).first, error_kind::NumericalInstability);
    expect_refused(k, {api::simulate{1.0}, api::prepare{}, api::run{1.0}});
    EXPECT_EQ(k.status("prepared"), value(false));
    EXPECT_EQ(k.get(n, "V_m").get_if<std::vector<double>>()->size(), 7u);
    EXPECT_EQ(k.connections().size(), 28u);
    EXPECT_NO_THROW(k.times(spikes));
    k.set(n, {{"V_m", -70.0}, {"I_e", 0.0}});
    k.connect(k.create("iaf_psc_alpha", 3), n);
    expect_refused(k, {api::simulate{1.0}});
    expect_runs_after_reset(k);
  }
}

TEST(kernel, without_one_of_its_shards_only_a_reset_helps) {
  solo_kernel k;
  const auto n = k.create("iaf_psc_alpha");
  k.get().lose_shard({error_kind::KernelException, "a worker is gone"});
  expect_refused(k, {api::simulate{1.0}, api::prepare{}, api::create_nodes{"iaf_psc_alpha", 1, {}},
                     api::get_node_values{n, {}}, api::get_connections{}});
  expect_runs_after_reset(k);
}

TEST(kernel, the_interval_is_the_smallest_delay) {
  solo_kernel k;
  const auto n = k.create("iaf_psc_alpha", 2);
  EXPECT_EQ(k.get().interval_steps(), 1);
  k.connect(n, n, {{"rule", "all_to_all"}}, {{"delay", 3.0}});
  k.connect(n, n, {{"rule", "one_to_one"}}, {{"delay", 1.5}});
  EXPECT_EQ(k.status("min_delay"), value(1.5));
  EXPECT_EQ(k.get().interval_steps(), 15);
  EXPECT_EQ(k.status("max_delay"), value(3.0));
}

}  // namespace
}  // namespace volley::runtime
