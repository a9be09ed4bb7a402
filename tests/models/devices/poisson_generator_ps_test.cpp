#include "models/devices/poisson_generator_ps.hpp"

#include <gtest/gtest.h>

#include "tests/models/devices/heard_trains.hpp"

namespace volley::runtime {
namespace {

using namespace tests;

/// One generator onto relays that keep times.
struct precise_trains {
  solo_kernel k;
  node_set generator, relays, recorder, direct;
  precise_trains(int vps, const dictionary& parameters, std::int64_t n) : k(vps) {
    generator = k.create("poisson_generator_ps", 1, parameters);
    relays = k.create("parrot_neuron_ps", n);
    recorder = k.create("spike_recorder");
    direct = k.create("spike_recorder");
    k.connect(generator, relays);
    k.connect(relays, recorder);
    k.connect(generator, direct);
  }
  std::map<std::int64_t, reals> trains() {
    std::map<std::int64_t, reals> by_sender;
    const auto times = k.times(recorder);
    const auto senders = k.senders(recorder);
    for (std::size_t i = 0; i < times.size(); ++i) by_sender[senders[i]].push_back(times[i]);
    return by_sender;
  }
  reals intervals() {
    std::vector<reals> all;
    for (const auto& [sender, train] : trains()) all.push_back(train);
    return intervals_of(all);
  }
};

class poisson_ps : public testing::TestWithParam<int> {};

INSTANTIATE_TEST_SUITE_P(vps, poisson_ps, testing::Values(1, 3));

TEST_P(poisson_ps, intervals_are_exponential_on_no_grid) {
  precise_trains t(GetParam(), {{"rate", 8000.0}}, 10);
  t.k.simulate(500.0);
  const auto intervals = t.intervals();
  EXPECT_NEAR(mean_of(intervals), 0.125, 5 * 0.125 / std::sqrt(40000));
  EXPECT_NEAR(cv_of(intervals), 1, 0.02);
  EXPECT_LT(*std::ranges::min_element(intervals), 1e-4);
  EXPECT_GT(*std::ranges::min_element(intervals), 0);
}

TEST_P(poisson_ps, no_interval_is_shorter_than_the_dead_time) {
  precise_trains t(GetParam(), {{"rate", 100.0}, {"dead_time", 4.0}}, 20);
  t.k.simulate(5000.0);
  const auto intervals = t.intervals();
  EXPECT_NEAR(mean_of(intervals), 10, 5 * 6 / std::sqrt(10000));
  EXPECT_NEAR(cv_of(intervals), 0.6, 0.02);
  EXPECT_GE(*std::ranges::min_element(intervals), 4);
}

TEST_P(poisson_ps, trains_are_in_equilibrium_from_their_begin) {
  precise_trains t(GetParam(), {{"rate", 100.0}, {"dead_time", 8.0}, {"start", 20.0}}, 3000);
  t.k.simulate(25.0);  // 4 ms of the mean interval of 10 ms, with the delay
  double n = 0;
  for (const auto& [sender, train] : t.trains()) {
    n += static_cast<double>(train.size());
    EXPECT_GT(train.front(), 21);
  }
  EXPECT_NEAR(n, 3000 * 0.4, 5 * std::sqrt(720));
}

TEST_P(poisson_ps, a_recorder_hears_times_and_a_node_of_the_grid_steps) {
  precise_trains t(GetParam(), {{"rate", 400.0}}, 1);
  const auto grid = t.k.create("parrot_neuron"), of_grid = t.k.create("spike_recorder");
  t.k.connect(t.generator, grid);
  t.k.connect(grid, of_grid);
  t.k.simulate(200.0);
  const auto is_on_grid = [](double ms) { return std::abs(ms * 10 - std::round(ms * 10)) < 1e-9; };
  EXPECT_TRUE(std::ranges::all_of(t.k.times(of_grid), is_on_grid));
  EXPECT_GT(t.k.times(of_grid).size(), 40u);
  EXPECT_TRUE(std::ranges::none_of(t.k.times(t.direct), is_on_grid));
  EXPECT_GT(t.k.times(t.direct).size(), 40u);
}

/// What a recorder hears of a generator that is off from 20 to 30 ms, and has another rate from 50 ms on.
reals heard_at(std::int64_t tics_per_ms, double resolution) {
  solo_kernel k;
  k.set_status({{"tics_per_ms", tics_per_ms}, {"resolution", resolution}});
  const auto generator = k.create("poisson_generator_ps", 1, {{"rate", 9000.0}, {"dead_time", 0.01}, {"stop", 20.0}});
  const auto recorder = k.create("spike_recorder");
  k.connect(generator, recorder);
  k.simulate(20);
  k.set(generator, {{"start", 30.0}, {"stop", 100.0}});
  k.simulate(30);
  k.set(generator, {{"rate", 20000.0}});
  k.simulate(20);
  return k.times(recorder);
}

TEST(poisson_generator_ps, times_do_not_depend_on_the_resolution) {
  for (const auto& [tics_per_ms, resolutions] :
       {std::pair{1000, reals{0.1, 1.0, 0.04, 0.01, 0.001}}, {1 << 12, reals{1, 0x1p-4, 0x1p-12}}}) {
    const auto expected = heard_at(tics_per_ms, resolutions[0]);
    EXPECT_GT(expected.size(), 600u);
    EXPECT_TRUE(std::ranges::none_of(expected, [](double ms) { return ms > 20 && ms <= 30; }));
    for (const double resolution : resolutions) {
      const auto times = heard_at(tics_per_ms, resolution);
      ASSERT_EQ(times.size(), expected.size()) << resolution;
      for (std::size_t i = 0; i < times.size(); ++i) ASSERT_NEAR(times[i], expected[i], 5e-14) << resolution;
    }
  }
}

TEST(poisson_generator_ps, trains_of_another_begin_are_others) {
  const models::train_draws of_train({1, models::purpose::generator_train, 7}, 3, 0);
  EXPECT_NE(of_train.before_spike(0, 0).uniform(), of_train.before_spike(0, 1).uniform());
  EXPECT_NE(of_train.before_spike(0, 0).uniform(), of_train.before_spike(1, 0).uniform());
  EXPECT_EQ(of_train.before_spike(5, 9).uniform(), of_train.before_spike(5, 9).uniform());
}

TEST(poisson_generator_ps, dead_time_is_not_above_the_mean_interval) {
  solo_kernel k;
  EXPECT_FALSE(refusal_of([&] { k.create("poisson_generator_ps", 1, {{"rate", 500.0}, {"dead_time", 2.1}}); }).empty());
  EXPECT_TRUE(refusal_of([&] { k.create("poisson_generator_ps", 1, {{"rate", 500.0}, {"dead_time", 2.0}}); }).empty());
}

}  // namespace
}  // namespace volley::runtime
