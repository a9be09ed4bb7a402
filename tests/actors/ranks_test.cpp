// Kernels of several ranks with their actors, in one process.
#include "actors/ranks.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <tuple>

#include "client/cpp/error.hpp"
#include "tests/actors/queue_post.hpp"

namespace volley::actors {
namespace {

using namespace std::chrono_literals;
using client::Dictionary;
using client::Session;
using client::Value;

using events = std::set<std::tuple<double, std::int64_t>>;

events spikes_of(const client::NodeCollection& recorder) {
  const auto times = recorder.get("events", "times").as<client::Column<double>>();
  const auto senders = recorder.get("events", "senders").as<client::Column<std::int64_t>>();
  events all;
  for (std::size_t i = 0; i < times.size(); ++i) all.emplace(times[i], senders[i]);
  return all;
}

/// What a driven network spikes, in runs of several lengths.
events simulate(Session& k) {
  const auto cells = k.Create("iaf_psc_delta", 30, Dictionary{{"I_e", 400.0}, {"t_ref", 1.0}});
  const auto noise = k.Create("poisson_generator", 1, Dictionary{{"rate", 8000.0}});
  const auto recorder = k.Create("spike_recorder");
  k.Connect(noise, cells, "all_to_all", Dictionary{{"weight", 1.0}, {"delay", 1.0}});
  k.Connect(cells, cells, Dictionary{{"rule", "fixed_indegree"}, {"indegree", 5}},
            Dictionary{{"weight", 0.5}, {"delay", 1.5}});
  k.Connect(cells, recorder);
  for (const double ms : {10.5, 0.1, 19.4, 10.0}) k.Simulate(ms);
  return spikes_of(recorder);
}

std::string refusal(const std::function<void()>& call) {
  try {
    call();
  } catch (const client::error& e) {
    return e.what();
  }
  return "";
}

TEST(ranks, simulate_what_one_process_does) {
  Session alone("");
  const auto expected = simulate(alone);
  EXPECT_GT(expected.size(), 50u);
  for (const auto& [n, vps] : {std::pair{2u, 1}, {3u, 2}}) {
    events found;
    std::mutex finding;
    run_on_ranks(n, vps, [&](Session& k, std::uint32_t) {
      auto mine = simulate(k);
      const std::lock_guard guard(finding);
      found.merge(mine);
      EXPECT_TRUE(mine.empty()) << "each has events of its own";
    });
    EXPECT_EQ(found, expected) << n << " ranks";
  }
}

TEST(ranks, tell_of_scripts_that_go_apart_and_go_on) {
  run_on_ranks(2, 1, [&](Session& k, std::uint32_t rank) {
    k.Create("iaf_psc_alpha", 4);
    const auto text = refusal([&] { rank == 0 ? k.Simulate(1.0) : void(k.Create("iaf_psc_alpha", 2)); });
    EXPECT_NE(text.find("rank 0 calls Simulate(1.0), rank 1 calls Create(\"iaf_psc_alpha\", 2)"), std::string::npos)
        << text;
    EXPECT_NE(refusal([&] { k.Create("iaf_psc_alpha", 2 + rank); }), "");
    EXPECT_NE(refusal([&] {
                k.SetDefaults("iaf_psc_alpha", Dictionary{{"V_m", -60.0 - rank}});
              }).find("with different arguments"),
              std::string::npos);
    k.Simulate(1.0);
    EXPECT_EQ(k.GetKernelStatus("network_size"), Value(4));
  });
}

TEST(ranks, tell_of_a_script_that_has_ended) {
  const auto said = run_on_ranks(3, 1, [&](Session& k, std::uint32_t rank) {
    k.Create("iaf_psc_alpha", 4);
    if (rank == 2) return;
    const auto text = refusal([&] { k.Simulate(1.0); });
    EXPECT_NE(text.find("script of rank 2 has ended"), std::string::npos) << text;
    EXPECT_NE(refusal([&] { k.Simulate(1.0); }), "");
    EXPECT_EQ(k.GetKernelStatus("network_size"), Value(4));
  });
  EXPECT_TRUE(said.empty()) << "it has not died";
}

TEST(ranks, tell_of_the_first_script_that_has_ended) {
  run_on_ranks(2, 1, [&](Session& k, std::uint32_t rank) {
    if (rank == 0) return;
    const auto text = refusal([&] { k.Simulate(1.0); });
    EXPECT_NE(text.find("rank 0 has ended its script"), std::string::npos) << text;
  });
}

TEST(ranks, name_who_is_waited_for) {
  std::atomic<bool> told{false};
  run_on_ranks(2, 1,
               [&](Session& k, std::uint32_t rank) {
                 if (rank == 0) {
                   client::listeners ears;
                   ears.on_log = [&](const client::log_entry& entry) {
                     EXPECT_NE(entry.text.find("rank 1 has not come to Simulate(1.0)"), std::string::npos)
                         << entry.text;
                     told = true;
                   };
                   k.listen(ears);
                   k.Simulate(1.0);
                 } else {
                   while (!told) std::this_thread::sleep_for(10ms);
                   k.Simulate(1.0);
                 }
               },
               {500ms, 60s});
  EXPECT_TRUE(told);
}

TEST(ranks, end_runs_together_when_one_cancels) {
  run_on_ranks(2, 1, [&](Session& k, std::uint32_t rank) {
    k.Create("iaf_psc_alpha", 4);
    if (rank == 1) {
      client::listeners ears;
      ears.on_progress = [&](const client::progress&) { k.cancel(); };
      k.listen(ears);
    }
    k.Simulate(3.6e6);
    EXPECT_LT(k.GetKernelStatus("biological_time").as<double>(), 3.6e6);
    k.SetKernelStatus({});
  });
}

TEST(ranks, refuse_together) {
  run_on_ranks(2, 2, [&](Session& k, std::uint32_t) {
    const auto cells = k.Create("iaf_psc_alpha", 5);
    EXPECT_NE(refusal([&] { k.Create("iaf_psc_alpha", 3, Dictionary{{"C_m", -1.0}}); }), "");
    EXPECT_NE(refusal([&] { k.SetKernelStatus({{"total_num_virtual_procs", 5}}); }), "");
    EXPECT_NE(refusal([&] { k.Install("some"); }).find("several ranks"), std::string::npos);
    k.Simulate(1.0);
    EXPECT_EQ(k.GetKernelStatus("network_size"), Value(5));
    k.ResetKernel();
    k.SetKernelStatus({{"local_num_threads", 3}});
    EXPECT_EQ(k.GetKernelStatus("total_num_virtual_procs"), Value(6));
    k.Create("iaf_psc_alpha", 5);
    k.Simulate(2.0);
  });
}

}  // namespace
}  // namespace volley::actors
