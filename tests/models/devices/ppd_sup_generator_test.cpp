#include "models/devices/ppd_sup_generator.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "tests/models/devices/heard_trains.hpp"

namespace volley::runtime {
namespace {

using namespace tests;

constexpr const char* model = "ppd_sup_generator";

class ppd_sup : public testing::TestWithParam<int> {};

INSTANTIATE_TEST_SUITE_P(vps, ppd_sup, testing::Values(1, 3));

TEST_P(ppd_sup, a_process_rests_after_each_spike) {
  heard_trains t(GetParam(), model, {{"rate", 50.0}, {"dead_time", 12.0}}, 20);
  t.k.simulate(5000.0);
  const auto intervals = intervals_of(t.trains());
  EXPECT_NEAR(mean_of(intervals), 20, 5 * 8 / std::sqrt(5000));
  EXPECT_NEAR(cv_of(intervals), 8.0 / 20, 0.03);  // exponential behind the dead time
  EXPECT_NEAR(*std::ranges::min_element(intervals), 12.1, 1e-9);
  EXPECT_NE(t.trains()[0], t.trains()[1]);
}

TEST_P(ppd_sup, processes_are_taken_together_and_follow_the_sine) {
  heard_trains t(GetParam(), model,
                 {{"rate", 20.0}, {"dead_time", 5.0}, {"n_proc", 10}, {"frequency", 10.0}, {"relative_amplitude", 0.8}},
                 10);
  t.k.simulate(3000.0);
  const auto trains = t.trains();
  const auto all = static_cast<double>(count_of(trains));
  EXPECT_NEAR(all, 10 * 600, 6 * std::sqrt(6000));
  double rising = 0;
  for (const auto& train : trains)
    rising += static_cast<double>(std::ranges::count_if(train, [](double ms) { return std::fmod(ms - 1, 100) < 50; }));
  EXPECT_NEAR(rising / all, 0.5 + 0.8 / M_PI, 0.05);
}

TEST_P(ppd_sup, trains_are_in_equilibrium_from_their_begin) {
  heard_trains t(GetParam(), model, {{"rate", 50.0}, {"dead_time", 16.0}}, 3000);
  t.k.simulate(5.0);
  EXPECT_NEAR(static_cast<double>(count_of(t.trains())), 3000 * 0.2, 5 * std::sqrt(600));
}

TEST(ppd_sup_generator, a_train_has_all_of_its_processes) {
  using device = devices::ppd_sup_generator;
  device::params p;
  p.rate = 400;
  p.dead_time = 1;
  p.n_proc = 70;
  const auto d = device::calibrate(p, {});
  std::vector<double> train(device::train_size(p, d));
  ASSERT_EQ(train.size(), 12u);
  for (std::uint32_t step = 1; step < 1000; ++step) {
    models::draw_sequence random({1, models::purpose::generator_train}, {1, step, 0, 0}, 3);
    device::emit(p, d, device::drive(p, d, step), train, random);
    double processes = 0;
    for (std::size_t i = 1; i < train.size(); ++i) processes += train[i];
    ASSERT_EQ(processes, 70);
  }
}

TEST(ppd_sup_generator, chances_are_never_beyond_0_and_1) {
  using device = devices::ppd_sup_generator;
  device::params p;
  p.rate = 9000;
  p.relative_amplitude = 1;
  p.frequency = 10;
  const auto d = device::calibrate(p, {});
  EXPECT_EQ(device::drive(p, d, 250), 1) << "where the sine is highest";
  EXPECT_NEAR(device::drive(p, d, 750), 0, 1e-12);
  EXPECT_NEAR(device::drive(p, d, 500), 0.9, 1e-12);
  p.frequency = std::numeric_limits<double>::infinity();
  EXPECT_EQ(device::drive(p, d, 250), 0);
  p.relative_amplitude = 0;
  EXPECT_NEAR(device::drive(p, d, 250), 0.9, 1e-12);
}

TEST_P(ppd_sup, dead_times_are_whole_steps) {
  solo_kernel k(GetParam());
  const auto g = k.create(model, 1, {{"dead_time", 2.34}});
  EXPECT_EQ(k.get(g, "dead_time"), value(reals{2.3}));
  solo_kernel coarse(GetParam());
  coarse.set_status({{"resolution", 0.5}});
  EXPECT_EQ(coarse.get(coarse.create(model, 1, {{"dead_time", 2.3}}), "dead_time"), value(reals{2.5}));
}

TEST_P(ppd_sup, refuses_what_has_no_such_trains_and_changes_nothing) {
  solo_kernel k(GetParam());
  const auto g = k.create(model, 1, {{"rate", 20.0}, {"dead_time", 20.0}});
  const double infinite = std::numeric_limits<double>::infinity();
  for (const double ms : {-1.0, 50.0, 1e9, 1e300, infinite})
    EXPECT_THROW(k.set(g, {{"dead_time", ms}}), api_error) << ms;
  for (const double rate : {-1.0, 50.0, 1e300, infinite}) EXPECT_THROW(k.set(g, {{"rate", rate}}), api_error) << rate;
  EXPECT_THROW(k.set(g, {{"rate", 0.0}, {"dead_time", 1e9}}), api_error) << "more steps than a train may have";
  for (const double a : {-0.1, 1.1, infinite}) EXPECT_THROW(k.set(g, {{"relative_amplitude", a}}), api_error) << a;
  for (const std::int64_t n : {std::int64_t{0}, std::int64_t{-5}, std::int64_t{1} << 31})
    EXPECT_THROW(k.set(g, {{"n_proc", n}}), api_error) << n;
  EXPECT_THROW(k.set(g, {{"rate", 49.8}}), api_error) << "more than one spike a step from those that are ready";
  EXPECT_EQ(k.get(g, "rate"), value(reals{20}));
  EXPECT_EQ(k.get(g, "dead_time"), value(reals{20}));
  k.set(g, {{"rate", 49.7}});
}

}  // namespace
}  // namespace volley::runtime
