#include "runtime/loops/stamp_search.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <vector>

#include "runtime/loops/loops.hpp"
#include "tests/runtime/loops/stamp_probe.hpp"

namespace volley::runtime::tests {
namespace {

constexpr auto unused = spike_lines::unused, beyond = spike_lines::beyond;

struct alignas(64) line {
  std::array<std::int32_t, spike_lines::depth> stamps;
};

/// Those that this processor can run.
std::vector<stamp_probe> probes() {
  using namespace models::isa;
  const std::vector<stamp_probe> all{make_stamp_probe<scalar>(), make_stamp_probe<sse2>(), make_stamp_probe<avx2>(),
                                     make_stamp_probe<avx512>()};
  return {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(runnable_loops().size())};
}

void expect_right(const line& l) {
  for (const auto& probe : probes())
    for (const std::int32_t stamp : l.stamps)
      for (const std::int64_t off : {-1, 0, 1}) {
        const auto x = static_cast<std::int32_t>(std::clamp<std::int64_t>(stamp + off, unused, beyond));
        const auto expected = std::ranges::count_if(l.stamps, [x](std::int32_t s) { return s <= x; });
        ASSERT_EQ(probe.upto(l.stamps.data(), x), expected) << probe.isa << " up to " << x;
      }
}

TEST(stamp_search, every_set_is_tried) {
  for (std::size_t i = 0; i < probes().size(); ++i) EXPECT_EQ(probes()[i].isa, runnable_loops()[i].isa);
}

TEST(stamp_search, counts_the_stamps_that_are_at_most_a_number) {
  line ascending, repeated;
  for (std::int32_t i = 0; i < 16; ++i) {
    ascending.stamps[static_cast<std::size_t>(i)] = 7 * i - 30;
    repeated.stamps[static_cast<std::size_t>(i)] = i / 5;
  }
  expect_right(ascending);
  expect_right(repeated);
}

TEST(stamp_search, places_in_front_may_be_unused) {
  for (std::size_t n = 0; n <= 16; ++n) {
    line l;
    for (std::size_t i = 0; i < 16; ++i) l.stamps[i] = i < 16 - n ? unused : static_cast<std::int32_t>(i);
    expect_right(l);
  }
}

TEST(stamp_search, a_line_that_shows_beyond_everywhere_has_none) {
  line l;
  l.stamps.fill(beyond);
  for (const auto& probe : probes()) EXPECT_EQ(probe.upto(l.stamps.data(), beyond - 1), 0u) << probe.isa;
}

}  // namespace
}  // namespace volley::runtime::tests
