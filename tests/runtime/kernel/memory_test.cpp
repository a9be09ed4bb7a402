// Calls that cannot fit are refused at once, and the kernel goes on.
#include <gtest/gtest.h>

#include "runtime/values/parameter.hpp"
#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

constexpr std::uint64_t GB = 1000000000;

/// The message of a call that is refused with MemoryError.
std::string refusal(const std::function<void()>& call) {
  try {
    call();
  } catch (const api_error& e) {
    EXPECT_STREQ(to_string(e.kind()), "builtins.MemoryError") << e.what();
    return e.what();
  }
  ADD_FAILURE() << "the call was accepted";
  return "";
}

void expect_in(const std::string& message, std::initializer_list<const char*> fragments) {
  for (const char* f : fragments) EXPECT_NE(message.find(f), std::string::npos) << f << " is not in: " << message;
}

TEST(kernel_memory, too_many_neurons_are_refused_with_count_bytes_and_limit) {
  for (const int vps : {1, 3}) {
    solo_kernel k(vps, GB);
    expect_in(refusal([&] { k.create("iaf_psc_alpha", 1000000000000); }),
              {"Create", "1000000000000", "iaf_psc_alpha", "TB", "1.0 GB", "VOLLEY_MEMORY_LIMIT"});
    expect_in(refusal([&] { k.create("iaf_psc_alpha", 100000000); }), {"Create", "100000000"});
    EXPECT_EQ(k.status("network_size"), value(0));
    k.create("iaf_psc_alpha", 1000);
    k.simulate(1.0);
  }
}

// Each step of 1000 cells gives 20 kB of events.
TEST(kernel_memory, a_run_ends_when_recorders_have_filled_it_and_goes_on_when_they_are_empty) {
  for (const int vps : {1, 3}) {
    solo_kernel k(vps, 10000000);
    const auto cells = k.create("iaf_psc_alpha", 1000);
    const auto meter = k.create("multimeter", 1, {{"record_from", std::vector<std::string>{"V_m"}}, {"interval", 0.1}});
    k.call(api::connect{meter, cells, {{"rule", "all_to_all"}}, {dictionary{}}});
    const auto now = [&] { return *k.status("biological_time").get_if<double>(); };
    expect_in(refusal([&] { k.simulate(1000); }), {"ended at", "n_events", "record_to", "VOLLEY_MEMORY_LIMIT"});
    const auto ended = now();
    EXPECT_GT(ended, 40.0);
    EXPECT_LT(ended, 60.0);
    expect_in(refusal([&] { k.simulate(1); }), {"the end of the run"});
    EXPECT_EQ(now(), ended + 1);
    k.set(meter, {{"n_events", 0}});
    k.simulate(1);
    EXPECT_EQ(now(), ended + 2);
  }
}

TEST(kernel_memory, too_many_devices_are_refused) {
  solo_kernel k(2, GB);
  expect_in(refusal([&] { k.create("poisson_generator", 100000000); }), {"Create", "100000000", "poisson_generator"});
  refusal([&] { k.create("spike_recorder", 100000000); });
  k.create("poisson_generator", 10);
}

TEST(kernel_memory, values_that_differ_count) {
  const dictionary drawn{{"I_e", parameter::make({{operation::uniform, {}, {0.0, 1.0}}})}};
  solo_kernel free;
  free.create("iaf_psc_alpha", 1000000);
  const auto told = free.status("footprint");
  const auto limit =
      static_cast<std::uint64_t>(*told.get_if<dictionary>()->find("memory_nodes")->get_if<double>()) + 1000000;
  solo_kernel plain(1, limit), varied(1, limit);
  plain.create("iaf_psc_alpha", 1000000);
  refusal([&] { varied.create("iaf_psc_alpha", 1000000, drawn); });
}

TEST(kernel_memory, entries_of_lists_count) {
  solo_kernel k(2, GB);
  const std::vector<double> many(200, 3.0);
  expect_in(refusal([&] {
              k.create("iaf_psc_alpha_multisynapse", 1000000, {{"tau_syn", many}});
            }),
            {"Create", "1000000", "GB"});
  k.create("iaf_psc_alpha_multisynapse", 1000000);
  k.create("iaf_psc_alpha_multisynapse", 100, {{"tau_syn", many}});
}

