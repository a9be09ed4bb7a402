// A real server on real sockets: honest clients, and how it begins and ends.
#include "actors/server.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "client/cpp/error.hpp"
#include "client/cpp/session.hpp"
#include "tests/actors/cluster_certificates.hpp"
#include "tests/actors/raw_client.hpp"
#include "tests/actors/running_server.hpp"

namespace volley::actors {
namespace {

using client::Dictionary;
using client::Session;
using client::Value;

std::string token_of(const running_server& s, const std::string& role = "") {
  std::string token;
  std::ifstream(s.options.tcp->token_file.string() + role) >> token;
  return token;
}
Session unix_session(const running_server& s) { return Session("unix:" + s.options.socket_path.string()); }

TEST(server, serves_a_network_through_the_unix_socket) {
  running_server s([](auto& options) { options.vps = 2; });
  auto nest = unix_session(s);
  const auto cells = nest.Create("iaf_psc_alpha", 20, Dictionary{{"I_e", 500.0}});
  const auto recorder = nest.Create("spike_recorder");
  nest.Connect(cells, recorder);
  nest.Simulate(100.0);
  EXPECT_GT(recorder.get("n_events").as<double>(), 50.0);
  EXPECT_EQ(nest.GetKernelStatus("total_num_virtual_procs"), Value(2));
}

TEST(server, serves_through_tcp_whoever_knows_the_token) {
  running_server s(
      [](auto& options) { options.refusals.first = options.refusals.longest = std::chrono::milliseconds(10); });
  const std::string address = "tcp:127.0.0.1:" + std::to_string(s.tcp_port());
  Session nest(address, token_of(s));
  EXPECT_EQ(nest.Create("iaf_psc_alpha", 3).size(), 3u);
  for (const std::string& wrong :
       {std::string(), std::string("x"), token_of(s) + "0", token_of(s).substr(1), std::string(64, 'a')})
    EXPECT_THROW(Session(address, wrong), client::error) << wrong;
}

TEST(server, a_token_gives_the_rights_of_its_role) {
  running_server s;
  const std::string address = "tcp:127.0.0.1:" + std::to_string(s.tcp_port());
  Session builder(address, token_of(s, ".simulate")), watcher(address, token_of(s, ".observe")),
      owner(address, token_of(s));
  EXPECT_EQ(builder.Create("iaf_psc_alpha", 3).size(), 3u);
  EXPECT_THROW(builder.SetKernelStatus({{"overwrite_files", true}}), client::error);
  EXPECT_THROW(watcher.Create("iaf_psc_alpha", 3), client::error);
  EXPECT_THROW(watcher.Simulate(1.0), client::error);
  EXPECT_EQ(watcher.GetKernelStatus("network_size"), Value(3));
  EXPECT_EQ(watcher.GetKernelStatus("overwrite_files"), Value(false));
  owner.SetKernelStatus({{"overwrite_files", true}});
  EXPECT_EQ(watcher.GetKernelStatus("overwrite_files"), Value(true));
}

TEST(server, revoked_tokens_open_nothing_and_put_their_sessions_out) {
  running_server s;
  const std::string address = "tcp:127.0.0.1:" + std::to_string(s.tcp_port());
  const auto old = token_of(s);
  Session guest(address, old);
  auto host = unix_session(s);
  s.revoke_tokens();
  while (token_of(s) == old || token_of(s).empty()) std::this_thread::yield();
  EXPECT_THROW(Session(address, old), client::error);
  Session(address, token_of(s)).Create("iaf_psc_alpha", 3);
  EXPECT_THROW(guest.GetKernelStatus("network_size"), client::connection_lost);
  EXPECT_EQ(host.GetKernelStatus("network_size"), Value(3)) << "who came through the Unix socket stays";
}

TEST(server, tokens_are_renewed_when_they_expire_and_sessions_stay) {
  running_server s([](auto& options) { options.tcp->token_lifetime = std::chrono::milliseconds(1); });
  auto host = unix_session(s);
  const auto old = token_of(s);
  while (token_of(s) == old || token_of(s).empty()) std::this_thread::yield();
  EXPECT_THROW(Session("tcp:127.0.0.1:" + std::to_string(s.tcp_port()), old), client::error);
  EXPECT_EQ(host.GetKernelStatus("network_size"), Value(0));
}

// More than one page, and not a whole number of them.
TEST(server, long_answers_arrive_whole) {
  running_server s;
  auto nest = unix_session(s);
  const std::int64_t count = 1'100'003;
  const auto cells = nest.Create("parrot_neuron", count);
  nest.Connect(cells, cells, Dictionary{{"rule", "one_to_one"}});
  const auto found = nest.GetConnections().columns();
  ASSERT_EQ(found.sources.size(), std::size_t(count));
  for (std::int64_t i = 0; i < count; ++i) {
    ASSERT_EQ(found.sources[i], i + 1);
    ASSERT_EQ(found.targets[i], i + 1);
    ASSERT_EQ(found.ports[i], 0);
  }
}

TEST(server, several_clients_share_the_kernel) {
  running_server s;
  auto one = unix_session(s), two = unix_session(s);
  one.Create("iaf_psc_alpha", 4);
  EXPECT_EQ(two.GetKernelStatus("network_size"), Value(4));
}

TEST(server, the_kernel_outlives_its_clients) {
  running_server s;
  unix_session(s).Create("iaf_psc_alpha", 4);
  EXPECT_EQ(unix_session(s).GetKernelStatus("network_size"), Value(4));
}

// ---- several kernels

Session session_with(const running_server& s, const std::string& kernel) {
  return Session("unix:" + s.options.socket_path.string(), "", kernel);
}
std::string refusal(const std::function<void()>& call) {
  try {
    call();
  } catch (const client::error& why) {
    return why.what();
  }
  return "";
}
/// Builds a network that differs by its seed, runs it, and tells when it spiked.
std::vector<double> spikes_of(Session& nest, std::int64_t seed) {
  nest.SetKernelStatus({{"rng_seed", seed}});
  const auto noise = nest.Create("poisson_generator", 1, Dictionary{{"rate", 8000.0}});
  const auto cells = nest.Create("iaf_psc_alpha", 50);
  const auto recorder = nest.Create("spike_recorder");
  nest.Connect(noise, cells, "all_to_all", Dictionary{{"weight", 100.0}});
  nest.Connect(cells, cells, Dictionary{{"rule", "fixed_indegree"}, {"indegree", 5}}, Dictionary{{"weight", 50.0}});
  nest.Connect(cells, recorder);
  for (int part = 0; part < 5; ++part) nest.Simulate(40.0);
  const auto times = recorder.get("events").as<Dictionary>().at("times").as<client::Column<double>>();
  return {times.begin(), times.end()};
}
std::size_t kernels_of(Session& nest) { return nest.kernels().size(); }

TEST(several_kernels, run_at_once_each_with_its_bits) {
  std::vector<std::vector<double>> expected;
  for (const std::int64_t seed : {1, 2}) {
    Session alone{""};
    alone.SetKernelStatus({{"total_num_virtual_procs", 2}});
    expected.push_back(spikes_of(alone, seed));
  }
  ASSERT_GT(expected[0].size(), 50u);
  ASSERT_NE(expected[0], expected[1]);
  running_server s([](auto& options) { options.vps = 2; });
  std::vector<std::thread> clients;
  for (const std::int64_t n : {0, 1, 2, 3})
    clients.emplace_back([&, n] {
      auto nest = session_with(s, n == 0 ? "" : n == 1 ? "a" : "own");
      for (int again = 0; again < 3; ++again) {
        nest.ResetKernel();
        EXPECT_EQ(spikes_of(nest, n % 2 + 1), expected[n % 2]) << n;
      }
    });
  for (auto& one : clients) one.join();
}

TEST(several_kernels, are_not_touched_by_what_happens_to_another) {
  running_server s;
  auto a = session_with(s, "a"), b = session_with(s, "b");
  const auto cells = a.Create("iaf_psc_alpha", 3);
  b.Create("iaf_psc_alpha", 5);
  b.ResetKernel();
  EXPECT_EQ(cells.get("V_m").as<client::Column<double>>().size(), 3u);
  std::atomic<bool> runs{false};
  b.Create("iaf_psc_alpha", 5);
  b.listen({.on_progress = [&](const client::progress&) { runs = true; }, .on_log = {}, .interrupted = {}});
  std::string lost;
  std::thread job([&] { lost = refusal([&] { b.Simulate(3.6e6); }); });
  while (!runs) std::this_thread::yield();
  EXPECT_EQ(a.GetKernelStatus("network_size"), Value(3)) << "while the other one runs";
  a.Simulate(10.0);
  a.drop_kernel("b");
  job.join();
  EXPECT_NE(lost.find("kernel b is gone: it was dropped"), std::string::npos) << lost;
  a.Simulate(10.0);
  EXPECT_EQ(a.GetKernelStatus("biological_time"), Value(20.0));
  EXPECT_EQ(session_with(s, "b").GetKernelStatus("network_size"), Value(0)) << "a new one of the name";
  EXPECT_THROW(b.GetKernelStatus("network_size"), client::connection_lost);
}

TEST(several_kernels, stay_by_their_name_or_end_with_their_session) {
  running_server s([](auto& options) { options.most_kernels = 2; });
  session_with(s, "a").Create("iaf_psc_alpha", 3);
  EXPECT_EQ(session_with(s, "a").GetKernelStatus("network_size"), Value(3));
  auto nest = unix_session(s);
  EXPECT_NE(refusal([&] { session_with(s, "own"); }).find("as many as it allows: a, default"), std::string::npos);
  nest.drop_kernel("a");
  EXPECT_NE(refusal([&] { nest.drop_kernel("a"); }).find("no kernel a"), std::string::npos);
  EXPECT_NE(refusal([&] { nest.drop_kernel("default"); }).find("ResetKernel"), std::string::npos);
  for (int again = 0; again < 3; ++again) {
    {
      auto own = session_with(s, "own");
      EXPECT_EQ(own.Create("iaf_psc_alpha", 3).size(), 3u);
      EXPECT_EQ(kernels_of(nest), 2u);
    }
    while (kernels_of(nest) != 1) std::this_thread::yield();
  }
}

TEST(several_kernels, are_looked_at_by_who_may_not_make_them) {
  running_server s;
  const std::string address = "tcp:127.0.0.1:" + std::to_string(s.tcp_port());
  const auto open = [&](const char* role, const char* kernel) { return Session(address, token_of(s, role), kernel); };
  EXPECT_NE(refusal([&] { open(".observe", "a"); }).find("no kernel a to look at; there are default"),
            std::string::npos);
  auto builder = open(".simulate", "a");
  builder.Create("iaf_psc_alpha", 3);
  auto watcher = open(".observe", "a");
  EXPECT_EQ(watcher.GetKernelStatus("network_size"), Value(3));
  EXPECT_EQ(watcher.kernels().size(), 2u);
  EXPECT_EQ(watcher.kernels()[0].at("nodes"), Value(3));
  EXPECT_EQ(watcher.kernels()[0].at("here"), Value(true));
  EXPECT_THROW(watcher.drop_kernel("a"), client::error);
  builder.drop_kernel("a");
  EXPECT_THROW(watcher.GetKernelStatus("network_size"), client::connection_lost);
}

void with_workers(server_options& options) { options.workers = workers_options{.token_file = options.data_root / "w"}; }

TEST(several_kernels, share_the_limit_of_memory) {
  for (const bool workers : {false, true}) {
    running_server s([&](auto& options) {
      options.memory_limit = 64 << 20;
      if (workers) with_workers(options);
    });
    auto a = session_with(s, "a"), b = session_with(s, "b");
    const auto build = [](Session& nest) { nest.Create("iaf_psc_alpha", 100'000); };
    while (refusal([&] { build(a); }).empty()) {
    }
    const auto why = refusal([&] { build(b); });
    EXPECT_NE(why.find("other kernels of the server take"), std::string::npos) << why;
    a.ResetKernel();
    build(b);
    session_with(s, "own");
  }
}

TEST(several_kernels, write_files_of_their_own) {
  running_server s;
  for (const char* name : {"", "a"}) {
    auto nest = session_with(s, name);
    nest.Create("spike_recorder", 1, Dictionary{{"record_to", "ascii"}});
    nest.Simulate(1.0);
  }
  std::size_t files = 0, of_a = 0;
  for (const auto& one : std::filesystem::directory_iterator(s.folder())) {
    if (one.path().extension() != ".dat") continue;
    ++files;
    if (one.path().filename().string().starts_with("a-")) ++of_a;
  }
  EXPECT_EQ(files, 2u);
  EXPECT_EQ(of_a, 1u);
}

class kernels_that_last : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(with_workers_or_without, kernels_that_last, testing::Bool());

TEST_P(kernels_that_last, go_on_when_their_server_does) {
  const auto folder = std::filesystem::path(testing::TempDir()) /
                      ("kernels_" + std::to_string(::getpid()) + (GetParam() ? "_workers" : ""));
  const auto with_state = [&](server_options& options) {
    options.state = folder;
    if (GetParam()) with_workers(options);
  };
  std::vector<double> expected;
  {
    Session alone{""};
    expected = spikes_of(alone, 3);
  }
  {
    running_server s(with_state);
    auto a = session_with(s, "a"), b = session_with(s, "b");
    EXPECT_EQ(spikes_of(a, 3), expected);
    b.Create("iaf_psc_alpha", 3);
    b.drop_kernel("b");
    unix_session(s).Create("iaf_psc_alpha", 7);
    session_with(s, "own").Create("iaf_psc_alpha", 9);
  }
  for (int again = 0; again < 2; ++again) {
    running_server s(with_state);
    auto nest = unix_session(s);
    EXPECT_EQ(kernels_of(nest), 2u) << "what was dropped, and what ended, is not there";
    auto a = session_with(s, "a");
    EXPECT_EQ(nest.GetKernelStatus("network_size"), Value(7));
    EXPECT_EQ(a.GetKernelStatus("biological_time"), Value(200.0 + 10 * again));
    a.Simulate(10.0);
    EXPECT_EQ(session_with(s, "b").GetKernelStatus("network_size"), Value(0));
    nest.drop_kernel("b");
  }
  std::filesystem::remove_all(folder);
}

TEST(server, socket_and_token_are_the_users_alone) {
  running_server s;
  struct stat socket {
  }, token{};
  ASSERT_EQ(::lstat(s.options.socket_path.c_str(), &socket), 0);
  ASSERT_EQ(::lstat(s.options.tcp->token_file.c_str(), &token), 0);
  EXPECT_TRUE(S_ISSOCK(socket.st_mode));
  EXPECT_EQ(socket.st_mode & 0777, 0600u);
  EXPECT_EQ(token.st_mode & 0777, 0600u);
}

TEST(server, removes_socket_and_token_at_its_end) {
  running_server s;
  s.stop();
  EXPECT_FALSE(std::filesystem::exists(s.options.socket_path));
  EXPECT_FALSE(std::filesystem::exists(s.options.tcp->token_file));
}

TEST(server, clients_get_an_error_when_it_ends_and_no_hang) {
  running_server s;
  auto nest = unix_session(s);
  raw_client waiting(s.options.socket_path);
  nest.Create("iaf_psc_alpha", 2);
  s.stop();
  EXPECT_THROW(nest.Create("iaf_psc_alpha", 2), client::connection_lost);
  EXPECT_TRUE(waiting.is_closed());
}

TEST(server, ends_while_a_job_runs) {
  running_server s;
  auto nest = unix_session(s);
  std::atomic<bool> runs{false};
  nest.listen({.on_progress = [&](const client::progress&) { runs = true; }, .on_log = {}, .interrupted = {}});
  std::thread job([&] { EXPECT_THROW(nest.Simulate(3.6e6), client::connection_lost); });
  while (!runs) std::this_thread::yield();
  s.stop();
  job.join();
}

TEST(server, ends_a_run_that_takes_longer_than_it_lets_it) {
  running_server s([](auto& options) { options.longest_run = std::chrono::milliseconds(50); });
  auto nest = unix_session(s);
  nest.Create("iaf_psc_alpha", 2);
  try {
    nest.Simulate(1e9);
    ADD_FAILURE() << "it went on";
  } catch (const client::error& e) {
    EXPECT_NE(std::string(e.what()).find("--run-hours"), std::string::npos) << e.what();
  }
  nest.Simulate(1.0);
}

TEST(server, two_servers_cannot_share_a_socket_but_a_dead_ones_is_taken) {
  running_server s;
  auto again = s.options;
  again.tcp.reset();
  EXPECT_THROW(server{again}, std::runtime_error);
  EXPECT_NO_THROW(unix_session(s)) << "the first one goes on";
  s.stop();
  // A process that was killed leaves its socket behind.
  const int dead = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, again.socket_path.c_str(), sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(dead, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ::close(dead);
  EXPECT_NO_THROW(server{again});
}

TEST(server, listens_where_other_machines_reach_it_with_tls_or_on_demand_alone) {
  for (const char* address : {"0.0.0.0", "::", "192.168.1.1"})
    EXPECT_THROW(running_server([&](auto& options) { options.tcp->host = address; }), std::runtime_error) << address;
  const auto workers = [](const char* host) { return workers_options{.host = host, .token_file = "workers"}; };
  EXPECT_THROW(running_server([&](auto& options) { options.workers = workers("0.0.0.0"); }), std::runtime_error);
  running_server unprotected([](auto& options) {
    options.tcp->host = "0.0.0.0";
    options.insecure = true;
  });
  EXPECT_EQ(Session("tcp:127.0.0.1:" + std::to_string(unprotected.tcp_port()), token_of(unprotected))
                .Create("iaf_psc_alpha", 3)
                .size(),
            3u);
}

class a_server_with_tls : public testing::Test {
 protected:
  ~a_server_with_tls() override { ::unsetenv("VOLLEY_TLS_CA"); }
  void trust(const std::string& what) { ::setenv("VOLLEY_TLS_CA", made.trusting(what).trusted.c_str(), 1); }
  std::string address(const running_server& s, const std::string& host = "localhost", const std::string& how = "tls:") {
    return how + host + ":" + std::to_string(s.tcp_port());
  }
  std::string refusal(const std::string& where, const std::string& token) {
    try {
      Session nest(where, token);
      return "";
    } catch (const std::exception& failure) {
      return failure.what();
    }
  }
  const cluster_certificates made;
};

TEST_F(a_server_with_tls, serves_who_trusts_it_and_knows_the_token) {
  running_server s([&](auto& options) {
    options.tcp->host = "0.0.0.0";
    options.tls = made.files("ours/server");
    options.refusals.first = options.refusals.longest = std::chrono::milliseconds(10);
  });
  trust("ours/ca");
  for (const char* host : {"localhost", "127.0.0.1"}) {
    Session nest(address(s, host), token_of(s));
    const auto cells = nest.Create("parrot_neuron", 100'003);
    nest.Connect(cells, cells, Dictionary{{"rule", "one_to_one"}});
    EXPECT_EQ(nest.GetConnections().columns().sources.size(), 100'003u);
    nest.ResetKernel();
  }
  EXPECT_NE(refusal(address(s), "a token").find("refuses this client"), std::string::npos);
  EXPECT_NE(refusal(address(s, "127.0.0.2"), token_of(s)).find("IP address mismatch"), std::string::npos);
  EXPECT_NE(refusal(address(s, "localhost", "tcp:"), token_of(s)).find("one with TLS"), std::string::npos);
  trust("others/ca");
  EXPECT_NE(refusal(address(s), token_of(s)).find("its certificate is refused"), std::string::npos);
  EXPECT_EQ(unix_session(s).GetKernelStatus("network_size"), Value(0)) << "nobody notices the others";
}

TEST_F(a_server_with_tls, that_has_expired_or_has_none_is_left) {
  trust("ours/ca");
  running_server old([&](auto& options) { options.tls = made.files("ours/expired"); });
  EXPECT_NE(refusal(address(old), token_of(old)).find("certificate has expired"), std::string::npos);
  running_server plain;
  EXPECT_NE(refusal(address(plain), token_of(plain)).find("does not speak TLS"), std::string::npos);
}

// A stranger that says nothing, or something else, is hung up on like any other.
TEST_F(a_server_with_tls, does_not_wait_for_strangers) {
  running_server s([&](auto& options) {
    options.tls = made.files("ours/server");
    options.limits.greeting_within = std::chrono::milliseconds(100);
    options.refusals.first = options.refusals.longest = std::chrono::milliseconds(10);
  });
  raw_client silent(s.tcp_port()), loud(s.tcp_port());
  loud.send(std::vector<std::byte>(500, std::byte{'x'}));
  EXPECT_TRUE(loud.is_hung_up());
  EXPECT_TRUE(silent.is_closed());
  trust("ours/ca");
  EXPECT_EQ(refusal(address(s), token_of(s)), "");
}

TEST(server, recorded_files_lie_below_its_folder) {
  running_server s;
  auto nest = unix_session(s);
  const auto clock = nest.Create("spike_generator", 1, Dictionary{{"spike_times", std::vector<double>{1.0}}});
  const auto good = nest.Create("spike_recorder", 1, Dictionary{{"record_to", "ascii"}, {"label", "good"}});
  nest.Connect(clock, good);
  nest.Simulate(5.0);
  bool found = false;
  for (const auto& entry : std::filesystem::directory_iterator(s.folder()))
    found |= entry.path().filename().string().starts_with("good");
  EXPECT_TRUE(found);
  nest.SetKernelStatus({{"data_path", "/tmp"}});
  try {
    nest.Simulate(5.0);
    FAIL() << "a file outside was opened";
  } catch (const client::error& fault) {
    EXPECT_EQ(fault.kind(), "IOError");
  }
}

TEST(server, has_no_room_for_more_sessions_than_allowed) {
  running_server s([](auto& options) { options.most_sessions = 2; });
  auto one = unix_session(s);
  {
    auto two = unix_session(s);
    EXPECT_THROW(unix_session(s), client::error);
  }
  for (int attempt = 0;; ++attempt) {  // the server learns that the second has left
    try {
      unix_session(s);
      break;
    } catch (const client::error&) {
      ASSERT_LT(attempt, 10'000);
      std::this_thread::yield();
    }
  }
}

}  // namespace
}  // namespace volley::actors
