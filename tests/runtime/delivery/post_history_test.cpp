#include "runtime/delivery/post_history.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "runtime/base/contract.hpp"
#include "runtime/base/snapshot.hpp"

namespace volley::runtime {
namespace {

constexpr history_line line;

post_history with_spikes(std::initializer_list<step_t> stamps) {
  post_history h;
  h.add_lines(1);
  h.open(line);
  for (const step_t s : stamps) h.append(line, s, 20, 0.1);
  return h;
}

std::vector<step_t> between(const post_history& h, step_t after, step_t upto) {
  std::vector<step_t> stamps;
  const auto window = h.window(line, after, upto);
  for (auto s = window.first; s != window.last; ++s) stamps.push_back(s->stamp);
  return stamps;
}

std::vector<std::int32_t> shown(const post_history& h, history_line which = line) {
  const auto* stamps = h.lines().stamps + which.index() * spike_lines::depth;
  return {stamps, stamps + spike_lines::depth};
}

std::vector<std::int32_t> places(std::size_t unused, std::initializer_list<std::int32_t> stamps) {
  std::vector<std::int32_t> all(unused, spike_lines::unused);
  all.insert(all.end(), stamps);
  return all;
}

TEST(post_history, windows_are_open_on_the_left_and_closed_on_the_right) {
  const auto h = with_spikes({10, 20, 30});
  EXPECT_EQ(between(h, 10, 30), (std::vector<step_t>{20, 30}));
  EXPECT_EQ(between(h, 9, 29), (std::vector<step_t>{10, 20}));
  EXPECT_TRUE(between(h, 30, 99).empty());
}

TEST(post_history, K_minus_counts_the_spikes_strictly_before) {
  const auto h = with_spikes({100, 200});
  EXPECT_EQ(h.K_minus(line, 100, 20, 0.1), 0.0);
  EXPECT_NEAR(h.K_minus(line, 150, 20, 0.1), std::exp(-5.0 / 20), 1e-15);
  EXPECT_NEAR(h.K_minus(line, 200, 20, 0.1), std::exp(-10.0 / 20), 1e-15);
  EXPECT_NEAR(h.K_minus(line, 300, 20, 0.1), (std::exp(-10.0 / 20) + 1) * std::exp(-10.0 / 20), 1e-15);
}

TEST(post_history, pruning_keeps_what_later_reads_need) {
  auto h = with_spikes({10, 20, 30, 40});
  const double before = h.K_minus(line, 35, 20, 0.1);
  h.prune(35);
  EXPECT_EQ(h.length(line), 2u);
  EXPECT_EQ(h.K_minus(line, 35, 20, 0.1), before);
  EXPECT_EQ(between(h, 34, 40), (std::vector<step_t>{40}));
}

TEST(post_history, shows_the_last_spikes_of_a_line) {
  auto h = with_spikes({10, 20, 30});
  EXPECT_EQ(shown(h), places(13, {10, 20, 30}));
  EXPECT_EQ(h.lines().newest[0], 30);
  EXPECT_EQ(h.lines().newest_K_minus[0], h.window(line, 20, 30).first->K_minus);
  for (step_t s = 31; s < 60; ++s) h.append(line, s, 20, 0.1);
  EXPECT_EQ(shown(h), places(0, {44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59}));
  const auto last = h.window(line, 51, 59);
  for (std::size_t i = 0; i < spike_lines::K_depth; ++i) EXPECT_EQ(h.lines().K_minus[i], last.first[i].K_minus) << i;
}

TEST(post_history, two_spikes_in_a_step_are_two) {
  auto h = with_spikes({10, 20, 20, 30});
  const auto both = h.window(line, 10, 20);
  ASSERT_EQ(both.last - both.first, 2);
  EXPECT_EQ(both.first[1].K_minus, both.first[0].K_minus + 1);
  EXPECT_EQ(h.last_before(line, 25).K_minus, both.first[1].K_minus);
  EXPECT_EQ(h.last_before(line, 20).stamp, 10);
  EXPECT_EQ(shown(h), places(12, {10, 20, 20, 30}));
  h.prune(25);  // the last before: with both
  EXPECT_EQ(h.length(line), 2u);
  EXPECT_EQ(h.K_minus(line, 25, 20, 0.1), h.trace(line, 25, 20, 0.1));
  EXPECT_GT(h.trace(line, 20, 20, 0.1), h.K_minus(line, 21, 20, 0.1));
}

TEST(post_history, shows_stamps_relative_to_where_lines_were_cut) {
  auto h = with_spikes({10, 20, 30, 40});
  h.prune(35);
  EXPECT_EQ(h.lines().base, 35);
  EXPECT_EQ(shown(h), places(14, {-5, 5}));
}

TEST(post_history, shows_nothing_of_a_line_with_spikes_that_32_bits_cannot_hold) {
  constexpr step_t late = step_t{1} << 33;
  auto h = with_spikes({10, late});
  EXPECT_EQ(shown(h), std::vector<std::int32_t>(16, spike_lines::beyond));
  h.prune(late - 5);  // the spike at 10 is the last before: K_minus needs it
  EXPECT_EQ(shown(h), std::vector<std::int32_t>(16, spike_lines::beyond));
  EXPECT_EQ(h.length(line), 2u);
  h.prune(late + 5);
  EXPECT_EQ(shown(h), places(15, {-5}));
}

TEST(post_history, shows_no_spikes_of_a_line_that_was_cleared_or_taken_back) {
  auto h = with_spikes({10});
  h.clear(line);
  EXPECT_EQ(shown(h), places(16, {}));
  EXPECT_EQ(h.lines().newest_K_minus[0], 0.0);
  h.append(line, 11, 20, 0.1);
  h.cut(line);
  h.add_lines(2);
  EXPECT_FALSE(h.is_open(line));
  h.open(line);
  EXPECT_EQ(shown(h), places(16, {}));
  h.open(line + 1);
  EXPECT_EQ(shown(h, line + 1), places(16, {}));
}

TEST(post_history, lines_that_nobody_opened_take_a_byte_and_a_vector) {
  post_history h;
  h.add_lines(1000);
  EXPECT_LE(h.line_bytes(), 1000 * 25u);
  h.open(line + 999);
  EXPECT_LE(h.line_bytes(), 1000 * 25u + 140);
}

TEST(post_history, keeps_times_between_two_steps) {
  post_history h;
  h.add_lines(2);
  h.open(line);
  h.append(line, 10, 20, 0.1);
  for (const double offset_ms : {0.07, 0.02, 0.0}) h.append(line, {11, offset_ms}, 20, 0.1);
  EXPECT_THROW(h.append(line, {11, 0.01}, 20, 0.1), broken_contract);
  EXPECT_EQ(h.n_before(line, {11, 0.02}), 2u);
  EXPECT_EQ(h.n_upto(line, {11, 0.02}), 3u);
  EXPECT_EQ(h.n_upto(line, 11), 4u);
  EXPECT_EQ(h.time_of(line, 0).offset_ms, 0);
  EXPECT_EQ(h.time_of(line, 1).offset_ms, 0.07);
  EXPECT_NEAR(h.K_minus(line, {11, 0.02}, 20, 0.1), std::exp(-0.08 / 20) + std::exp(-0.05 / 20), 1e-15);
  EXPECT_NEAR(h.trace(line, 12, 20, 0.1),
              std::exp(-0.2 / 20) + std::exp(-0.17 / 20) + std::exp(-0.12 / 20) + std::exp(-0.1 / 20), 1e-15);
  const auto image = bytes_of(h);
  post_history loaded;
  loaded.add_lines(2);
  snapshot_reader reader(image);
  reader(loaded);
  h.put(line + 1, h.saved(line));
  h.prune(12);
  EXPECT_EQ(h.length(line), 1u);
  EXPECT_EQ(h.time_of(line, 0).offset_ms, 0);
  EXPECT_EQ(h.time_of(line + 1, 0).offset_ms, 0);
  EXPECT_EQ(loaded.time_of(line, 2).offset_ms, 0.02);
  h.clear(line);
  h.append(line, 13, 20, 0.1);
  EXPECT_EQ(h.time_of(line, 0).offset_ms, 0);
  EXPECT_THROW(h.put(line, {true, {{5, 1}}, {0.01, 0.02}}), std::invalid_argument);
}

TEST(post_history, gives_lines_to_another) {
  const auto from = with_spikes({10, 20});
  post_history to;
  to.add_lines(3);
  to.put(line + 2, from.saved(line));
  EXPECT_TRUE(to.is_open(line + 2));
  EXPECT_FALSE(to.is_open(line));
  EXPECT_EQ(to.K_minus(line + 2, 25, 20, 0.1), from.K_minus(line, 25, 20, 0.1));
  EXPECT_EQ(shown(to, line + 2), shown(from));
  EXPECT_THROW(to.put(line, {true, {{5, 1}, {4, 1}}}), std::invalid_argument);
}

}  // namespace
}  // namespace volley::runtime
