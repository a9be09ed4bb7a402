#include "runtime/exchange/exchange.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <utility>
#include <vector>

namespace {

using namespace volley::runtime;

// Parties as a script would see them: released, then arriving in an order drawn from the seed.
class stage final : public exchange_orders {
 public:
  stage(std::uint32_t parties, step_t interval_steps, std::uint64_t seed, step_t now = 0, step_t lag = 0)
      : exchange_(parties, 0, interval_steps, *this, {0, now}, lag), seen_(parties), random_(seed) {}

  void release(const slice& next) override {
    EXPECT_TRUE(waiting_.empty()) << "released before everybody had arrived";
    for (std::uint32_t party = 0; party < seen_.size(); ++party) {
      seen_[party].push_back(next);
      waiting_.push_back(party);
    }
  }
  void stop(stop_reason reason, step_t now) override {
    EXPECT_TRUE(waiting_.empty());
    stops_.push_back({reason, now});
  }

  // One party, drawn at random, arrives. False when none is left: the run has stopped.
  bool step(std::uint64_t spikes = 0, bool ok = true) {
    if (waiting_.empty()) return false;
    std::swap(waiting_[random_() % waiting_.size()], waiting_.back());
    waiting_.pop_back();
    exchange_.arrive(spikes, ok);
    return true;
  }
  void drain() {
    while (step()) {
    }
  }

