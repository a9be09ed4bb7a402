#include "actors/worker_process.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>  // before Asio, which uses std::exchange without it

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include "actors/convert.hpp"
#include "actors/convert_greeting.hpp"
#include "actors/proof.hpp"
#include "client/cpp/error.hpp"
#include "client/cpp/session.hpp"
#include "protocol/limits.hpp"
#include "tests/actors/cluster_certificates.hpp"
#include "tests/actors/relay.hpp"
#include "tests/actors/running_server.hpp"
#include "tests/actors/three_workers.hpp"

namespace volley::actors {
namespace {

using namespace std::chrono_literals;
using client::Dictionary;
using client::Value;
using protocol::frame_kind;

void with_workers(server_options& options) {
  options.vps = 5;
  options.workers = workers_options{.token_file = options.data_root / "workers"};
  options.refusals = {.first = 1ms, .longest = 20ms};
}

std::string token_of_workers(const running_server& s) {
  std::string token;
  std::ifstream(s.folder() / "workers") >> token;
  return token;
}

worker_options options_of(const running_server& s) {
  return {.port = s.workers_port(), .token = token_of_workers(s), .lanes = 1, .data_root = s.folder()};
}

/// A worker with a thread of its own; what ends it.
std::future<std::string> start(worker_options options) {
  return std::async(std::launch::async, [options] {
    try {
      work(options);
      return std::string();
    } catch (const std::exception& failure) {
      return std::string(failure.what());
    }
  });
}

void wait_for_workers(client::Session& nest, std::size_t count) {
  const auto there = [&] {
    const auto all = nest.GetKernelStatus("workers");
    const auto* list = all.get_if<std::vector<Value>>();
    return list == nullptr ? 0 : list->size();
  };
  while (there() < count) std::this_thread::sleep_for(1ms);
}

Value voltages(client::Session& nest) {
  const auto cells = nest.Create("iaf_psc_alpha", 20, Dictionary{{"I_e", 500.0}});
  nest.Connect(cells, cells, Dictionary{{"rule", "fixed_indegree"}, {"indegree", 4}},
               Dictionary{{"weight", 30.0}, {"delay", 1.5}});
  nest.Simulate(40.0);
  nest.Simulate(10.3);
  return cells.get("V_m");
}

TEST(worker_process, computes_for_a_server_until_that_ends) {
  running_server alone([](auto& options) { options.vps = 1; });
  client::Session expected("unix:" + alone.options.socket_path.string());
  for (const bool hosts : {true, false}) {
    running_server s([&](auto& options) {
      with_workers(options);
      options.workers->alone = !hosts;
    });
    auto one = start(options_of(s)), two = start(options_of(s));
    {
      client::Session nest("unix:" + s.options.socket_path.string());
      wait_for_workers(nest, hosts ? 3 : 2);
      expected.ResetKernel();
      EXPECT_EQ(voltages(nest), voltages(expected));
      nest.ResetKernel();
      expected.ResetKernel();
      EXPECT_EQ(voltages(nest), voltages(expected)) << "after a reset";
    }
    s.stop();
    EXPECT_EQ(one.get(), "");
    EXPECT_EQ(two.get(), "");
  }
}

TEST(worker_process, computes_several_kernels_at_once) {
  running_server alone([](auto& options) { options.vps = 1; });
  client::Session expected("unix:" + alone.options.socket_path.string());
  const auto bits = voltages(expected);
  running_server s([](auto& options) {
    with_workers(options);
    options.workers->alone = true;
  });
  const auto address = "unix:" + s.options.socket_path.string();
  auto one = start(options_of(s)), two = start(options_of(s));
  std::vector<std::thread> clients;
  for (const char* kernel : {"", "a", "own"})
    clients.emplace_back([&, kernel] {
      client::Session nest(address, "", kernel);
      wait_for_workers(nest, 2);
      for (int again = 0; again < 3; ++again) {
        nest.ResetKernel();
        EXPECT_EQ(voltages(nest), bits) << kernel;
      }
    });
  for (auto& client : clients) client.join();
  client::Session nest(address);
  nest.drop_kernel("a");
  nest.ResetKernel();
  EXPECT_EQ(voltages(nest), bits);
  s.stop();
  EXPECT_EQ(one.get(), "");
  EXPECT_EQ(two.get(), "");
}

TEST(worker_process, is_told_why_it_is_not_let_in) {
  running_server s(with_workers);
  auto options = options_of(s);
  options.token = "a token";
  EXPECT_NE(start(options).get().find("refuses this worker"), std::string::npos);
  options = options_of(s);
  options.lanes = 0;
  EXPECT_NE(start(options).get().find("it has no lanes"), std::string::npos);
  options = options_of(s);
  options.host = "10.0.0.1";
  EXPECT_NE(start(options).get(), "");
}

TEST(worker_process, computes_the_same_under_tls) {
  const cluster_certificates made;
  running_server alone([](auto& options) { options.vps = 1; });
  client::Session expected("unix:" + alone.options.socket_path.string());
  running_server s([&](auto& options) {
    with_workers(options);
    options.tls = made.files("ours/server");
  });
  auto options = options_of(s);
  options.tls = made.files("ours/worker");
  auto one = start(options), two = start(options);
  {
    client::Session nest("unix:" + s.options.socket_path.string());
    wait_for_workers(nest, 3);
    EXPECT_EQ(voltages(nest), voltages(expected));
  }
  s.stop();
  EXPECT_EQ(one.get(), "");
  EXPECT_EQ(two.get(), "");
}

TEST(worker_process, is_told_what_is_wrong_with_its_certificate_or_the_supervisors) {
  const cluster_certificates made;
  const auto expect = [&](const std::string& supervisor, const std::optional<protocol::tls_files>& worker,
                          const std::string& why, const std::string& host = "localhost") {
    running_server s([&](auto& options) {
      with_workers(options);
      if (host != "localhost") options.workers->host = host;
      if (!supervisor.empty()) options.tls = made.files(supervisor);
    });
    auto options = options_of(s);
    options.host = host;
    options.tls = worker;
    const auto said = start(options).get();
    EXPECT_NE(said.find(why), std::string::npos) << said;
  };
  const auto worker = made.files("ours/worker");
  expect("ours/server", made.files("others/server"), "it refuses us");
  expect("ours/server", made.files("ours/expired"), "certificate expired");
  expect("ours/server", made.trusting("ours/ca"), "certificate required");
  expect("ours/server", std::nullopt, "one with TLS hangs up");
  expect("ours/server", worker, "IP address mismatch", "127.0.0.2");
  expect("ours/expired", worker, "certificate has expired");
  expect("others/server", worker, "its certificate is refused");
  expect("", worker, "it does not speak TLS");
}

TEST(worker_process, that_loses_its_supervisor_joins_again_as_another) {
  running_server alone([](auto& options) { options.vps = 1; });
  client::Session expected("unix:" + alone.options.socket_path.string());
  running_server s(with_workers);
  running_context sockets;
  relay between(sockets.context, s.workers_port());
  auto options = options_of(s);
  options.port = between.port();
  options.token_file = s.folder() / "workers";
  auto one = start(options);
  options.wait = 0ms;
  auto other = start(options);
  {
    client::Session nest("unix:" + s.options.socket_path.string());
    wait_for_workers(nest, 3);
    voltages(nest);  // they know that they were let in
    nest.ResetKernel();
    sockets.run([&] { between.cut(); });
    EXPECT_NE(other.get().find("the supervisor was lost"), std::string::npos);
    wait_for_workers(nest, 4);  // two of them lost
    EXPECT_EQ(voltages(nest), voltages(expected));
  }
  s.stop();
  EXPECT_EQ(one.get(), "");
  sockets.run([&] { between.shut(); });
}

TEST(worker_process, gives_up_when_no_supervisor_comes_back) {
  running_server s(with_workers);
  running_context sockets;
  relay between(sockets.context, s.workers_port());
  auto options = options_of(s);
  options.port = between.port();
  options.wait = 100ms;
  auto one = start(options);
  client::Session nest("unix:" + s.options.socket_path.string());
  wait_for_workers(nest, 2);
  voltages(nest);  // it knows that it was let in
  sockets.run([&] { between.shut(); });
  const auto why = one.get();
  EXPECT_NE(why.find("the supervisor was lost"), std::string::npos) << why;
  EXPECT_NE(why.find(", and none came back: no supervisor at 127.0.0.1"), std::string::npos) << why;
}

// ---- what takes itself for a supervisor

class a_false_supervisor : public testing::Test {
 protected:
  using tcp = boost::asio::ip::tcp;

