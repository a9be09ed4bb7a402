// What attackers and broken clients send to a connection: they are refused alike, and others do not notice.
#include "actors/connection.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "client/cpp/session.hpp"
#include "client/cpp/wire.hpp"
#include "tests/actors/raw_client.hpp"
#include "tests/actors/running_server.hpp"

namespace volley::actors {
namespace {

using namespace std::chrono_literals;
namespace wire = volley::client::wire;
using client::Session;
using protocol::frame_kind;

protocol::frame hello(const std::string& token = "") {
  return protocol::frame({.kind = frame_kind::hello, .sequence = 1}, wire::hello(token));
}
protocol::frame request(std::uint64_t sequence, protocol::body body) {
  return protocol::frame({.kind = frame_kind::request, .sequence = sequence}, std::move(body));
}
std::vector<std::byte> bytes_of(const protocol::frame& f) {
  const auto head = protocol::encode_header(f);
  std::vector<std::byte> bytes(head.size() + f.body_bytes().size());
  std::ranges::copy(f.body_bytes(), std::ranges::copy(head, bytes.begin()).out);
  return bytes;
}

class hostile_clients : public testing::Test {
 protected:
  hostile_clients()
      : server_([](server_options& options) {
          options.limits.greeting_within = 1'500ms;
          options.refusals.first = 20ms;
          options.refusals.longest = 100ms;
        }) {}
  ~hostile_clients() override {
    // Whatever a test did, an honest client is served.
    Session honest("unix:" + server_.options.socket_path.string());
    EXPECT_EQ(honest.GetKernelStatus("resolution"), client::Value(0.1));
  }

  raw_client stranger() { return raw_client(server_.options.socket_path); }
  raw_client stranger_by_tcp() { return raw_client(server_.tcp_port()); }
  raw_client guest() {
    auto c = stranger();
    c.send(hello());
    EXPECT_EQ(c.receive().value().head().kind, frame_kind::welcome);
    return c;
  }
  // The one refusal that all strangers get.
  std::vector<std::byte> refusal_of(raw_client& c) {
    const auto f = c.receive();
    if (!f) return {};
    EXPECT_EQ(f->head().kind, frame_kind::refused);
    EXPECT_TRUE(c.is_closed());
    return bytes_of(*f);
  }

  running_server server_;
};

TEST_F(hostile_clients, every_stranger_gets_the_same_refusal) {
  auto wrong_token = stranger_by_tcp();
  wrong_token.send(hello(std::string(64, 'f')));
  const auto expected = refusal_of(wrong_token);
  ASSERT_FALSE(expected.empty());

  auto no_token = stranger_by_tcp();
  no_token.send(hello());
  EXPECT_EQ(refusal_of(no_token), expected);
  auto no_hello = stranger();
  no_hello.send(request(1, wire::prepare()));
  EXPECT_EQ(refusal_of(no_hello), expected);
  auto no_frame = stranger();
  no_frame.send(std::vector<std::byte>(protocol::header_bytes, std::byte{'G'}));
  EXPECT_EQ(refusal_of(no_frame), expected);
  auto no_message = stranger();
  no_message.send(protocol::frame({.kind = frame_kind::hello},
                                  std::make_shared<const protocol::words>(protocol::words::zeroed(4))));
  EXPECT_EQ(refusal_of(no_message), expected);
  auto silent = stranger();
  EXPECT_EQ(refusal_of(silent), expected);
}

// Right tokens in the wrong case or length, and ones that were right once.
TEST_F(hostile_clients, near_misses_are_strangers_too) {
  std::string token;
  std::ifstream(server_.options.tcp->token_file) >> token;
  ASSERT_EQ(token.size(), 64u);
  auto upper = token;
  std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return std::toupper(c); });
  std::vector<std::byte> first;
  for (const std::string& wrong : {upper + "", token.substr(1), token + "0", token + '\0', token.substr(0, 63) + "g"}) {
    auto c = stranger_by_tcp();
    c.send(hello(wrong));
    const auto refusal = refusal_of(c);
    ASSERT_FALSE(refusal.empty());
    if (first.empty()) first = refusal;
    EXPECT_EQ(refusal, first);
  }
}

TEST_F(hostile_clients, who_is_refused_again_waits_longer) {
  const auto wait = [&] {
    auto c = stranger_by_tcp();
    const auto began = std::chrono::steady_clock::now();
    c.send(hello("wrong"));
    EXPECT_FALSE(refusal_of(c).empty());
    return std::chrono::steady_clock::now() - began;
  };
  EXPECT_GE(wait(), 20ms);
  EXPECT_GE(wait(), 40ms);
  EXPECT_GE(wait(), 80ms);
  std::string token;
  std::ifstream(server_.options.tcp->token_file) >> token;
  auto c = stranger_by_tcp();
  c.send(hello(token));
  EXPECT_EQ(c.receive().value().head().kind, frame_kind::welcome) << "at once";
}

