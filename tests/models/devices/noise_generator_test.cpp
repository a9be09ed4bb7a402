#include "models/devices/noise_generator.hpp"

#include <gtest/gtest.h>

namespace volley::devices {
namespace {

using models::step_t;

const models::time_grid grid;  // steps of 0.1 ms

noise_generator::params noise(double mean, double dt = 1.0, double start = 0, double stop = 1e300) {
  noise_generator::params p;
  p.mean = mean;
  p.std = 5;
  p.dt = dt;
  p.start = start;
  p.stop = stop;
  return p;
}

/// The device from update `now` on with other parameters.
noise_generator::params changed(const noise_generator::params& before, step_t now, noise_generator::params to,
                                bool frozen = false) {
  noise_generator::go_on(to, before, {grid, now, window_of(before, grid), frozen});
  return to;
}

models::normal_draw draw_at(const noise_generator::params& p, step_t update) {
  return noise_generator::drawn_current(p, noise_generator::calibrate(p, grid), window_of(p, grid), update);
}

void expect_draw(const noise_generator::params& p, step_t update, step_t drawn, double mean) {
  EXPECT_EQ(draw_at(p, update).update, drawn) << "at " << update;
  EXPECT_EQ(draw_at(p, update).mean, mean) << "at " << update;
}

TEST(noise_generator, draws_every_dt_from_the_first_active_update_on) {
  expect_draw(noise(1), 0, 0, 1);
  expect_draw(noise(1), 19, 10, 1);
  const auto late = noise(1, 1.0, 0.5);
  expect_draw(late, 4, 4, 1);
  expect_draw(late, 14, 14, 1);
}

TEST(noise_generator, holds_a_value_until_the_next_draw) {
  const auto p = changed(noise(1), 14, noise(2));
  expect_draw(p, 14, 10, 1);
  expect_draw(p, 19, 10, 1);
  expect_draw(p, 20, 20, 2);
  expect_draw(p, 30, 30, 2);
}

TEST(noise_generator, draws_when_it_was_due_whatever_changes_while_a_value_is_held) {
  const auto p = changed(changed(noise(1), 14, noise(2)), 16, noise(3));
  expect_draw(p, 19, 10, 1);
  expect_draw(p, 20, 20, 3);
}

TEST(noise_generator, counts_a_new_dt_from_the_next_draw) {
  const auto p = changed(noise(1), 14, noise(1, 0.3));
  expect_draw(p, 19, 10, 1);
  expect_draw(p, 22, 20, 1);
  expect_draw(p, 23, 23, 1);
}

TEST(noise_generator, takes_a_change_at_the_time_of_a_draw_at_once) {
  expect_draw(changed(noise(1), 20, noise(2)), 20, 20, 2);
}

TEST(noise_generator, holds_a_deviation_too) {
  auto with_modulation = noise(1);
  with_modulation.std_mod = 4;
  with_modulation.frequency = 250;
  const double drawn = draw_at(with_modulation, 10).deviation;
  const auto p = changed(with_modulation, 14, noise(1));
  EXPECT_NE(drawn, 5);
  EXPECT_EQ(draw_at(p, 19).deviation, drawn);
  EXPECT_EQ(draw_at(p, 20).deviation, 5);
}

TEST(noise_generator, draws_at_once_when_it_wakes_up) {
  const auto resting = noise(1, 1.0, 0, 1.5);  // draws at updates 0 and 10, rests from 14 on
  const auto p = changed(resting, 50, noise(2));
  expect_draw(p, 50, 50, 2);
  expect_draw(p, 60, 60, 2);
  const auto frozen = changed(noise(1), 14, noise(1));
  const auto thawed = changed(frozen, 33, noise(3), true);
  expect_draw(thawed, 33, 33, 3);
  const auto soon = changed(frozen, 16, noise(3), true);
  expect_draw(soon, 17, 10, 1);
  expect_draw(soon, 20, 20, 3);
}

}  // namespace
}  // namespace volley::devices