class refused_connect : public testing::TestWithParam<std::pair<const char*, dictionary>> {};

INSTANTIATE_TEST_SUITE_P(
    rules, refused_connect,
    testing::Values(std::pair{"all_to_all", dictionary{{"rule", "all_to_all"}}},
                    std::pair{"fixed_indegree", dictionary{{"rule", "fixed_indegree"}, {"indegree", 1000000}}},
                    std::pair{"fixed_outdegree", dictionary{{"rule", "fixed_outdegree"}, {"outdegree", 1000000}}},
                    std::pair{"fixed_total_number", dictionary{{"rule", "fixed_total_number"}, {"N", 1000000000000}}},
                    std::pair{"pairwise_bernoulli", dictionary{{"rule", "pairwise_bernoulli"}, {"p", 0.5}}},
                    std::pair{"pairwise_poisson",
                              dictionary{{"rule", "pairwise_poisson"}, {"pairwise_avg_num_conns", 0.5}}}),
    [](const auto& info) { return info.param.first; });

// At once: what is asked for would take hours.
TEST_P(refused_connect, is_refused_at_once_and_changes_nothing) {
  solo_kernel k(2, GB);
  const auto cells = k.create("iaf_psc_delta", 1000000);
  expect_in(refusal([&] { k.connect(cells, cells, GetParam().second); }),
            {"Connect", GetParam().first, "000000", "TB", "1.0 GB"});
  EXPECT_EQ(k.status("num_connections"), value(0));
  k.connect(cells, cells, {{"rule", "one_to_one"}}, {{"delay", 1.0}});
  EXPECT_EQ(k.status("num_connections"), value(1000000));
  k.simulate(0.2);
}

TEST(kernel_memory, what_waits_to_be_built_counts_as_what_exists) {
  for (const bool build : {false, true}) {
    solo_kernel k(1, 125000000);
    const auto cells = k.create("iaf_psc_delta", 500);
    const auto connect = [&] { k.connect(cells, cells, {{"rule", "all_to_all"}}); };
    int accepted = 0;
    try {
      for (; accepted < 100; ++accepted) {
        connect();
        if (build) k.status("num_connections");
      }
      ADD_FAILURE() << "25 million connections fit into 125 MB";
    } catch (const api_error& e) {
      EXPECT_EQ(e.kind(), error_kind::MemoryError);
    }
    EXPECT_GE(accepted, 18);  // 2 bytes each, and their names, because the pairs are the same
    EXPECT_LE(accepted, 32);
    EXPECT_EQ(k.status("num_connections"), value(accepted * 250000));
    k.call(api::reset_kernel{});
    const auto fresh = k.create("iaf_psc_delta", 500);
    k.connect(fresh, fresh);
  }
}

TEST(kernel_memory, weights_of_their_own_count) {
  solo_kernel k(1, 50000000);
  const auto cells = k.create("iaf_psc_delta", 3000);
  refusal([&] {
    k.connect(cells, cells, {{"rule", "all_to_all"}},
              {{"weight", parameter::make({{operation::uniform, {}, {0.0, 1.0}}})}});
  });
  k.connect(cells, cells, {{"rule", "all_to_all"}});
}

TEST(kernel_memory, several_synapses_of_one_call_count_together) {
  solo_kernel k(1, 50000000);
  const auto cells = k.create("iaf_psc_delta", 3000);
  const dictionary synapse{{"weight", 1.0}};
  refusal([&] { k.call(api::connect{cells, cells, {{"rule", "all_to_all"}}, {synapse, synapse, synapse}}); });
  k.call(api::connect{cells, cells, {{"rule", "all_to_all"}}, {synapse, synapse}});
}

TEST(kernel_memory, the_limit_is_in_the_status) {
  solo_kernel k(1, GB);
  EXPECT_EQ(k.status("memory_limit"), value(static_cast<std::int64_t>(GB)));
}

}  // namespace
}  // namespace volley::runtime
