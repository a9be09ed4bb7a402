#include "runtime/exchange/exchange.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace {

using namespace volley::runtime;

// Parties as a script would see them: released, then arriving in an order drawn from the seed.
class stage final : public exchange_orders {
 public:
  stage(std::uint32_t parties, step_t interval_steps, std::uint64_t seed, step_t now = 0)
      : exchange_(parties, interval_steps, *this, now), seen_(parties), random_(seed) {}

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