  struct stopped {
    stop_reason reason;
    step_t now;
    bool operator==(const stopped&) const = default;
  };
  exchange exchange_;
  std::vector<std::vector<slice>> seen_;
  std::vector<std::uint32_t> waiting_;
  std::vector<stopped> stops_;
  std::mt19937_64 random_;
};

TEST(exchange, begins_within_an_interval) {
  stage s(2, 10, 1, 37, 7);
  s.exchange_.start(9);
  s.drain();
  EXPECT_EQ(s.seen_[0], (std::vector<slice>{{0, 37, 40, false, true}, {1, 40, 46, true, false}}));
}

TEST(exchange, runs_whole_intervals_up_to_the_stop_step) {
  stage s(3, 10, 1);
  s.exchange_.start(20);
  s.drain();
  const std::vector<slice> expected{{0, 0, 10, true, true}, {1, 10, 20, true, true}};
  for (const auto& slices : s.seen_) EXPECT_EQ(slices, expected);
  EXPECT_EQ(s.stops_, (std::vector<stage::stopped>{{stop_reason::reached, 20}}));
}

TEST(exchange, a_stop_inside_an_interval_leaves_it_open_and_the_next_run_goes_on_there) {
  stage s(2, 10, 2);
  s.exchange_.start(13);
  s.drain();
  s.exchange_.start(2);
  s.drain();
  s.exchange_.start(8);
  s.drain();
  const std::vector<slice> expected{{0, 0, 10, true, true},
                                    {1, 10, 13, true, false},
                                    {1, 13, 15, false, false},
                                    {1, 15, 20, false, true},
                                    {2, 20, 23, true, false}};
  EXPECT_EQ(s.seen_[0], expected);
  EXPECT_EQ(s.seen_[1], expected);
}

TEST(exchange, a_cancel_in_an_open_interval_lets_it_finish) {
  stage s(1, 10, 3);
  s.exchange_.start(5);
  s.drain();
  s.exchange_.start(100);
  s.exchange_.cancel();
  s.drain();
  EXPECT_EQ(s.stops_.back(), (stage::stopped{stop_reason::cancelled, 10}));
}

TEST(exchange, a_request_of_the_last_run_does_not_stop_the_next) {
  stage s(2, 1, 4);
  s.exchange_.start(1);
  s.drain();
  s.exchange_.cancel();
  s.exchange_.start(3);
  s.drain();
  EXPECT_EQ(s.stops_.back(), (stage::stopped{stop_reason::reached, 4}));
}

TEST(exchange, a_run_that_is_full_at_its_end_has_reached_it) {
  stage s(2, 5, 5);
  s.exchange_.start(5);
  s.exchange_.ask(request::full);
  s.drain();
  EXPECT_EQ(s.stops_.back(), (stage::stopped{stop_reason::reached, 5}));
  s.exchange_.start(10);
  s.exchange_.ask(request::full);
  s.exchange_.cancel();
  s.drain();
  EXPECT_EQ(s.stops_.back(), (stage::stopped{stop_reason::full, 10}));
}

TEST(exchange, a_paused_run_continues_where_it_was) {
  stage s(2, 5, 5);
  s.exchange_.start(20);
  s.step();
  s.exchange_.pause();
  s.drain();
  EXPECT_EQ(s.stops_.back(), (stage::stopped{stop_reason::paused, 5}));
  s.exchange_.start(15);
  s.drain();
  EXPECT_EQ(s.stops_.back(), (stage::stopped{stop_reason::reached, 20}));
}

TEST(exchange, a_failed_party_ends_the_run_for_all) {
  stage s(3, 10, 6);
  s.exchange_.start(40);
  s.step(0, false);
  s.drain();
  EXPECT_EQ(s.stops_, (std::vector<stage::stopped>{{stop_reason::failed, 10}}));
}

TEST(exchange, ends_a_run_that_somebody_calls_failed_with_the_slice_at_hand) {
  stage s(3, 10, 6);
  s.exchange_.start(40);
  s.step();
  s.exchange_.fail();
  s.drain();
  EXPECT_EQ(s.stops_, (std::vector<stage::stopped>{{stop_reason::failed, 10}}));
  s.exchange_.start(10);
  s.drain();
  EXPECT_EQ(s.stops_.back().reason, stop_reason::reached) << "the next run is another";
}

TEST(exchange, counts_the_spikes_of_a_run) {
  stage s(4, 1, 7);
  s.exchange_.start(2);
  while (s.step(3)) {
  }
  EXPECT_EQ(s.exchange_.progress().spikes, 24u);
  EXPECT_EQ(s.exchange_.progress().now, 2);
  s.exchange_.start(1);
  EXPECT_EQ(s.exchange_.progress().spikes, 0u);
}

TEST(exchange, can_begin_at_any_step) {
  stage s(1, 10, 8, 4);
  s.exchange_.start(12);
  s.drain();
  EXPECT_EQ(s.seen_[0], (std::vector<slice>{{0, 4, 14, true, true}, {1, 14, 16, true, false}}));
}

TEST(exchange, can_begin_at_any_interval) {
  struct listener final : exchange_orders {
    std::vector<slice> told;
    void release(const slice& next) override { told.push_back(next); }
    void stop(stop_reason, step_t) override {}
  } orders;
  exchange e(1, 0, 5, orders, {7, 35});
  e.start(10);
  e.arrive();
  EXPECT_EQ(orders.told, (std::vector<slice>{{7, 35, 40, true, true}, {8, 40, 45, true, true}}));
}

// ---- with peers

// A process of several: it keeps what it puts out.
struct process final : exchange_orders {
  process(std::uint32_t vps, std::uint32_t peers, step_t interval_steps)
      : meeting(vps, peers, interval_steps, *this), vps(vps) {}
  void release(const slice& next) override {
    computing = next;
    to_arrive = vps;
  }
  void stop(stop_reason why, step_t now) override { stops.emplace_back(why, now); }
  void publish(std::uint64_t interval, request_bits asked) override { put_out.emplace_back(interval, asked); }
  void arrive(bool ok = true) {
    --to_arrive;
    meeting.arrive(1, ok);
  }
  void arrive_all() {
    for (auto left = to_arrive; left > 0; --left) arrive();
  }

