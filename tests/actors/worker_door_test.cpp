#include "actors/worker_door.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "actors/convert.hpp"
#include "actors/convert_greeting.hpp"
#include "actors/lanes.hpp"
#include "actors/proof.hpp"
#include "caf/send.hpp"
#include "tests/actors/cluster_certificates.hpp"
#include "tests/actors/listening_supervisor.hpp"
#include "tests/actors/raw_client.hpp"
#include "tests/actors/three_workers.hpp"

namespace volley::actors {
namespace {

using namespace std::chrono_literals;
using protocol::frame_kind;
namespace cluster = runtime::cluster;

cluster::worker_card card(const std::string& build = "this build") {
  return {1, "2.0", build, 77, 4, 1000, 12, "127.0.0.1", 99};
}

class a_worker_door : public testing::Test {
 protected:
  explicit a_worker_door(std::shared_ptr<protocol::tls_identity> tls = nullptr) {
    use_lanes(config, 1);
    system.emplace(config);
    kernel = system->spawn<listening_supervisor>(std::ref(heard));
    workers.add(8, kernel);
    sockets.run([&] {
      auto with = options();
      with.tls = std::move(tls);
      door.emplace(sockets.context, workers, with);
      door->open();
    });
  }
  ~a_worker_door() override {
    sockets.run([this] { door->shut(); });
    workers.remove(8);
    workers.end();
    caf::anon_send_exit(kernel, caf::exit_reason::user_shutdown);
    kernel = nullptr;
    system.reset();
  }
  static worker_door_options options() {
    worker_door_options o;
    o.token = "the token";
    o.epoch = 8;
    o.own = card();
    o.greeting_within = 2'000ms;
    o.most_strangers = 4;
    o.refusals = {.first = 1ms, .longest = 20ms};
    return o;
  }
  /// What the door says to a greeting; the socket stays with the caller.
  protocol::frame greet(raw_client& door_side, worker_greeting greeting, const std::string& token = "the token",
                        std::string* challenge_of = nullptr) {
    const auto asked = door_side.receive();
    if (!asked || asked->head().kind != frame_kind::challenge) throw std::logic_error("no challenge");
    const auto words = asked->body_bytes();
    const std::string challenge(reinterpret_cast<const char*>(words.data()), words.size());
    if (challenge_of != nullptr) *challenge_of = challenge;
    greeting.nonce = std::string(proof_bytes, 'n');
    greeting.proof = prove(token, words_of_worker(challenge, greeting));
    door_side.send(protocol::frame({.kind = frame_kind::worker_hello}, encode_worker_greeting(greeting)));
    const auto answer = door_side.receive();
    if (!answer) throw std::logic_error("no answer");
    return *answer;
  }
  std::string refusal(const cluster::worker_card& who, const std::string& token = "the token") {
    raw_client one(door->port());
    const auto answer = greet(one, {{}, {}, who}, token);
    EXPECT_EQ(answer.head().kind, frame_kind::refused);
    EXPECT_TRUE(one.is_closed());
    return decode_refusal(answer.body());
  }
  std::size_t count(std::size_t (*of)(const listening_supervisor::heard&)) {
    const std::lock_guard guard(heard.mutex);
    return of(heard);
  }
  static std::size_t joined(const listening_supervisor::heard& t) { return t.joined.size(); }
  static std::size_t closed(const listening_supervisor::heard& t) { return t.closed.size(); }

