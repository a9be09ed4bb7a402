#include <gtest/gtest.h>

#include <cmath>

#include "runtime/base/error.hpp"
#include "tests/runtime/driven_population.hpp"

namespace volley::neurons::tests {
namespace {

using runtime::tests::driven_population;
using runtime::tests::neuron;
using runtime::tests::spike;

constexpr std::size_t flips = 0, current = 1;  // members of the input

/// Cells that choose in every step but the first.
driven_population hasty(double theta, std::uint32_t cells = 1) {
  return driven_population(neuron("mcculloch_pitts_neuron"), cells, {{"tau_m", 1e-6}, {"theta", theta}});
}

TEST(mcculloch_pitts_neuron, is_up_while_its_input_is_above_the_threshold) {
  auto p = hasty(5);
  p.input(flips, 3, 0, 4.0);
  p.input(flips, 6, 0, 2.0);
  p.input(flips, 9, 0, -1.0);  // 5 is not above 5
  p.run(15, 4);
  EXPECT_EQ(p.spikes(), (std::vector<spike>{{7, 0, 2}, {10, 0, 1}}));
  EXPECT_EQ(p.value_of("h"), 5.0);
}

TEST(mcculloch_pitts_neuron, a_current_counts_in_its_step_and_is_not_kept) {
  auto p = hasty(5);
  p.input(current, 4, 0, 6.0);
  p.run(10, 3);
  EXPECT_EQ(p.spikes(), (std::vector<spike>{{5, 0, 2}, {6, 0, 1}}));
  EXPECT_EQ(p.value_of("h"), 0.0);
}

TEST(mcculloch_pitts_neuron, a_step_has_one_choice_at_most) {
  auto p = hasty(0);
  for (runtime::step_t step = 1; step < 100; ++step) p.input(flips, step, 0, step % 2 == 1 ? 1.0 : -1.0);
  p.run(100, 16);
  EXPECT_EQ(p.spikes().size(), 99u) << "none in the first step";
}

TEST(mcculloch_pitts_neuron, times_between_choices_are_exponential_with_the_mean_that_is_set) {
  driven_population p(neuron("mcculloch_pitts_neuron"), 4000, {{"tau_m", 5.0}, {"theta", -1.0}});
  p.run(2000, 50);
  ASSERT_EQ(p.spikes().size(), 4000u) << "each goes up at its first choice";
  double sum = 0, squares = 0;
  for (const auto& s : p.spikes()) {
    const double ms = 0.1 * (static_cast<double>(s.stamp) - 1.5);  // chosen in the step after the time
    sum += ms / 4000;
    squares += ms * ms / 4000;
  }
  EXPECT_NEAR(sum, 5, 5 * 5 / std::sqrt(4000));
  EXPECT_NEAR(squares - sum * sum, 25, 5 * 25 * std::sqrt(8.0 / 4000));
}

TEST(mcculloch_pitts_neuron, choices_that_come_too_early_are_not_lost) {
  driven_population p(neuron("mcculloch_pitts_neuron"), 400, {{"tau_m", 0.2}});
  const double expected = 400 * 1000 * 0.5;
  for (runtime::step_t step = 0; step < 1000; ++step)  // up and down again with every choice
    for (std::uint32_t cell = 0; cell < 400; ++cell) {
      const bool up = p.nodes().values().get("S", cell) == runtime::value(true);
      p.input(current, step, cell, up ? -1.0 : 1.0);
      if (cell == 399) p.run(1);
    }
  EXPECT_NEAR(static_cast<double>(p.spikes().size()), expected, 5 * std::sqrt(expected));
}

TEST(mcculloch_pitts_neuron, its_state_is_shown_and_cannot_be_set) {
  auto p = hasty(-1);
  EXPECT_EQ(p.nodes().values().get("S", 0), runtime::value(false));
  p.run(5);
  EXPECT_EQ(p.nodes().values().get("S", 0), runtime::value(true));
  EXPECT_EQ(p.nodes().recorded(*p.nodes().recordable("S"))[0], 1.0);
  EXPECT_THROW(p.set({{"S", false}}), runtime::api_error);
  EXPECT_THROW(p.set({{"h", 1.0}}), runtime::api_error);
}

TEST(mcculloch_pitts_neuron, a_flip_is_one_event_of_its_history) {
  auto p = hasty(0);
  p.input(flips, 3, 0, 1.0);
  p.run(6);
  ASSERT_EQ(p.spikes(), (std::vector<spike>{{4, 0, 2}}));
  EXPECT_EQ(p.value_of("t_spike"), 0.4);
  EXPECT_DOUBLE_EQ(p.value_of("Ca"), 0.001);
}

}  // namespace
}  // namespace volley::neurons::tests
