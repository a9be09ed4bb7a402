// K_minus of all lines at once, by every instruction set, and of each line alone.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <vector>

#include "runtime/delivery/post_history.hpp"
#include "runtime/loops/loops.hpp"

namespace volley::runtime {
namespace {

constexpr double resolution_ms = 0.1;

struct lines_with_spikes {
  static constexpr std::uint32_t n = 128;
  post_history history;
  std::vector<double> tau_minus_ms;
  std::vector<std::uint32_t> line_of_page{0, 64};

  explicit lines_with_spikes(bool tau_minus_varies) {
    history.add_lines(n);
    for (std::uint32_t line = 0; line < n; ++line) {
      tau_minus_ms.push_back(tau_minus_varies ? 5.0 + line : 20.0);
      history.open(history_line(line));
      // None, one, or more than a line shows; the last of some at 100 or later.
      for (step_t stamp = 1; stamp <= line % 40; ++stamp)
        history.append(history_line(line), stamp * (1 + line % 3 * 3), tau_minus_ms[line], resolution_ms);
    }
  }
  std::vector<double> K_minus(const loop_set& loops, bool varies, step_t at) const {
    std::vector<double> all(n);
    const plastic_targets targets{
        line_of_page.data(), tau_minus_ms.data(), varies, resolution_ms, n, history.lines(), nullptr};
    loops.decay(targets, at, all.data());
    return all;
  }
};

TEST(decay_loop, tells_what_each_line_tells_alone) {
  for (const bool varies : {false, true}) {
    const lines_with_spikes lines(varies);
    for (const step_t at : {1, 30, 100, 101, 500}) {
      const auto all = lines.K_minus(runnable_loops().front(), varies, at);
      for (std::uint32_t line = 0; line < lines.n; ++line) {
        const double alone = lines.history.K_minus(history_line(line), at, lines.tau_minus_ms[line], resolution_ms);
        EXPECT_NEAR(all[line], alone, 1e-14 * (1 + alone)) << "line " << line << " at " << at;
      }
    }
  }
}

TEST(decay_loop, has_the_same_bits_on_every_set) {
  const lines_with_spikes lines(true);
  const auto expected = lines.K_minus(runnable_loops().front(), true, 101);
  for (const loop_set& loops : runnable_loops()) {
    const auto found = lines.K_minus(loops, true, 101);
    for (std::uint32_t line = 0; line < lines.n; ++line)
      ASSERT_EQ(std::bit_cast<std::uint64_t>(found[line]), std::bit_cast<std::uint64_t>(expected[line]))
          << loops.isa << " line " << line;
  }
}

}  // namespace
}  // namespace volley::runtime