  a_false_supervisor() {
    options.port = door.local_endpoint().port();
    options.token = "the token";
    options.lanes = 1;
    options.answer_within = 400ms;
  }
  void put(tcp::socket& to, frame_kind kind, const protocol::body& body) {
    const protocol::frame f({.kind = kind}, body);
    boost::asio::write(to, boost::asio::buffer(protocol::encode_header(f)));
    boost::asio::write(to, boost::asio::buffer(f.body_bytes().data(), f.body_bytes().size()));
  }
  protocol::body words(std::size_t count) {
    return std::make_shared<const protocol::words>(protocol::words::zeroed(count));
  }
  boost::asio::io_context context;
  tcp::acceptor door{context, {boost::asio::ip::address_v4::loopback(), 0}};
  worker_options options;
};

TEST_F(a_false_supervisor, that_says_nothing_is_left) {
  EXPECT_EQ(start(options).get(), "the supervisor does not answer");
}

TEST_F(a_false_supervisor, that_hangs_up_is_left) {
  auto worker = start(options);
  door.accept().close();
  EXPECT_EQ(worker.get(), "the supervisor cannot be joined: it hung up (one with TLS hangs up on workers without)");
}

TEST_F(a_false_supervisor, that_speaks_otherwise_is_left) {
  auto worker = start(options);
  auto here = door.accept();
  boost::asio::write(here, boost::asio::buffer(std::string(200, 'x')));
  EXPECT_NE(worker.get().find("no frame"), std::string::npos);
  worker = start(options);
  here = door.accept();
  put(here, frame_kind::alive, nullptr);
  EXPECT_EQ(worker.get(), "no supervisor listens there");
}

TEST_F(a_false_supervisor, that_does_not_know_the_token_is_left) {
  auto worker = start(options);
  auto here = door.accept();
  put(here, frame_kind::challenge, words(4));
  put(here, frame_kind::admitted, encode_admission({1, 1, std::string(proof_bytes, 'p')}));
  EXPECT_EQ(worker.get(), "the supervisor does not know the token");
}

TEST_F(a_false_supervisor, that_refuses_with_a_reason_is_quoted) {
  auto worker = start(options);
  auto here = door.accept();
  put(here, frame_kind::challenge, words(4));
  put(here, frame_kind::refused, encode_refusal("not today"));
  EXPECT_EQ(worker.get(), "not today");
}

TEST(worker_process, without_a_supervisor_ends_at_once) {
  EXPECT_NE(start({.port = 1, .token = "the token", .lanes = 1}).get(), "");
}

}  // namespace
}  // namespace volley::actors