TEST_F(hostile_clients, a_stranger_cannot_send_more_than_4_KiB) {
  auto c = stranger();
  c.send(hello(std::string(4096, 'x')));  // would be welcome otherwise: nobody asks for a token here
  EXPECT_FALSE(refusal_of(c).empty());
}

TEST_F(hostile_clients, a_header_of_4_GiB_is_refused_before_anything_is_allocated) {
  auto c = guest();
  auto head = protocol::encode_header(
      request(2, std::make_shared<const protocol::words>(protocol::words::zeroed(protocol::request_limit_words + 1))));
  c.send(head);
  EXPECT_TRUE(c.is_closed());
}

TEST_F(hostile_clients, a_damaged_frame_ends_the_connection) {
  auto bytes = bytes_of(request(2, wire::get_kernel_status({"resolution"})));
  for (const std::size_t position :
       {std::size_t{0}, std::size_t{5}, std::size_t{41}, std::size_t{73}, bytes.size() - 1}) {
    auto c = guest();
    bytes[position] ^= std::byte{4};
    c.send(bytes);
    EXPECT_TRUE(c.is_closed()) << position;
    bytes[position] ^= std::byte{4};
  }
}

TEST_F(hostile_clients, a_frame_cut_short_at_any_byte_harms_nobody) {
  const auto whole = bytes_of(request(2, wire::get_kernel_status({"resolution"})));
  for (std::size_t length = 0; length < whole.size(); length += 7) {
    auto c = guest();
    c.send(std::span(whole).first(length));
  }
}

TEST_F(hostile_clients, a_message_that_contradicts_itself_gets_an_error_and_the_end) {
  auto c = guest();
  c.send(request(2, std::make_shared<const protocol::words>(protocol::words::zeroed(20))));
  const auto f = c.receive();
  ASSERT_TRUE(f);
  EXPECT_EQ(f->head().kind, frame_kind::reply);
  EXPECT_EQ(f->head().sequence, 2u);
  EXPECT_TRUE(std::holds_alternative<client::error>(wire::read_reply(f->body(), nullptr).outcome));
  EXPECT_TRUE(c.is_closed());
}

TEST_F(hostile_clients, the_oldest_stranger_makes_room) {
  std::vector<raw_client> crowd;
  for (std::size_t i = 0; i < 64; ++i) crowd.push_back(stranger());
  Session honest("unix:" + server_.options.socket_path.string());
  EXPECT_EQ(honest.GetKernelStatus("resolution"), client::Value(0.1));
  EXPECT_TRUE(crowd.front().is_closed()) << "without a refusal, which its deadline would bring";
  EXPECT_FALSE(refusal_of(crowd.back()).empty());
}

TEST_F(hostile_clients, a_flood_of_requests_is_answered_in_its_order) {
  auto c = guest();
  constexpr std::uint64_t flood = 400;
  for (std::uint64_t sequence = 2; sequence < flood; ++sequence)
    ASSERT_TRUE(c.send(request(sequence, wire::get_kernel_status({"resolution"}))));
  for (std::uint64_t sequence = 2; sequence < flood; ++sequence)
    ASSERT_EQ(c.receive().value().head().sequence, sequence);
}

