#include "models/devices/gamma_sup_generator.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "tests/models/devices/heard_trains.hpp"

namespace volley::runtime {
namespace {

using namespace tests;

constexpr const char* model = "gamma_sup_generator";

class gamma_sup : public testing::TestWithParam<int> {};

INSTANTIATE_TEST_SUITE_P(vps, gamma_sup, testing::Values(1, 3));

TEST_P(gamma_sup, intervals_of_one_process_are_gamma_distributed) {
  heard_trains t(GetParam(), model, {{"rate", 50.0}, {"gamma_shape", 4}}, 20);
  t.k.simulate(5000.0);
  const auto intervals = intervals_of(t.trains());
  EXPECT_NEAR(mean_of(intervals), 20, 5 * 0.5 * 20 / std::sqrt(5000));
  EXPECT_NEAR(cv_of(intervals), 0.5, 0.03);
  EXPECT_NE(t.trains()[0], t.trains()[1]);
}

TEST_P(gamma_sup, processes_are_taken_together) {
  heard_trains t(GetParam(), model, {{"rate", 5.0}, {"gamma_shape", 2}, {"n_proc", 40}}, 10);
  t.k.simulate(4000.0);
  const auto trains = t.trains();
  EXPECT_NEAR(static_cast<double>(count_of(trains)), 10 * 800, 5 * std::sqrt(0.5 * 8000));
  EXPECT_NEAR(cv_of(intervals_of(trains)), 1, 0.1) << "of many processes nearly those of a Poisson process";
  reals counts;
  for (const auto& train : trains) counts.push_back(static_cast<double>(train.size()));
  EXPECT_LT(std::pow(cv_of(counts), 2) * mean_of(counts), 0.95) << "with less variance";
}

TEST_P(gamma_sup, trains_are_in_equilibrium_from_their_begin) {
  heard_trains t(GetParam(), model, {{"rate", 50.0}, {"gamma_shape", 5}}, 3000);
  t.k.simulate(5.0);  // a quarter of the mean interval, less the delay
  EXPECT_NEAR(static_cast<double>(count_of(t.trains())), 3000 * 0.2, 5 * std::sqrt(600));
}

TEST_P(gamma_sup, trains_go_on_when_the_rate_changes_and_rest_without_one) {
  heard_trains t(GetParam(), model, {{"rate", 400.0}, {"gamma_shape", 10}}, 10);
  t.k.simulate(50.3);
  t.k.set(t.generator, {{"rate", 0.0}});
  t.k.simulate(100.0);
  t.k.set(t.generator, {{"rate", 400.0}});
  t.k.simulate(50.0);
  for (auto& train : t.trains()) {
    reals awake;
    for (const double ms : train) {
      EXPECT_FALSE(ms > 51.35 && ms < 151.25) << ms;  // a delay of 1 ms
      awake.push_back(ms > 100 ? ms - 100 : ms);
    }
    EXPECT_NEAR(static_cast<double>(awake.size()), 40, 15);
    EXPECT_LT(cv_of(intervals_of({awake})), 0.7);
  }
}

TEST(gamma_sup_generator, a_train_has_all_of_its_processes) {
  devices::gamma_sup_generator::params p;
  p.rate = 1000;
  p.gamma_shape = 3;
  p.n_proc = 70;
  const auto d = devices::gamma_sup_generator::calibrate(p, {});
  std::vector<double> stages(devices::gamma_sup_generator::train_size(p, d));
  for (std::uint32_t step = 1; step < 1000; ++step) {
    models::draw_sequence random({1, models::purpose::generator_train}, {1, step, 0, 0}, 3);
    devices::gamma_sup_generator::emit(p, d, devices::gamma_sup_generator::drive(p, d, step), stages, random);
    ASSERT_EQ(stages[0] + stages[1] + stages[2], 70);
    ASSERT_GE(*std::ranges::min_element(stages), 0);
  }
}

TEST_P(gamma_sup, refuses_what_has_no_such_trains_and_changes_nothing) {
  solo_kernel k(GetParam());
  const auto g = k.create(model, 1, {{"rate", 20.0}, {"gamma_shape", 3}});
  const std::int64_t huge = std::numeric_limits<std::int64_t>::max();
  for (const std::int64_t n : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1} << 21, huge})
    EXPECT_THROW(k.set(g, {{"gamma_shape", n}}), api_error) << n;
  for (const std::int64_t n : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1} << 31, huge})
    EXPECT_THROW(k.set(g, {{"n_proc", n}}), api_error) << n;
  for (const double rate : {-1.0, 3334.0, 1e300, std::numeric_limits<double>::infinity()})
    EXPECT_THROW(k.set(g, {{"rate", rate}}), api_error) << rate;
  EXPECT_THROW(k.set(g, {{"rate", 10.0}, {"n_proc", 0}}), api_error);
  EXPECT_EQ(k.get(g, "rate"), value(reals{20}));
  EXPECT_EQ(k.get(g, "gamma_shape"), value(std::vector<std::int64_t>{3}));
  k.set(g, {{"rate", 10000.0}, {"gamma_shape", 1}, {"n_proc", (std::int64_t{1} << 31) - 1}});
}

TEST_P(gamma_sup, many_processes_are_drawn_in_bounded_time) {
  heard_trains t(GetParam(), model, {{"rate", 100.0}, {"gamma_shape", 2}, {"n_proc", std::int64_t{1} << 30}}, 1);
  const auto cell = t.k.create("iaf_psc_delta", 1, {{"V_th", 1e300}});
  t.k.connect(t.generator, cell, {{"rule", "all_to_all"}}, {{"weight", 1e-9}});
  t.k.set(t.parrots, {{"frozen", true}});
  t.k.set(t.direct, {{"start", 1000.0}});
  t.k.simulate(3.0);
  const double expected = 1e-9 * (1 << 30) * 100 * 2e-3;  // in 2 ms, hardly leaked
  EXPECT_NEAR((*t.k.get(cell, "V_m").get_if<reals>())[0] + 70, expected, 0.2 * expected);
}

}  // namespace
}  // namespace volley::runtime
