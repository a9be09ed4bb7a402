#include "runtime/exchange/parking.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace {

using namespace volley::runtime;
using namespace std::chrono_literals;

TEST(parking, spinning_ends_without_work) {
  EXPECT_FALSE(parking(10us).spin([] { return false; }));
  EXPECT_FALSE(parking(0us).spin([] { return false; }));
}

TEST(parking, spinning_sees_work_that_comes) {
  int checks = 0;
  EXPECT_TRUE(parking(10s).spin([&] { return ++checks == 5; }));
}

// Work that comes just after spinning was given up, again and again: the spinning is in somebody's way.
TEST(parking, spins_ever_less_often_while_it_is_in_vain) {
  parking spot(1us);
  int spun = 0;
  for (int wait = 0; wait < 64; ++wait) {
    int checks = 0;
    if (!spot.spin([&] { return ++checks, false; })) spot.park([] { return true; });
    spun += checks > 1;
  }
  EXPECT_GE(spun, 2);
  EXPECT_LE(spun, 20);
}

TEST(parking, spins_again_once_it_has_helped) {
  parking spot(10s);
  for (int wait = 0; wait < 8; ++wait) {
    int checks = 0;
    EXPECT_TRUE(spot.wait([&] { return ++checks == 3; }));
  }
}

TEST(parking, more_threads_than_cores_do_not_spin) {
  EXPECT_GE(usable_cores(), 1u);
  EXPECT_GT(spin_budget(usable_cores()).count(), 0);
  EXPECT_EQ(spin_budget(usable_cores() + 1).count(), 0);
}

TEST(parking, a_deadline_ends_the_sleep) {
  parking spot;
  EXPECT_FALSE(spot.park([] { return false; }, parking::clock::now() + 2ms));
  EXPECT_FALSE(spot.park([] { return false; }, parking::clock::now() - 1s));
}

TEST(parking, a_bell_rung_before_the_sleep_is_not_lost) {
  parking spot;
  std::atomic<int> work{0};
  spot.ring();
  work.store(1, std::memory_order_relaxed);
  EXPECT_TRUE(spot.park([&] { return work.load(std::memory_order_relaxed) == 1; }));
}

// Two threads hand a number back and forth, asleep most of the time: one lost wake-up hangs the test.
TEST(parking, no_wake_up_is_lost) {
  constexpr int rounds = 5000;
  parking here, there;
  std::atomic<int> number{0};
  std::thread other([&] {
    for (int turn = 1; turn < rounds; turn += 2) {
      there.park([&] { return number.load(std::memory_order_relaxed) == turn; });
      number.store(turn + 1, std::memory_order_relaxed);
      here.ring();
    }
  });
  for (int turn = 0; turn < rounds; turn += 2) {
    here.park([&] { return number.load(std::memory_order_relaxed) == turn; });
    number.store(turn + 1, std::memory_order_relaxed);
    there.ring();
  }
  other.join();
  EXPECT_EQ(number.load(), rounds);
}

TEST(parking, a_nap_is_short_and_ends_with_the_bell) {
  parking spot;
  EXPECT_FALSE(spot.nap([] { return false; }, 100us));
  std::atomic<int> work{0};
  std::thread bringer([&] {
    work = 1;
    spot.ring();
  });
  EXPECT_TRUE(spot.nap([&] { return work == 1; }, 60s));
  bringer.join();
}

}  // namespace
