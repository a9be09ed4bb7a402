// What the loop does around the step of a model that keeps times within it.
#include "runtime/loops/cell_loop.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace volley::runtime {
namespace {

/// Keeps sums of what arrives within steps and at their ends; each amount within is a spike of that multiplicity.
struct repeater {
  template <class V> struct params { V unit; };
  template <class V> struct derived {};
  template <class V> struct state { V within, at_end; };
  template <class V> struct input { V sum; };
  template <class V>
  static void step(const params<V>& p, const derived<V>&, state<V>& s, const input<V>& in, models::cell_step<V>& now) {
    s.at_end += p.unit * in.sum;
    while (now.expects_more()) {
      const V offset_ms = now.offset_ms(), amount = now.take();
      s.within += p.unit * amount;
      now.spike(offset_ms, amount);
    }
  }
};

TEST(cell_loop, hands_each_cell_its_part_of_each_step) {
  constexpr std::uint32_t cells = 70, width = 128, steps = 2;
  struct alignas(64) column {
    double values[width] = {};
  } unit, within, at_end, rows[steps];
  for (std::uint32_t c = 0; c < cells; ++c) unit.values[c] = c < 3 ? 1 : 10;
  rows[1].values[69] = 7;
  const models::timed_amount first[] = {{102, 0.05, 2}, {102, 0.01, 3}, {169, 0.05, 4}}, second[] = {{100, 0.02, 1}};
  const timed_row timed[] = {{first, first + 3}, {second, second + 1}};
  const column_view params[] = {{unit.values, ~std::uint32_t{0}}};
  double* const state[] = {within.values, at_end.values};
  double* const row_places[] = {rows[0].values, rows[1].values};
  std::uint64_t bits[steps * width / 64] = {};
  std::vector<models::sent_spike> sent;
  step_call call{};
  call.params = params;
  call.state = state;
  call.rows = row_places;
  call.timed = timed;
  call.first_slot = 100;
  call.sent = {[](void* to, const models::sent_spike& s) { static_cast<decltype(sent)*>(to)->push_back(s); }, &sent};
  call.spikes = bits;
  call.cells = cells;
  call.steps = steps;
  call.first_step = 30;
  run_cells<repeater, models::lanes<models::isa::one_of<models::isa::scalar>>>(call);

  EXPECT_EQ(within.values[0], 1);
  EXPECT_EQ(within.values[2], 5);
  EXPECT_EQ(within.values[69], 40);
  EXPECT_EQ(at_end.values[69], 70);
  EXPECT_EQ(rows[1].values[69], 0) << "taken";
  EXPECT_EQ(bits[0], 4u);
  EXPECT_EQ(bits[1], std::uint64_t{1} << 5);
  EXPECT_EQ(bits[2], 1u);
  ASSERT_EQ(sent.size(), 4u);
  EXPECT_EQ(sent[0].stamp, 31);
  EXPECT_EQ(sent[1].offset_ms, 0.01);
  EXPECT_EQ(sent[2].cell, 69u);
  EXPECT_EQ(sent[3].stamp, 32);
}

}  // namespace
}  // namespace volley::runtime
