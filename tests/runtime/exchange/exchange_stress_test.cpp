// Exchange, batch places and parking under real threads: what ThreadSanitizer has to see.
#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <memory>
#include <thread>
#include <vector>

#include "runtime/exchange/batch_places.hpp"
#include "runtime/exchange/exchange.hpp"
#include "runtime/exchange/parking.hpp"

namespace {

using namespace volley::runtime;
using batch = std::shared_ptr<const std::vector<std::uint64_t>>;

// One thread a party. Orders reach it through a word it parks on, as they reach a VP through its lane.
class crew final : public exchange_orders {
 public:
  crew(std::size_t parties, step_t interval_steps)
      : batches_(parties),
        exchange_(static_cast<std::uint32_t>(parties), 0, interval_steps, *this),
        bell_(spin_budget(parties + 1)) {
    for (std::size_t party = 0; party < parties; ++party) desks_.emplace_back(spin_budget(parties + 1));
    for (std::size_t party = 0; party < parties; ++party) threads_.emplace_back([this, party] { work(party); });
  }
  ~crew() {
    send({.kind = order::leave, .part = {}});
    for (auto& thread : threads_) thread.join();
  }

  void release(const slice& next) override { send({.kind = order::compute, .part = next}); }
  void stop(stop_reason reason, step_t now) override {
    reason_ = reason;
    now_ = now;
    stopped_.store(true, std::memory_order_release);
    bell_.ring();
  }

  void run(step_t steps) {
    stopped_.store(false, std::memory_order_relaxed);
    exchange_.start(steps);
  }
  void wait() {
    bell_.wait([this] { return stopped_.load(std::memory_order_acquire); });
  }

  batch_places<batch> batches_;
  exchange exchange_;
  stop_reason reason_{};
  step_t now_ = 0;
  std::atomic<std::uint64_t> mismatches_{0};

 private:
  struct order {
    enum { none, compute, leave } kind = none;
    slice part;
  };
  struct desk {
    explicit desk(std::chrono::nanoseconds spin) : bell(spin) {}
    order next;
    std::atomic<bool> full{false};
    parking bell;
  };

  void send(const order& next) {
    for (auto& desk : desks_) {
      desk.next = next;
      desk.full.store(true, std::memory_order_release);
      desk.bell.ring();
    }
  }

  void work(std::size_t party) {
    desk& mine = desks_[party];
    const auto full = [&mine] { return mine.full.load(std::memory_order_acquire); };
    for (;;) {
      mine.bell.wait(full);
      const order next = mine.next;
      mine.full.store(false, std::memory_order_relaxed);
      if (next.kind == order::leave) return;
      compute(party, next.part);
      exchange_.arrive(1);
    }
  }

  // Every batch of the interval before must be there, and be of that interval.
  void compute(std::size_t party, const slice& part) {
    for (std::size_t sender = 0; part.opens && part.interval > 0 && sender < batches_.vps(); ++sender) {
      const batch& got = batches_.get(part.interval - 1, sender);
      if (!got || *got != std::vector{part.interval - 1, std::uint64_t{sender}}) mismatches_.fetch_add(1);
    }
    if (part.closes)
      batches_.put(part.interval, party,
                   std::make_shared<std::vector<std::uint64_t>>(std::vector{part.interval, std::uint64_t{party}}));
  }

  std::deque<desk> desks_;
  std::atomic<bool> stopped_{false};
  parking bell_;
  std::vector<std::thread> threads_;
};

class exchange_stress : public testing::TestWithParam<std::size_t> {};

TEST_P(exchange_stress, every_batch_arrives_in_its_interval) {
  crew c(GetParam(), 3);
  for (const step_t steps : {3000, 1, 1, 2, 600}) {
    c.run(steps);
    c.wait();
    ASSERT_EQ(c.reason_, stop_reason::reached);
  }
  EXPECT_EQ(c.now_, 3604);
  EXPECT_EQ(c.mismatches_.load(), 0u);
  EXPECT_EQ(c.exchange_.progress().spikes, GetParam() * 201);
}

TEST_P(exchange_stress, requests_from_another_thread_stop_at_an_intervals_end) {
  crew c(GetParam(), 4);
  for (int round = 0; round < 50; ++round) {
    c.run(step_t{1} << 40);
    while (c.exchange_.progress().spikes < 4 * GetParam()) std::this_thread::yield();
    round % 2 ? c.exchange_.cancel() : c.exchange_.pause();
    c.wait();
    ASSERT_EQ(c.now_ % 4, 0);
    ASSERT_EQ(c.reason_, round % 2 ? stop_reason::cancelled : stop_reason::paused);
  }
  EXPECT_EQ(c.mismatches_.load(), 0u);
}

INSTANTIATE_TEST_SUITE_P(parties, exchange_stress, testing::Values(1, 2, 5));

}  // namespace
