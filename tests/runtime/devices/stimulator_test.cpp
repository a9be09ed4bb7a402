#include "runtime/devices/stimulator.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "runtime/base/contract.hpp"
#include "runtime/devices/built_in_devices.hpp"

namespace volley::runtime {
namespace {

const time_grid grid;  // steps of 0.1 ms

template <class D> stimulator active(double start, double stop, auto change, bool frozen = false) {
  parameters_of<D> p;
  p.start = start;
  p.stop = stop;
  change(p);
  return {1, p, grid, frozen};
}

stimulator direct_current(double start, double stop, bool frozen = false) {
  return active<devices::dc_generator>(
      start, stop, [](auto& p) { p.amplitude = 3; }, frozen);
}
stimulator poisson(double start, double stop, bool frozen = false) {
  return active<devices::poisson_generator>(
      start, stop, [](auto& p) { p.rate = 1000; }, frozen);
}
stimulator train(double start, double stop, bool frozen = false) {
  return active<devices::spike_generator>(
      start, stop,
      [](auto& p) {
        p.spike_times = {0.5, 0.6, 1.5, 1.6};
      },
      frozen);
}

TEST(stimulator, a_current_acts_exactly_inside_the_window) {
  const auto s = direct_current(0.5, 1.5);  // updates 4 ... 13
  for (const auto& [update, current] : {std::pair{3, 0}, {4, 3}, {13, 3}, {14, 0}})
    EXPECT_EQ(s.current(update), current) << update;
  EXPECT_EQ(s.recorded(5), 3);
  EXPECT_EQ(s.recorded(4), 0);
  EXPECT_EQ(direct_current(0.5, 1.5, true).current(4), 0);
}

TEST(stimulator, counts_its_active_updates) {
  const auto s = direct_current(0.5, 1.5);
  EXPECT_EQ(s.active_updates(0, 100), 10);
  EXPECT_EQ(s.active_updates(6, 8), 2);
  EXPECT_EQ(s.active_updates(0, 4), 0);
  EXPECT_EQ(s.active_updates(14, 20), 0);
  EXPECT_EQ(direct_current(0.5, 1.5, true).active_updates(0, 100), 0);
}

TEST(stimulator, spikes_have_stamps_inside_the_window) {
  const auto s = poisson(0.5, 1.5);
  for (const auto& [update, mean] : {std::pair{4, 0.0}, {5, 0.1}, {14, 0.1}, {15, 0.0}})
    EXPECT_EQ(s.mean_count(update), mean) << update;
  EXPECT_EQ(poisson(0.5, 1.5, true).mean_count(5), 0);
  EXPECT_EQ(direct_current(0, 1).mean_count(5), 0);
}

TEST(stimulator, a_train_is_cut_by_the_window_and_by_what_is_asked) {
  const auto stamps = [](const stimulator& s, step_t after, step_t upto) {
    std::vector<step_t> all;
    for (const auto& spike : s.emitted(after, upto)) all.push_back(spike.stamp);
    return all;
  };
  EXPECT_EQ(stamps(train(0.5, 1.5), 0, 100), (std::vector<step_t>{6, 15}));
  EXPECT_EQ(stamps(train(0.0, 9.0), 5, 15), (std::vector<step_t>{6, 15}));
  EXPECT_TRUE(train(0.0, 9.0, true).emitted(0, 100).empty());
  EXPECT_EQ(poisson(0, 1).train(), nullptr);
}

stimulator gammas(double start, double stop, bool frozen = false) {
  return active<devices::gamma_sup_generator>(
      start, stop,
      [](auto& p) {
        p.rate = 3000;
        p.gamma_shape = 2;
        p.n_proc = 5;
        p.since = 70;
      },
      frozen);
}
stimulator pulses(std::vector<double> times, double sdev) {
  return active<devices::pulsepacket_generator>(0, 1e300, [&](auto& p) {
    p.pulse_times = std::move(times);
    p.activity = 50;
    p.sdev = sdev;
  });
}

TEST(stimulator, knows_which_spikes_every_vp_knows) {
  EXPECT_TRUE(train(0, 1).is_known_everywhere());
  EXPECT_TRUE(pulses({5}, 1).is_known_everywhere());
  EXPECT_FALSE(poisson(0, 1).is_known_everywhere());
  EXPECT_FALSE(direct_current(0, 1).is_known_everywhere());
  EXPECT_FALSE(gammas(0, 1).is_known_everywhere());
  const auto of_all =
      active<devices::sinusoidal_gamma_generator>(0, 1, [](auto& p) { p.individual_spike_trains = false; });
  EXPECT_TRUE(of_all.is_known_everywhere());
  EXPECT_TRUE(of_all.is_shared());
}

TEST(stimulator, spikes_of_trains_may_have_times) {
  const auto s = active<devices::poisson_generator_ps>(0, 10, [](auto& p) { p.rate = 40000; });
  EXPECT_TRUE(s.has_times());
  EXPECT_FALSE(gammas(0, 1).has_times());
  const std::vector<std::uint32_t> targets{4, 5};
  std::vector<double> state(2 * s.train_size());
  std::vector<std::int32_t> counts(2);
  std::vector<train_spike> times;
  std::int32_t all = 0;
  for (step_t update = 0; update < 20; ++update) {
    s.step_trains(update, 1, {targets, 0, state}, counts, &times);
    ASSERT_EQ(static_cast<std::size_t>(counts[0] + counts[1]), times.size());
    for (std::size_t i = 0; i < times.size(); ++i) {
      EXPECT_EQ(times[i].train, i < static_cast<std::size_t>(counts[0]) ? 0u : 1u);
      EXPECT_TRUE(times[i].offset_ms >= 0 && times[i].offset_ms < 0.1);
    }
    all += counts[0] + counts[1];
  }
  EXPECT_NEAR(all, 160, 5 * std::sqrt(160));
}

TEST(stimulator, trains_go_on_inside_the_window) {
  const auto s = gammas(0.5, 1.5);
  EXPECT_EQ(s.train_size(), 2u);
  EXPECT_EQ(s.trains_since(), 70);
  EXPECT_TRUE(s.has_trains());
  EXPECT_FALSE(poisson(0, 1).has_trains());
  const std::vector<std::uint32_t> targets{4, 5, 6};
  std::vector<double> state(6);
  std::vector<std::int32_t> counts(3);
  for (const step_t update : {4, 15}) EXPECT_FALSE(s.step_trains(update, 1, {targets, 0, state}, counts));
  EXPECT_FALSE(gammas(0.5, 1.5, true).step_trains(5, 1, {targets, 0, state}, counts));
  EXPECT_EQ(state, std::vector<double>(6));
  int all = 0;
  for (step_t update = 5; update < 15; ++update)
    if (s.step_trains(update, 1, {targets, 0, state}, counts)) all += counts[0] + counts[1] + counts[2];
  EXPECT_NEAR(all, 45, 25);
  EXPECT_NE(state, std::vector<double>(6));
  EXPECT_THROW(s.step_trains(5, 1, {targets, 0, std::span(state).first(5)}, counts), broken_contract);
}

TEST(stimulator, trains_of_one_target_are_the_same_whoever_goes_along) {
  const auto s = gammas(0, 1e300);
  const std::vector<std::uint32_t> targets{4, 5, 6};
  const std::uint32_t alone = 5;
  std::vector<double> state(6), state_alone(2), state_other(2);
  std::vector<std::int32_t> counts(3);
  std::int32_t count = 0, other = 0;
  bool differs = false;
  for (step_t update = 0; update < 50; ++update) {
    s.step_trains(update, 1, {targets, 2, state}, counts);
    s.step_trains(update, 1, {{&alone, 1}, 2, state_alone}, {&count, 1});
    s.step_trains(update, 1, {{&alone, 1}, 3, state_other}, {&other, 1});
    EXPECT_EQ(count, counts[1]);
    differs |= other != count;
  }
  EXPECT_TRUE(differs);
}

TEST(stimulator, pulses_lie_where_they_open_and_close) {
  const auto s = pulses({9, 5, 5}, 0.7);
  ASSERT_EQ(s.n_pulses(), 3u);
  std::vector<std::vector<step_t>> stamps(3);
  for (std::size_t i = 0; i < 3; ++i) {
    s.draw_pulse(i, 1, [&](step_t stamp, std::uint32_t n) { stamps[i].insert(stamps[i].end(), n, stamp); });
    ASSERT_EQ(stamps[i].size(), 50u);
    for (const auto stamp : stamps[i]) {
      EXPECT_GE(stamp, s.opens(i));
      EXPECT_LE(stamp, s.closes(i));
    }
    EXPECT_GE(s.opens(i), s.opens(i == 0 ? 0 : i - 1));
  }
  EXPECT_NE(stamps[0], stamps[1]);
  EXPECT_LT(s.opens(0), 5);
  EXPECT_EQ(poisson(0, 1).n_pulses(), 0u);
}

TEST(stimulator, windows_may_begin_and_end_beyond_all_times) {
  for (const double stop : {1e15, 1e18, 1e300}) {
    EXPECT_TRUE(direct_current(0, stop).current_is_active(step_t{1} << 50));
    EXPECT_FALSE(direct_current(stop, 1e308).current_is_active(step_t{1} << 40));
  }
}

}  // namespace
}  // namespace volley::runtime
