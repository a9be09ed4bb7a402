#include "runtime/post_history.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace volley::runtime {
namespace {

std::vector<step_t> between(const post_history& h, step_t after, step_t upto) {
  std::vector<step_t> stamps;
  h.between(0, after, upto, [&](step_t s) { stamps.push_back(s); });
  return stamps;
}

TEST(post_history, windows_are_open_on_the_left_and_closed_on_the_right) {
  post_history h;
  h.add_lines(1);
  for (const step_t s : {10, 20, 30}) h.append(0, s, 20, 0.1);
  EXPECT_EQ(between(h, 10, 30), (std::vector<step_t>{20, 30}));
  EXPECT_EQ(between(h, 9, 29), (std::vector<step_t>{10, 20}));
  EXPECT_TRUE(between(h, 30, 99).empty());
}

TEST(post_history, K_minus_counts_the_spikes_strictly_before) {
  post_history h;
  h.add_lines(1);
  h.append(0, 100, 20, 0.1);
  h.append(0, 200, 20, 0.1);
  EXPECT_EQ(h.K_minus(0, 100, 20, 0.1), 0.0);
  EXPECT_NEAR(h.K_minus(0, 150, 20, 0.1), std::exp(-5.0 / 20), 1e-15);
  EXPECT_NEAR(h.K_minus(0, 200, 20, 0.1), std::exp(-10.0 / 20), 1e-15);
  EXPECT_NEAR(h.K_minus(0, 300, 20, 0.1), (std::exp(-10.0 / 20) + 1) * std::exp(-10.0 / 20), 1e-15);
}

TEST(post_history, pruning_keeps_what_later_reads_need) {
  post_history h;
  h.add_lines(1);
  for (const step_t s : {10, 20, 30, 40}) h.append(0, s, 20, 0.1);
  const double before = h.K_minus(0, 35, 20, 0.1);
  h.prune(35);
  EXPECT_EQ(h.length(0), 2u);
  EXPECT_EQ(h.K_minus(0, 35, 20, 0.1), before);
  EXPECT_EQ(between(h, 34, 40), (std::vector<step_t>{40}));
}

}  // namespace
}  // namespace volley::runtime
