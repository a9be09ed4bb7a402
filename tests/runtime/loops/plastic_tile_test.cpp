#include "runtime/loops/plastic_tile.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "runtime/delivery/post_history.hpp"

namespace volley::runtime {
namespace {

using isa = models::isa::scalar;
using tile = tile_of<isa, 1>;

constexpr double resolution_ms = 0.1, tau_minus_ms = 20;

/// Two pages of slots, the second before the first among the lines.
struct targets_with_spikes {
  post_history history;
  std::vector<std::uint32_t> line_of_page{64, 0};
  std::vector<double> tau_minus = std::vector<double>(128, tau_minus_ms);

  targets_with_spikes() {
    history.add_lines(128);
    for (std::uint32_t line = 0; line < 128; ++line) history.open(history_line(line));
  }
  void spike(std::uint32_t slot, step_t stamp) {
    history.append(history_line(line_of(line_of_page.data(), slot)), stamp, tau_minus_ms, resolution_ms);
  }
  plastic_targets view() const {
    return {line_of_page.data(), tau_minus.data(), false, resolution_ms, 128, history.lines(), nullptr};
  }
};

plastic_call call_of(const std::vector<plastic_piece>& pieces, const plastic_targets& targets) {
  plastic_call call{};
  for (const auto& piece : pieces) call.count += piece.count;
  call.pieces = pieces.data();
  call.targets = &targets;
  return call;
}

TEST(plastic_tile, steps_beyond_what_a_line_shows_keep_their_order) {
  EXPECT_EQ(relative<isa>(107, 100), 7);
  EXPECT_EQ(relative<isa>(0, step_t{1} << 40), spike_lines::unused);
  EXPECT_EQ(relative<isa>(step_t{1} << 40, 0), spike_lines::beyond - 1) << "below a line that shows beyond";
}

TEST(plastic_tile, a_slot_has_a_line_by_its_page) {
  const std::vector<std::uint32_t> pages{64, 0};
  EXPECT_EQ(line_of(pages.data(), 0), 64u);
  EXPECT_EQ(line_of(pages.data(), 63), 127u);
  EXPECT_EQ(line_of(pages.data(), 64), 0u);
}

TEST(plastic_tile, pieces_are_cut_where_tiles_end) {
  const targets_with_spikes targets;
  const auto view = targets.view();
  const std::vector<plastic_piece> pieces{{250, 3, nullptr, nullptr}, {300, 5, nullptr, nullptr}};
  auto call = call_of(pieces, view);
  call.after = 10;
  call.upto = 40;
  std::vector<std::uint16_t> narrow(call.count);
  std::vector<std::uint32_t> wide(call.count);
  for (std::uint32_t i = 0; i < call.count; ++i) wide[i] = narrow[i] = static_cast<std::uint16_t>(i % 128);
  for (const bool is_wide : {false, true}) {
    call.narrow_slots = is_wide ? nullptr : narrow.data();
    call.wide_slots = is_wide ? wide.data() : nullptr;
    const auto t = std::make_unique<tile>();
    tile_cutter<isa, 1> cutter(call);
    std::vector<std::pair<std::size_t, std::uint32_t>> parts;  // piece, connections
    for (std::uint32_t begin = 0; begin < call.count; begin += tile_connections) {
      cutter.cut(begin, std::min(tile_connections, call.count - begin), *t);
      for (std::uint32_t p = 0; p < t->n_parts; ++p)
        parts.emplace_back(static_cast<std::size_t>(t->parts[p].piece - pieces.data()), t->parts[p].count);
      for (std::uint32_t n = 0; n < t->count; ++n) {
        const std::int32_t delay = begin + n < 250 ? 3 : 5;
        ASSERT_EQ(t->slots[n], (begin + n) % 128);
        ASSERT_EQ(t->delay[n], delay);
        ASSERT_EQ(t->after[n], 10 - delay);
        ASSERT_EQ(t->upto[n], 40 - delay);
      }
    }
    EXPECT_EQ(parts, (std::vector<std::pair<std::size_t, std::uint32_t>>{{0, 250}, {1, 6}, {1, 256}, {1, 38}}));
  }
}

TEST(plastic_tile, lists_the_connections_whose_targets_spiked_in_the_window) {
  targets_with_spikes targets;
  targets.spike(1, 7);   // before the window begins, and at its beginning
  targets.spike(2, 9);   // in it
  targets.spike(65, 8);  // in it
  const auto view = targets.view();
  const std::vector<plastic_piece> pieces{{4, 3, nullptr, nullptr}};
  auto call = call_of(pieces, view);
  const std::vector<std::uint32_t> slots{0, 1, 2, 65};
  call.wide_slots = slots.data();
  call.after = 10;
  call.upto = 40;
  const auto t = std::make_unique<tile>();
  tile_cutter<isa, 1>(call).cut(0, 4, *t);
  ASSERT_EQ(read_newest(call, *t), 2u);
  EXPECT_EQ(t->spiked[0], 2);
  EXPECT_EQ(t->spiked[1], 3);
  EXPECT_EQ(t->spiked_lines[1], 1u);
  EXPECT_EQ(t->steps_since_post[2], 40 - 3 - 9);
  EXPECT_EQ(t->K_minus[2], 1);
  EXPECT_EQ(t->K_minus[0], 0) << "no spike yet";
}

TEST(plastic_tile, a_late_spike_is_not_seen_by_the_sources_spike) {
  targets_with_spikes targets;
  for (const step_t stamp : {5, 20, 37, 38}) targets.spike(0, stamp);
  for (step_t stamp = 30; stamp < 60; ++stamp) targets.spike(1, stamp);  // more than the line shows
  const auto view = targets.view();
  const std::vector<plastic_piece> pieces{{2, 3, nullptr, nullptr}};
  auto call = call_of(pieces, view);
  const std::vector<std::uint32_t> slots{0, 1};
  call.wide_slots = slots.data();
  call.upto = 40;
  const auto t = std::make_unique<tile>();
  tile_cutter<isa, 1>(call).cut(0, 2, *t);
  for (std::uint32_t n = 0; n < 2; ++n) {
    look_up_late(call, n, *t);
    const auto last = targets.history.last_before(history_line(line_of(targets.line_of_page.data(), slots[n])), 37);
    EXPECT_EQ(t->K_minus[n], last.K_minus);
    EXPECT_EQ(t->steps_since_post[n], 37 - static_cast<double>(last.stamp));
  }
}

}  // namespace
}  // namespace volley::runtime
