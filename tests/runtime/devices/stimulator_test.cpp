#include "runtime/devices/stimulator.hpp"

#include <gtest/gtest.h>

namespace volley::runtime {
namespace {

using devices::noise_generator;

const time_grid grid;  // steps of 0.1 ms

stimulator noise(double mean, double dt = 1.0, double start = 0, double stop = 1e300) {
  noise_generator::params p;
  p.mean = mean;
  p.std = 5;
  p.dt = dt;
  p.start = start;
  p.stop = stop;
  return make_stimulator(1, p, grid);
}

/// The device from update `now` on with other parameters.
stimulator changed(const stimulator& before, step_t now, const stimulator& to) {
  auto p = std::get<noise_source>(to.source).params;
  const auto past = with_past(before, now);
  p.held = past.held;
  p.next_draw = past.next_draw;
  auto s = make_stimulator(1, p, grid);
  s.frozen = to.frozen;
  return s;
}

void expect_draw(const stimulator& s, step_t emission, step_t step, double mean) {
  EXPECT_EQ(draw_at(s, emission).step, step) << "at " << emission;
  EXPECT_EQ(draw_at(s, emission).mean, mean) << "at " << emission;
}

TEST(stimulator, noise_is_drawn_every_dt_from_the_first_active_update_on) {
  expect_draw(noise(1), 0, 0, 1);
  expect_draw(noise(1), 19, 10, 1);
  const auto late = noise(1, 1.0, 0.5);
  expect_draw(late, 4, 4, 1);
  expect_draw(late, 14, 14, 1);
}

TEST(stimulator, a_value_is_held_until_the_next_draw) {
  const auto s = changed(noise(1), 14, noise(2));
  expect_draw(s, 14, 10, 1);
  expect_draw(s, 19, 10, 1);
  expect_draw(s, 20, 20, 2);
  expect_draw(s, 30, 30, 2);
}

TEST(stimulator, changes_while_a_value_is_held_do_not_move_the_next_draw) {
  const auto s = changed(changed(noise(1), 14, noise(2)), 16, noise(3));
  expect_draw(s, 19, 10, 1);
  expect_draw(s, 20, 20, 3);
}

TEST(stimulator, a_new_dt_counts_from_the_next_draw) {
  const auto s = changed(noise(1), 14, noise(1, 0.3));
  expect_draw(s, 19, 10, 1);
  expect_draw(s, 22, 20, 1);
  expect_draw(s, 23, 23, 1);
}

TEST(stimulator, a_change_at_the_time_of_a_draw_acts_at_once) {
  expect_draw(changed(noise(1), 20, noise(2)), 20, 20, 2);
}

TEST(stimulator, a_deviation_is_held_too) {
  auto with_modulation = noise(1);
  std::get<noise_source>(with_modulation.source).params.std_mod = 4;
  std::get<noise_source>(with_modulation.source).params.frequency = 250;
  const double drawn = draw_at(with_modulation, 10).deviation;
  const auto s = changed(with_modulation, 14, noise(1));
  EXPECT_NE(drawn, 5);
  EXPECT_EQ(draw_at(s, 19).deviation, drawn);
  EXPECT_EQ(draw_at(s, 20).deviation, 5);
}

TEST(stimulator, a_device_that_wakes_up_draws_at_once) {
  const auto resting = noise(1, 1.0, 0, 1.5);  // draws at updates 0 and 10, rests from 14 on
  const auto s = changed(resting, 50, noise(2));
  expect_draw(s, 50, 50, 2);
  expect_draw(s, 60, 60, 2);
  auto frozen = noise(1);
  frozen.frozen = true;
  const auto thawed = changed(changed(noise(1), 14, frozen), 33, noise(3));
  expect_draw(thawed, 33, 33, 3);
  const auto soon = changed(changed(noise(1), 14, frozen), 16, noise(3));
  expect_draw(soon, 17, 10, 1);
  expect_draw(soon, 20, 20, 3);
}

TEST(stimulator, counts_its_active_updates) {
  const auto s = noise(1, 1.0, 0.5, 1.5);  // updates 4 ... 13
  EXPECT_EQ(active_updates(s, 0, 100), 10);
  EXPECT_EQ(active_updates(s, 6, 8), 2);
  EXPECT_EQ(active_updates(s, 0, 4), 0);
  EXPECT_EQ(active_updates(s, 14, 20), 0);
}

TEST(stimulator, a_step_current_begins_with_what_flowed_before) {
  const step_source s{7, {20, 30}, {1, 2}};
  EXPECT_EQ(s.amplitude(19), 7);
  EXPECT_EQ(s.amplitude(20), 1);
  EXPECT_EQ(s.amplitude(29), 1);
  EXPECT_EQ(s.amplitude(1000), 2);
}

TEST(stimulator, windows_may_begin_and_end_beyond_all_times) {
  for (const double stop : {1e15, 1e18, 1e300}) {
    EXPECT_TRUE(noise(1, 1.0, 0, stop).window.contains(step_t{1} << 50));
    EXPECT_FALSE(noise(1, 1.0, stop, 1e308).window.contains(step_t{1} << 40));
  }
}

}  // namespace
}  // namespace volley::runtime
