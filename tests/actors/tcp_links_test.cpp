#include "actors/tcp_links.hpp"

#include "tests/actors/cluster_certificates.hpp"
#include "tests/actors/relay.hpp"
#include "tests/actors/three_workers.hpp"

namespace volley::actors {
namespace {

using namespace std::chrono_literals;

std::shared_ptr<protocol::tls_identity> worker_identity() {
  return std::make_shared<protocol::tls_identity>(cluster_certificates().files("ours/worker"));
}

class links_over_tcp : public three_workers {
 protected:
  explicit links_over_tcp(std::shared_ptr<protocol::tls_identity> tls = nullptr) : three_workers(std::move(tls)) {
    open(placed());
  }
};
class links_under_tls : public links_over_tcp {
 protected:
  links_under_tls() : links_over_tcp(worker_identity()) {}
};

TEST_F(links_under_tls, carry_frames_of_any_size) {
  ASSERT_TRUE(stand());
  for (auto& one : all) one->resume();
  ++doors[1].lookers;
  for (std::uint64_t interval = 0; interval < 20; ++interval) {
    for (std::size_t who = 0; who < 3; ++who) put_out(who, interval, interval % 5 == 4 ? 300'000 : interval * 40);
    ASSERT_TRUE(have({0, 2}, interval));
    ASSERT_TRUE(soon([&] { return doors[1].look(), heard[1]->count(worker(2)) > interval; }));
  }
  --doors[1].lookers;
}

TEST_F(links_over_tcp, carry_frames_of_any_size) {
  ASSERT_TRUE(stand());
  for (auto& one : all) one->resume();
  for (std::uint64_t interval = 0; interval < 20; ++interval) {
    for (std::size_t who = 0; who < 3; ++who) put_out(who, interval, interval % 5 == 4 ? 300'000 : interval * 40);
    ASSERT_TRUE(have({0, 1, 2}, interval));
  }
  EXPECT_EQ(heard[0]->frames[worker(2)][4], (std::tuple{std::uint64_t{4}, 2, std::size_t{300'001}}));
  std::uint64_t bytes = 0;
  for (const auto& [interval, asked, words] : heard[0]->frames[worker(1)]) bytes += 80 + 8 * words;
  EXPECT_EQ(doors[1].counts().sent, 40u);
  EXPECT_EQ(doors[1].counts().sent_bytes, 2 * bytes);
}

TEST_F(links_over_tcp, bring_two_frames_of_a_peer_that_is_ahead) {
  ASSERT_TRUE(stand());
  for (std::uint64_t interval = 0; interval < 2; ++interval) put_out(1, interval, 1);
  std::this_thread::sleep_for(20ms);
  all[0]->resume();
  EXPECT_TRUE(soon([&] { return heard[0]->count(worker(1)) == 2; }));
}

TEST_F(links_over_tcp, take_no_frames_at_rest) {
  ASSERT_TRUE(stand());
  all[0]->resume();
  put_out(1, 0, 3);
  ASSERT_TRUE(soon([&] { return heard[0]->count(worker(1)) == 1; }));
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(heard[2]->count(worker(1)), 0u);
  all[2]->resume();
  EXPECT_TRUE(soon([&] { return heard[2]->count(worker(1)) == 1; }));
}

// What the sockets do not take at once goes out although the sender has come to its end.
TEST_F(links_over_tcp, send_what_is_left_at_rest) {
  ASSERT_TRUE(stand());
  all[1]->resume();
  put_out(1, 0, 5'000'000);
  all[1]->rest();
  std::this_thread::sleep_for(20ms);
  for (const std::size_t who : {0, 2}) all[who]->resume();
  for (const std::size_t who : {0, 2})
    EXPECT_TRUE(soon([&] { return heard[who]->count(worker(1)) == 1; })) << "worker " << who;
}

TEST_F(links_over_tcp, are_read_by_idle_lanes_too) {
  ASSERT_TRUE(stand());
  ++doors[0].lookers;
  all[0]->resume();
  put_out(1, 0, 3);
  EXPECT_TRUE(soon([&] { return doors[0].look() || heard[0]->count(worker(1)) == 1; }));
  --doors[0].lookers;
  EXPECT_EQ(heard[0]->count(worker(1)), 1u);
}

// Its process is there, its links are closed: nobody waits for it for ever.
TEST_F(links_over_tcp, to_a_peer_that_does_not_come_back_are_given_up) {
  ASSERT_TRUE(stand());
  for (auto& one : all) one->resume();
  all[1]->close();
  for (const std::size_t who : {0, 2})
    EXPECT_TRUE(soon([&] { return heard[who]->missed() == std::vector{worker(1)}; })) << "worker " << who;
}

/// The links of the others to worker 0 go through a relay.
class links_that_break : public three_workers {
 protected:
  explicit links_that_break(std::shared_ptr<protocol::tls_identity> tls = nullptr) : three_workers(std::move(tls)) {
    auto what = placed();
    what.peers[0].port = way.port();
    open(what);
  }
  ~links_that_break() override {
    sockets.run([this] { way.shut(); });
  }
  void cut() {
    sockets.run([this] { way.cut(); });
  }
  void exchange(std::uint64_t interval, std::size_t size = 10) {
    for (std::size_t who = 0; who < 3; ++who) put_out(who, interval, size);
  }
  relay way{sockets.context, doors[0].port()};
};

TEST_F(links_that_break, are_made_again_and_no_frame_is_lost_or_taken_twice) {
  ASSERT_TRUE(stand());
  for (auto& one : all) one->resume();
  for (std::uint64_t interval = 0; interval < 40; ++interval) {
    if (interval % 8 == 3) cut();
    exchange(interval, interval % 5 == 4 ? 100'000 : interval);
    if (interval % 8 == 7) cut();
    ASSERT_TRUE(have({0, 1, 2}, interval)) << interval;
  }
  for (std::size_t me = 0; me < 3; ++me)
    for (const auto& [from, frames] : heard[me]->frames)
      for (std::uint64_t interval = 0; interval < frames.size(); ++interval)
        EXPECT_EQ(std::get<0>(frames[interval]), interval) << "worker " << me;
  for (const auto& one : heard) EXPECT_TRUE(one->missed().empty());
}

TEST_F(links_that_break, at_rest_are_made_again_with_the_next_run) {
  ASSERT_TRUE(stand());
  for (auto& one : all) one->resume();
  exchange(0);
  ASSERT_TRUE(have({0, 1, 2}, 0));
  for (auto& one : all) one->rest();
  cut();
  std::this_thread::sleep_for(20ms);
  for (auto& one : all) one->resume();
  exchange(1);
  EXPECT_TRUE(have({0, 1, 2}, 1));
}

// Who has come to its end knows nothing of the others, which may lack its last frame.
TEST_F(links_that_break, at_rest_are_made_again_for_who_still_runs) {
  ASSERT_TRUE(stand());
  for (auto& one : all) one->resume();
  sockets.run([this] { way.damage(2); });
  for (const std::size_t who : {1, 2}) {
    put_out(who, 0, 10);
    all[who]->rest();
  }
  for (const std::size_t who : {1, 2}) EXPECT_TRUE(soon([&] { return heard[0]->count(worker(who)) == 1; })) << who;
  EXPECT_TRUE(heard[0]->missed().empty());
}

class links_under_tls_that_break : public links_that_break {
 protected:
  links_under_tls_that_break() : links_that_break(worker_identity()) {}
};

TEST_F(links_under_tls_that_break, are_made_again_and_no_frame_is_lost) {
  ASSERT_TRUE(stand());
  for (auto& one : all) one->resume();
  for (std::uint64_t interval = 0; interval < 20; ++interval) {
    if (interval % 4 == 1) cut();
    if (interval % 4 == 3) sockets.run([this] { way.damage(1); });
    exchange(interval, interval % 5 == 4 ? 100'000 : interval);
    ASSERT_TRUE(have({0, 1, 2}, interval)) << interval;
  }
  for (const auto& one : heard) EXPECT_TRUE(one->missed().empty());
}

TEST_F(links_that_break, by_damaged_bytes_are_made_again_too) {
  ASSERT_TRUE(stand());
  for (auto& one : all) one->resume();
  for (std::uint64_t interval = 0; interval < 10; ++interval) {
    sockets.run([this] { way.damage(1); });
    exchange(interval);
    ASSERT_TRUE(have({0, 1, 2}, interval)) << interval;
  }
  EXPECT_GT(way.connections(), 6u);
  EXPECT_EQ(std::get<2>(heard[0]->frames[worker(1)].back()), 11u);
}

// Also when connections can be made, but come to nothing.
TEST_F(links_that_break, again_and_again_are_given_up_after_a_while) {
  ASSERT_TRUE(stand());
  for (auto& one : all) one->resume();
  sockets.run([this] { way.damage(1'000'000); });
  exchange(0);
  EXPECT_TRUE(soon([&] { return !heard[0]->missed().empty() && !heard[1]->missed().empty(); }));
  EXPECT_LT(way.connections(), 200u) << "they are not made without a pause";
  EXPECT_TRUE(soon([&] { return heard[1]->count(worker(2)) == 1; })) << "other links do not care";
}

TEST_F(links_that_break, and_find_nobody_are_given_up_by_both) {
  ASSERT_TRUE(stand());
  for (auto& one : all) one->resume();
  sockets.run([this] { way.shut(); });
  for (const std::size_t who : {1, 2})
    EXPECT_TRUE(soon([&] { return heard[who]->missed() == std::vector{worker(0)}; })) << "worker " << who;
  EXPECT_TRUE(soon([&] { return heard[0]->missed().size() == 2; }));
}

}  // namespace
}  // namespace volley::actors