  exchange meeting;
  const std::uint32_t vps;
  slice computing;
  std::uint32_t to_arrive = 0;
  std::vector<std::pair<std::uint64_t, request_bits>> put_out;
  std::vector<std::pair<stop_reason, step_t>> stops;
};

TEST(exchange, waits_for_the_frames_of_all_peers) {
  process p(2, 2, 5);
  p.meeting.start(10);
  p.arrive_all();
  EXPECT_EQ(p.put_out, (std::vector<std::pair<std::uint64_t, request_bits>>{{0, 0}}));
  p.meeting.frame(0, 0);
  EXPECT_EQ(p.computing.interval, 0u);
  p.meeting.frame(1, 0);  // this peer is ahead: it had all frames of interval 0
  EXPECT_EQ(p.computing.interval, 0u);
  p.meeting.frame(0, 0);
  EXPECT_EQ(p.computing, (slice{1, 5, 10, true, true}));
  p.arrive_all();
  EXPECT_TRUE(p.stops.empty());
  p.meeting.frame(1, 0);
  EXPECT_EQ(p.stops, (std::vector<std::pair<stop_reason, step_t>>{{stop_reason::reached, 10}}));
}

TEST(exchange, stops_inside_an_interval_without_a_frame) {
  process p(1, 3, 5);
  p.meeting.start(3);
  p.arrive_all();
  EXPECT_TRUE(p.put_out.empty());
  EXPECT_EQ(p.stops, (std::vector<std::pair<stop_reason, step_t>>{{stop_reason::reached, 3}}));
}

TEST(exchange, does_what_peers_ask_for) {
  for (const auto& [asked, reason] :
       {std::pair{request::cancel, stop_reason::cancelled}, std::pair{request::pause, stop_reason::paused},
        std::pair{request::failed, stop_reason::failed}, std::pair{request::full, stop_reason::full}}) {
    process p(1, 1, 2);
    p.meeting.start(20);
    p.arrive_all();
    p.meeting.frame(0, bit(asked));
    EXPECT_EQ(p.stops, (std::vector<std::pair<stop_reason, step_t>>{{reason, 2}}));
    p.meeting.start(4);
    p.arrive_all();
    p.meeting.frame(1, 0);
    EXPECT_EQ(p.computing.interval, 2u) << "a request counts for its interval";
  }
}

TEST(exchange, cuts_once_where_an_interval_opens_behind_the_request) {
  process p(1, 1, 2);
  p.meeting.start(20, true);
  EXPECT_TRUE(p.computing.cuts);
  for (const std::uint64_t interval : {0, 1, 2}) {
    if (interval == 1) p.meeting.ask(request::cut);
    p.arrive_all();
    p.meeting.frame(interval, 0);
    EXPECT_EQ(p.computing.cuts, interval == 1) << "with " << interval;
  }
  process inside(1, 0, 2);
  inside.meeting.start(1);
  inside.arrive_all();
  inside.meeting.start(9, true);
  EXPECT_FALSE(inside.computing.cuts) << "no interval opens yet";
  inside.arrive_all();
  EXPECT_TRUE(inside.computing.cuts);
  inside.meeting.ask(request::cut);
  inside.arrive_all();
  EXPECT_TRUE(inside.computing.cuts);
}

TEST(exchange, a_request_that_comes_after_the_frame_goes_with_the_next) {
  process p(1, 1, 2);
  p.meeting.start(20);
  p.arrive_all();
  p.meeting.cancel();
  p.meeting.frame(0, 0);
  EXPECT_TRUE(p.stops.empty()) << "the peer goes on, too";
  p.arrive_all();
  EXPECT_EQ(p.put_out.back(), (std::pair<std::uint64_t, request_bits>{1, bit(request::cancel)}));
  p.meeting.frame(1, 0);
  EXPECT_EQ(p.stops.back(), (std::pair{stop_reason::cancelled, step_t{4}}));
}

TEST(exchange, an_abandoned_run_fails_when_its_own_vps_have_arrived) {
  process late(2, 1, 5), early(2, 1, 5), open(1, 1, 5);
  late.meeting.start(20);
  late.arrive();
  late.meeting.abandon();
  EXPECT_TRUE(late.stops.empty()) << "a VP still computes";
  late.arrive();
  early.meeting.start(20);
  early.arrive_all();
  early.meeting.abandon();
  early.meeting.abandon();
  early.meeting.frame(0, 0);
  open.meeting.start(3);
  open.meeting.abandon();
  open.arrive_all();
  for (const auto* p : {&late, &early, &open}) {
    ASSERT_EQ(p->stops.size(), 1u);
    EXPECT_EQ(p->stops[0].first, stop_reason::failed);
  }
}

// Frames travel in any time between processes, each pair's in their order; requests come from anywhere.
TEST(exchange, all_processes_stop_at_the_same_step) {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    std::mt19937_64 random(seed);
    const auto n = static_cast<std::uint32_t>(2 + random() % 3);
    const auto interval = static_cast<step_t>(1 + random() % 4);
    std::vector<std::unique_ptr<process>> all;
    for (std::uint32_t i = 0; i < n; ++i)
      all.push_back(std::make_unique<process>(static_cast<std::uint32_t>(1 + random() % 3), n - 1, interval));
    std::vector<std::vector<std::size_t>> taken(n, std::vector<std::size_t>(n, 0));  // [to][from]
    for (std::size_t run = 1; run < 5; ++run) {
      const auto steps = static_cast<step_t>(1 + random() % 30);
      for (auto& p : all) p->meeting.start(steps);
      const auto stopped = [&] {
        return std::all_of(all.begin(), all.end(), [&](const auto& p) { return p->stops.size() == run; });
      };
      for (int moves = 0; !stopped(); ++moves) {
        ASSERT_LT(moves, 100000) << "seed " << seed;
        const auto to = random() % n, from = random() % n;
        if (random() % 40 == 0) random() % 2 ? all[to]->meeting.cancel() : all[to]->meeting.pause();
        if (to == from) {
          if (all[to]->to_arrive > 0) all[to]->arrive();
        } else if (auto& next = taken[to][from]; next < all[from]->put_out.size()) {
          const auto [k, asked] = all[from]->put_out[next++];
          ASSERT_LE(k, all[to]->computing.interval + 1) << "nobody is further ahead";
          all[to]->meeting.frame(k, asked);
        }
      }
      for (const auto& p : all) ASSERT_EQ(p->stops, all[0]->stops) << "seed " << seed;
    }
  }
}

