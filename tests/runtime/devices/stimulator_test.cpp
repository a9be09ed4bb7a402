#include "runtime/devices/stimulator.hpp"

#include <gtest/gtest.h>

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

TEST(stimulator, windows_may_begin_and_end_beyond_all_times) {
  for (const double stop : {1e15, 1e18, 1e300}) {
    EXPECT_TRUE(direct_current(0, stop).current_is_active(step_t{1} << 50));
    EXPECT_FALSE(direct_current(stop, 1e308).current_is_active(step_t{1} << 40));
  }
}

}  // namespace
}  // namespace volley::runtime
