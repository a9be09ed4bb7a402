#include "runtime/cluster/slice_watch.hpp"

#include <gtest/gtest.h>

#include <array>

namespace volley::runtime::cluster {
namespace {

using namespace std::chrono_literals;
using places = std::array<std::optional<slice_place>, 2>;

/// Two threads that are looked at once a period.
class a_slice_watch : public testing::Test {
 protected:
  std::optional<slice_place> look(const places& now, std::chrono::milliseconds later = 200ms) {
    return watch.look(at += later, now);
  }
  /// How long it took until it was told; nothing: for a minute it was not.
  std::optional<std::chrono::milliseconds> told_after(const places& where) {
    const auto began = at;
    while (at < began + 60s)
      if (look(where)) return std::chrono::duration_cast<std::chrono::milliseconds>(at - began);
    return std::nullopt;
  }
  slice_watch watch{10s, 200ms};
  slice_watch::clock::time_point at{1h};
};

TEST_F(a_slice_watch, names_the_slice_that_takes_too_long) {
  look({{std::nullopt, slice_place{5, 100}}});
  EXPECT_EQ(told_after({{std::nullopt, slice_place{5, 100}}}), 10'200ms);
  EXPECT_EQ(look({{std::nullopt, slice_place{5, 100}}}), (slice_place{5, 100}));
}

TEST_F(a_slice_watch, waits_for_those_between_slices) { EXPECT_EQ(told_after({}), std::nullopt); }

TEST_F(a_slice_watch, waits_for_those_that_go_on) {
  for (int i = 0; i < 1'000; ++i) EXPECT_EQ(look({{slice_place{1, i / 2}, slice_place{2, i / 2}}}), std::nullopt);
  look({{slice_place{1, 0}, slice_place{2, 9}}});
  look({{slice_place{2, 9}, slice_place{1, 0}}});
  EXPECT_GT(told_after({{slice_place{1, 0}, slice_place{2, 9}}}), 10s) << "another VP is another slice";
}

TEST_F(a_slice_watch, allows_a_hundred_times_the_longest_so_far) {
  for (const auto step : {0, 10})
    for (int looks = 0; looks < 3; ++looks) look({{slice_place{1, step}, std::nullopt}});
  look({{slice_place{1, 20}, std::nullopt}});
  EXPECT_EQ(told_after({{slice_place{1, 20}, std::nullopt}}), 40'200ms) << "one was seen for 400 ms";
}

TEST_F(a_slice_watch, does_not_wait_longer_for_the_next_one_that_stands_still) {
  look({{slice_place{1, 0}, std::nullopt}});
  EXPECT_EQ(told_after({{slice_place{1, 0}, std::nullopt}}), 10'200ms);
  look({{std::nullopt, slice_place{2, 0}}});
  EXPECT_EQ(told_after({{std::nullopt, slice_place{2, 0}}}), 10'200ms);
}

TEST_F(a_slice_watch, does_not_count_time_that_the_process_slept) {
  const places inside{{slice_place{1, 0}, std::nullopt}};
  look(inside);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(look(inside, 1h), std::nullopt);
  EXPECT_EQ(told_after(inside), 10'200ms);
}

}  // namespace
}  // namespace volley::runtime::cluster