// Requests fall anywhere between two arrivals, in any order of arrival: all parties see the same slices, without a
// gap, and a request stops the run at an interval's end only.
TEST(exchange, all_parties_stop_at_the_same_interval_whatever_the_order) {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    std::mt19937_64 random(seed);
    const auto parties = static_cast<std::uint32_t>(1 + random() % 7);
    const auto interval = static_cast<step_t>(1 + random() % 6);
    stage s(parties, interval, seed);
    step_t now = 0;
    for (int run = 0; run < 4; ++run) {
      const auto asked = static_cast<step_t>(1 + random() % 40);
      s.exchange_.start(asked);
      const std::uint64_t when = random() % 60;
      for (std::uint64_t arrivals = 0;; ++arrivals) {
        if (arrivals == when) random() % 2 ? s.exchange_.cancel() : s.exchange_.pause();
        if (!s.step()) break;
      }
      const auto [reason, stopped] = s.stops_.back();
      ASSERT_EQ(s.stops_.size(), static_cast<std::size_t>(run) + 1);
      if (reason == stop_reason::reached)
        ASSERT_EQ(stopped, now + asked);
      else
        ASSERT_EQ(stopped % interval, 0) << "seed " << seed;
      now = stopped;
    }
    step_t end = 0;
    for (const slice& part : s.seen_[0]) {
      ASSERT_EQ(part.from, end) << "seed " << seed;
      ASSERT_EQ(part.interval, static_cast<std::uint64_t>(part.from / interval));
      ASSERT_EQ(part.opens, part.from % interval == 0);
      ASSERT_EQ(part.closes, part.to % interval == 0);
      end = part.to;
    }
    for (const auto& slices : s.seen_) ASSERT_EQ(slices, s.seen_[0]) << "seed " << seed;
  }
}

}  // namespace
