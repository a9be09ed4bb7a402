#include "runtime/footprint/memory_share.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace volley::runtime {
namespace {

TEST(memory_share, all_together_take_no_more_than_there_is) {
  const auto pool = std::make_shared<memory_pool>();
  memory_share one(pool), other(pool);
  EXPECT_EQ(one.claim(60, 100), 100);
  EXPECT_EQ(other.claim(50, 100), 40) << "refused";
  EXPECT_EQ(one.taken_by_others(), 0);
  EXPECT_EQ(other.claim(40, 100), 40);
  EXPECT_EQ(one.claim(61, 100), 60);
  EXPECT_EQ(one.taken_by_others(), 40);
}

TEST(memory_share, what_was_claimed_and_not_taken_is_free_again) {
  const auto pool = std::make_shared<memory_pool>();
  memory_share one(pool);
  one.claim(90, 100);
  EXPECT_EQ(one.claim(10, 100), 100) << "a smaller claim gives nothing back";
  {
    memory_share other(pool);
    EXPECT_EQ(other.claim(20, 100), 10);
    one.settle(30);
    EXPECT_EQ(other.claim(70, 100), 70);
  }
  EXPECT_EQ(one.claim(100, 100), 100) << "with its network a share goes back";
}

TEST(memory_share, limits_may_differ_as_what_workers_have_room_for_does) {
  const auto pool = std::make_shared<memory_pool>();
  memory_share one(pool), other(pool);
  EXPECT_EQ(one.claim(60, 100), 100);
  EXPECT_EQ(other.claim(30, 80), 20) << "refused";
  EXPECT_EQ(other.claim(30, 50), 0);
  EXPECT_EQ(other.claim(30, 200), 140);
  EXPECT_EQ(one.taken_by_others(), 30);
}

TEST(memory_share, many_threads_never_get_more) {
  const auto pool = std::make_shared<memory_pool>();
  std::vector<std::thread> threads;
  for (int n = 0; n < 4; ++n)
    threads.emplace_back([&] {
      memory_share mine(pool);
      for (double bytes = 1; bytes <= 400; ++bytes)
        if (bytes <= mine.claim(bytes, 1000)) {
          EXPECT_LE(bytes + mine.taken_by_others(), 1000);
        }
    });
  for (auto& one : threads) one.join();
}

}  // namespace
}  // namespace volley::runtime
