#include "runtime/exchange/slice_mark.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace volley::runtime {
namespace {

TEST(slice_mark, tells_the_slice_that_is_on) {
  slice_mark mark;
  EXPECT_EQ(mark.read(), std::nullopt);
  mark.begin({3, 0, 5});
  EXPECT_EQ(mark.read(), (slice_place{3, 0, 5}));
  mark.end();
  EXPECT_EQ(mark.read(), std::nullopt);
}

TEST(slice_mark, tells_which_nodes_are_updated) {
  slice_mark mark;
  mark.begin({.vp = 3, .from = 20, .epoch = 5});
  EXPECT_EQ(stood_still(*mark.read()), "virtual process 3 stood still in the interval from step 20 on");
  mark.update(7, 19);
  EXPECT_EQ(mark.read(), (slice_place{3, 20, 7, 19, 5}));
  EXPECT_EQ(stood_still(*mark.read()),
            "virtual process 3 stood still in the interval from step 20 on, in the update of nodes 7 to 19");
  mark.begin({3, 30});
  EXPECT_EQ(mark.read(), (slice_place{3, 30})) << "none yet";
}

TEST(slice_mark, is_right_once_its_thread_stands_still) {
  slice_mark mark;
  std::atomic<bool> ends{false};
  std::thread watcher([&] {
    while (!ends) mark.read();
  });
  for (step_t step = 0; step < 10'000; ++step) {
    mark.begin({static_cast<std::uint32_t>(step % 3), step});
    mark.end();
  }
  mark.begin({7, 70});
  ends = true;
  watcher.join();
  EXPECT_EQ(mark.read(), (slice_place{7, 70}));
}

}  // namespace
}  // namespace volley::runtime