  fleet workers;
  running_context sockets;
  std::optional<worker_door> door;
  listening_supervisor::heard heard;
  caf::actor_system_config config;
  std::optional<caf::actor_system> system;
  supervisor_actor kernel;
};

TEST_F(a_worker_door, admits_who_knows_the_token_and_shows_that_it_does_too) {
  raw_client one(door->port());
  std::string challenge;
  const auto answer = greet(one, {{}, {}, card()}, "the token", &challenge);
  ASSERT_EQ(answer.head().kind, frame_kind::admitted);
  const auto notice = decode_admission(answer.body());
  EXPECT_EQ(notice.number, 1u);
  EXPECT_EQ(notice.epoch, 8u);
  EXPECT_TRUE(
      is_proof(notice.proof, "the token", words_of_supervisor(challenge, std::string(proof_bytes, 'n'), notice)));
  ASSERT_TRUE(soon([&] { return count(joined) == 1; }));
  EXPECT_EQ(heard.joined[0].who, cluster::worker_number(1));
  EXPECT_EQ(heard.joined[0].card->lanes, 4u);
}

TEST_F(a_worker_door, gives_no_number_twice_and_tells_who_goes) {
  for (std::uint32_t number = 1; number < 4; ++number) {
    raw_client one(door->port());
    EXPECT_EQ(decode_admission(greet(one, {{}, {}, card()}).body()).number, number);
  }
  ASSERT_TRUE(soon([&] { return count(closed) == 3; }));
  EXPECT_FALSE(heard.closed[0].why.empty());
}

TEST_F(a_worker_door, tells_who_does_not_know_the_token_nothing) {
  const auto said = refusal(card(), "a token");
  EXPECT_EQ(said, "the supervisor refuses this worker: its greeting or its token is not right");
  EXPECT_EQ(refusal(card("another build"), "a token"), said);
  EXPECT_EQ(count(joined), 0u);
}

TEST_F(a_worker_door, tells_others_what_is_wrong) {
  EXPECT_EQ(refusal(card("another build")),
            "IncompatibleWorker: its build is another build, the supervisor's this build");
  auto far = card();
  far.address = "10.0.0.1";
  EXPECT_EQ(refusal(far), "the worker's address 10.0.0.1 is not the loopback's");
  far.address = "nowhere";
  EXPECT_NE(refusal(far), "");
}

TEST_F(a_worker_door, survives_bytes_of_any_kind) {
  std::mt19937 random(7);
  for (int round = 0; round < 40; ++round) {
    raw_client one(door->port());
    std::vector<std::byte> bytes(random() % 400);
    for (auto& b : bytes) b = static_cast<std::byte>(random());
    // Half of them with a header that is right, but for the body's size at times.
    if (round % 2) {
      auto words = protocol::words::zeroed(random() % 40);
      std::memcpy(words.view().data(), bytes.data(), std::min(bytes.size(), words.view().size_bytes()));
      one.send(protocol::frame({.kind = round % 4 == 1 ? frame_kind::worker_hello : frame_kind::report},
                               std::make_shared<const protocol::words>(std::move(words))));
    }
    one.send(bytes);
  }
  raw_client huge(door->port());
  huge.send(protocol::frame({.kind = frame_kind::worker_hello},
                            std::make_shared<const protocol::words>(protocol::words::zeroed(1'000'000))));
  EXPECT_EQ(count(joined), 0u);
  raw_client one(door->port());
  EXPECT_EQ(greet(one, {{}, {}, card()}).head().kind, frame_kind::admitted);
}

TEST_F(a_worker_door, hangs_up_on_strangers_who_say_nothing_or_are_too_many) {
  raw_client first(door->port());
  ASSERT_TRUE(first.receive().has_value());
  std::vector<raw_client> others;
  for (int i = 0; i < 4; ++i) others.emplace_back(door->port());
  EXPECT_TRUE(first.is_closed()) << "the oldest makes room";
  ASSERT_TRUE(others[3].receive().has_value());
  EXPECT_TRUE(others[3].is_closed()) << "nobody waits for ever";
}

TEST_F(a_worker_door, ends_a_worker_whose_reports_make_no_sense) {
  raw_client one(door->port());
  greet(one, {{}, {}, card()});
  one.send(protocol::frame({.kind = frame_kind::report},
                           std::make_shared<const protocol::words>(protocol::words::zeroed(3))));
  EXPECT_TRUE(soon([&] { return count(closed) == 1; }));
  EXPECT_TRUE(heard.reports.empty());
}

class a_worker_door_with_tls : public a_worker_door {
 protected:
  explicit a_worker_door_with_tls(const cluster_certificates& made = cluster_certificates())
      : a_worker_door(std::make_shared<protocol::tls_identity>(made.files("ours/server"))) {}
};

TEST_F(a_worker_door_with_tls, hears_nobody_without_and_goes_on) {
  {
    raw_client plain(door->port());
    plain.send(protocol::frame({.kind = frame_kind::worker_hello}, encode_worker_greeting({{}, {}, card()})));
    EXPECT_TRUE(plain.is_hung_up());
    raw_client silent(door->port());
    EXPECT_TRUE(silent.is_closed());
  }
  EXPECT_EQ(count(joined), 0u);
  EXPECT_NO_THROW(raw_client(door->port()));
}

}  // namespace
}  // namespace volley::actors
