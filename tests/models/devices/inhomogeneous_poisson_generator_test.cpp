#include "models/devices/inhomogeneous_poisson_generator.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "tests/models/devices/heard_trains.hpp"

namespace volley::runtime {
namespace {

using namespace tests;

constexpr const char* model = "inhomogeneous_poisson_generator";

class inhomogeneous_poisson : public testing::TestWithParam<int> {};

INSTANTIATE_TEST_SUITE_P(vps, inhomogeneous_poisson, testing::Values(1, 3));

dictionary rates(reals times, reals values) { return {{"rate_times", times}, {"rate_values", values}}; }

TEST(inhomogeneous_poisson_generator, has_a_rate_from_each_time_on) {
  using device = devices::inhomogeneous_poisson_generator;
  device::params p;
  p.before_first = 30;
  p.rate_times = {2.0, 3.0, 4.0};
  p.rate_values = {10, -5, 20};
  const auto d = device::calibrate(p, {});
  const auto rate = [&](models::step_t stamp) { return device::mean_count(p, d, stamp) * 10000; };
  for (const auto& [stamp, expected] :
       {std::pair{19, 30.0}, {20, 10}, {29, 10}, {30, 0}, {39, 0}, {40, 20}, {9999, 20}})
    EXPECT_NEAR(rate(stamp), expected, 1e-12) << stamp;
}

TEST_P(inhomogeneous_poisson, trains_follow_the_rates) {
  heard_trains t(GetParam(), model, rates({50, 250}, {1000, 200}), 10);
  t.k.simulate(501.0);
  const auto trains = t.trains();
  double first = 0, second = 0;
  for (const auto& train : trains)
    for (const double ms : train) {
      EXPECT_GT(ms, 50.95);  // the delay is 1 ms
      (ms < 250.95 ? first : second) += 1;
    }
  EXPECT_NEAR(first, 2000, 5 * std::sqrt(2000));
  EXPECT_NEAR(second, 500, 5 * std::sqrt(500));
  EXPECT_NE(trains[0], trains[1]);
}

TEST_P(inhomogeneous_poisson, new_lists_keep_the_rate_up_to_the_first_of_their_times) {
  heard_trains t(GetParam(), model, rates({0.1}, {2000}), 10);
  t.k.simulate(100.0);
  t.k.set(t.generator, rates({200}, {0}));
  t.k.simulate(100.0);
  t.k.set(t.generator, {{"label", "silent"}});
  t.k.simulate(100.0);
  double late = 0;
  for (const auto& train : t.trains())
    for (const double ms : train) {
      EXPECT_LT(ms, 201.05);
      late += ms > 101.05;
    }
  EXPECT_NEAR(late, 2000, 5 * std::sqrt(2000));
}

TEST_P(inhomogeneous_poisson, times_are_given_with_rates_rising_and_in_the_future) {
  solo_kernel k(GetParam());
  const auto g = k.create(model, 1, rates({10, 20}, {5, 6}));
  k.connect(g, k.create("parrot_neuron"));
  k.simulate(15.0);
  const auto why = [&](const dictionary& values) { return refusal_of([&] { k.set(g, values); }); };
  const auto has = [](const std::string& text, const char* part) { return text.find(part) != text.npos; };
  EXPECT_TRUE(has(why({{"rate_times", reals{30}}}), "Rate times and values must be reset together"));
  EXPECT_TRUE(has(why({{"rate_values", reals{30}}}), "Rate times and values must be reset together"));
  EXPECT_TRUE(has(why(rates({30, 31}, {1})), "have to be the same size"));
  EXPECT_TRUE(has(why(rates({30, 30}, {1, 2})), "Rate times must be strictly increasing"));
  EXPECT_TRUE(has(why(rates({31, 30}, {1, 2})), "Rate times must be strictly increasing"));
  EXPECT_TRUE(has(why(rates({15, 30}, {1, 2})), "Time points must lie strictly in the future."));
  EXPECT_TRUE(has(why(rates({-3, 30}, {1, 2})), "Time points must lie strictly in the future."));
  EXPECT_TRUE(has(why(rates({30.04}, {1})), "Time point 30.04 is not representable in current resolution"));
  EXPECT_TRUE(has(why({{"allow_offgrid_times", true}}),
                  "Option can only be set together with rate times or if no rate times have been set"));
  EXPECT_FALSE(why(rates({30}, {3e13})).empty());
  EXPECT_FALSE(why(rates({30}, {std::numeric_limits<double>::infinity()})).empty());
  EXPECT_FALSE(why(rates({1e300}, {1})).empty());
  const auto shown = [&](const char* key) { return (*k.get(g, key).get_if<std::vector<value>>())[0]; };
  EXPECT_EQ(shown("rate_times"), value(reals{10, 20}));
  auto off_grid = rates({30.04, 30.11}, {1, 2});
  off_grid["allow_offgrid_times"] = true;
  k.set(g, off_grid);
  EXPECT_EQ(shown("rate_times"), value(reals{30.1, 30.2}));
  EXPECT_FALSE(why(rates({30.04, 30.06}, {1, 2})).empty()) << "both become the same step";
  k.set(g, rates({}, {}));
}

TEST_P(inhomogeneous_poisson, the_last_rate_goes_on_without_lists) {
  heard_trains t(GetParam(), model, rates({0.1}, {2000}), 5);
  t.k.simulate(50.0);
  t.k.set(t.generator, rates({}, {}));
  t.k.simulate(100.0);
  EXPECT_NEAR(static_cast<double>(count_of(t.trains())), 5 * 298, 5 * std::sqrt(1500));
}

}  // namespace
}  // namespace volley::runtime