// Eight megabytes an answer, and nobody reads: the server keeps a few and stops listening to this client.
TEST_F(hostile_clients, a_client_that_does_not_read_does_not_stop_others) {
  auto lazy = guest();
  lazy.send(request(2, wire::create_nodes("iaf_psc_alpha", 100'000, {})));
  ASSERT_EQ(lazy.receive().value().head().sequence, 2u);
  const client::NodeCollection all(nullptr, 1, {{1, 100'000, 1}});
  for (std::uint64_t sequence = 3; sequence < 30; ++sequence)
    lazy.send(request(sequence,
                      wire::get_node_values(all, {"V_m", "tau_m", "C_m", "I_e", "t_ref", "V_th", "V_reset", "E_L"})));
  Session honest("unix:" + server_.options.socket_path.string());
  EXPECT_EQ(honest.GetKernelStatus("network_size"), client::Value(100'000));
}

TEST_F(hostile_clients, clients_that_come_and_go_leave_nothing_behind) {
  const auto descriptors = [] { return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {}); };
  { auto first = guest(); }
  const auto before = descriptors();
  for (int visit = 0; visit < 300; ++visit) {
    auto c = guest();
    if (visit % 2) c.send(protocol::frame({.kind = frame_kind::goodbye, .sequence = 2}));
  }
  for (int wait = 0; descriptors() > before + 1 && wait < 1'000'000; ++wait) std::this_thread::yield();
  EXPECT_LE(descriptors(), before + 1);
}

// ---- servers with limits of their own

running_server strict_server(const std::function<void(connection_limits&)>& adjust) {
  return running_server([&](server_options& options) {
    options.tcp.reset();
    adjust(options.limits);
  });
}
raw_client guest_of(const running_server& s) {
  raw_client c(s.options.socket_path);
  c.send(hello());
  EXPECT_EQ(c.receive().value().head().kind, frame_kind::welcome);
  return c;
}
// An answer of five megabytes.
protocol::frame large_question(std::uint64_t sequence) {
  return request(sequence, wire::get_node_values(client::NodeCollection(nullptr, 1, {{1, 100'000, 1}}),
                                                 {"V_m", "tau_m", "C_m", "I_e", "t_ref", "V_th"}));
}

TEST(connection_limits, an_unfinished_frame_has_a_deadline) {
  auto s = strict_server([](auto& limits) {
    limits.frame_within = 50ms;
    limits.least_bytes_per_s = 1'000'000;
  });
  auto c = guest_of(s);
  c.send(protocol::encode_header(request(2, wire::get_kernel_status({"resolution"}))));
  EXPECT_TRUE(c.is_closed());
}

TEST(connection_limits, a_client_that_asks_too_fast_is_read_more_slowly) {
  auto s = strict_server([](auto& limits) {
    limits.requests_per_s = 200;
    limits.requests_at_once = 10;
  });
  auto c = guest_of(s);
  const auto began = std::chrono::steady_clock::now();
  for (std::uint64_t sequence = 2; sequence < 52; ++sequence)
    ASSERT_TRUE(c.send(request(sequence, wire::get_kernel_status({"resolution"}))));
  for (std::uint64_t sequence = 2; sequence < 52; ++sequence) ASSERT_EQ(c.receive().value().head().sequence, sequence);
  EXPECT_GE(std::chrono::steady_clock::now() - began, 190ms) << "40 of the requests had to wait 5 ms each";
}

TEST(connection_limits, an_idle_session_ends_and_a_busy_one_does_not) {
  auto s = strict_server([](auto& limits) { limits.idle_for = 200ms; });
  auto busy = guest_of(s);
  busy.send(request(2, wire::simulate(3.6e6)));
  const auto began = std::chrono::steady_clock::now();
  auto idle = guest_of(s);
  EXPECT_TRUE(idle.is_closed());
  EXPECT_GE(std::chrono::steady_clock::now() - began, 200ms);
  std::this_thread::sleep_for(300ms);
  busy.send(request(3, wire::cancel()));
  std::optional<protocol::frame> f;
  do {
    f = busy.receive();
    ASSERT_TRUE(f);
  } while (f->head().kind == frame_kind::event);
  EXPECT_EQ(f->head().sequence, 3u);
}

// A job that does not end is in flight; behind it the server takes three requests and leaves the others in the socket.
TEST(connection_limits, few_requests_are_in_flight) {
  auto s = strict_server([](auto&) {});
  auto c = guest_of(s);
  c.send(request(2, wire::simulate(3.6e6)));
  const std::vector<std::int64_t> ids(131'072, 1);
  std::vector<std::byte> flood;
  for (std::uint64_t sequence = 3; sequence < 35; ++sequence) {
    const auto bytes = bytes_of(request(sequence, wire::connect_arrays(ids, ids, {})));
    flood.insert(flood.end(), bytes.begin(), bytes.end());
  }
  EXPECT_LT(c.send_until_blocked(flood, 300ms), flood.size() / 4);
}

TEST(connection_limits, output_that_piles_up_ends_the_connection) {
  auto s = strict_server([](auto& limits) { limits.output_bytes = 1 << 20; });
  auto c = guest_of(s);
  c.send(request(2, wire::create_nodes("iaf_psc_alpha", 100'000, {})));
  ASSERT_TRUE(c.receive());
  for (std::uint64_t sequence = 3; sequence < 7; ++sequence) c.send(large_question(sequence));
  EXPECT_TRUE(c.is_hung_up());
  int answers = 0;
  while (c.receive()) ++answers;
  EXPECT_LT(answers, 4);
}

TEST(connection_limits, a_client_that_takes_nothing_is_given_up) {
  auto s = strict_server([](auto& limits) { limits.stalled_after = 50ms; });
  auto c = guest_of(s);
  c.send(request(2, wire::create_nodes("iaf_psc_alpha", 100'000, {})));
  ASSERT_TRUE(c.receive());
  c.send(large_question(3));
  EXPECT_TRUE(c.is_hung_up());
}

}  // namespace
}  // namespace volley::actors
