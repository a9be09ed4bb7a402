#include "models/devices/pulsepacket_generator.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "tests/models/devices/heard_trains.hpp"

namespace volley::runtime {
namespace {

using namespace tests;

constexpr const char* model = "pulsepacket_generator";

class pulsepacket : public testing::TestWithParam<int> {};

INSTANTIATE_TEST_SUITE_P(vps, pulsepacket, testing::Values(1, 3));

dictionary pulses(reals times, std::int64_t activity, double sdev) {
  return {{"pulse_times", times}, {"activity", activity}, {"sdev", sdev}};
}

TEST_P(pulsepacket, spikes_without_spread_come_a_step_after_their_pulse) {
  heard_trains t(GetParam(), model, pulses({33.3, 5, 20}, 4, 0), 3);
  t.k.simulate(60.0);
  const reals expected{6.1, 6.1, 6.1, 6.1, 21.1, 21.1, 21.1, 21.1, 34.4, 34.4, 34.4, 34.4};
  for (const auto& train : t.trains()) {
    ASSERT_EQ(train.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(train[i], expected[i], 1e-9);
  }
}

TEST_P(pulsepacket, spikes_are_normally_distributed_around_their_pulses) {
  reals times;
  for (int i = 1; i <= 40; ++i) times.push_back(50 * i);
  heard_trains t(GetParam(), model, pulses(times, 60, 3), 2);
  t.k.simulate(2100.0);
  const auto trains = t.trains();
  ASSERT_EQ(trains[0].size(), 2400u);
  EXPECT_EQ(trains[0], trains[1]) << "the same for all targets";
  reals distances;
  for (const double ms : trains[0]) distances.push_back(std::remainder(ms - 1.15, 50));  // half a step and one, a delay
  double squares = 0;
  for (const double ms : distances) squares += ms * ms;
  EXPECT_NEAR(mean_of(distances), 0, 5 * 3 / std::sqrt(2400));
  EXPECT_NEAR(std::sqrt(squares / 2400), 3, 5 * 3 / std::sqrt(2 * 2400));
  auto direct = t.k.times(t.direct);
  ASSERT_EQ(direct.size(), 2400u);
  for (std::size_t i = 0; i < direct.size(); ++i) EXPECT_NEAR(direct[i] + 1, trains[0][i], 1e-9);
}

TEST_P(pulsepacket, pulses_at_one_time_are_independent) {
  heard_trains two(GetParam(), model, pulses({50, 50}, 5, 5), 1), one(GetParam(), model, pulses({50}, 5, 5), 1);
  for (auto* t : {&two, &one}) t->k.simulate(150.0);
  const auto all = two.trains()[0], of_one = one.trains()[0];
  EXPECT_EQ(all.size(), 10u);
  EXPECT_TRUE(std::ranges::includes(all, of_one));
  EXPECT_NE(all, (reals{of_one[0], of_one[0], of_one[1], of_one[1], of_one[2], of_one[2], of_one[3], of_one[3],
                        of_one[4], of_one[4]}));
}

TEST_P(pulsepacket, a_change_acts_on_what_is_still_to_come) {
  heard_trains changed(GetParam(), model, pulses({20, 60, 100}, 30, 2), 1),
      same(GetParam(), model, pulses({20, 60, 100}, 30, 2), 1);
  for (auto* t : {&changed, &same}) t->k.simulate(60.3);
  same.k.set(same.generator, {{"label", "the same"}, {"sdev", 2.0}});
  changed.k.set(changed.generator, pulses({20, 60, 100, 140}, 7, 0));
  for (auto* t : {&changed, &same}) t->k.simulate(100.0);
  const auto a = changed.trains()[0], b = same.trains()[0];
  ASSERT_EQ(b.size(), 90u) << "a change of nothing draws nothing anew";
  const auto before = [](const reals& train) {
    return reals(train.begin(), std::ranges::upper_bound(train, 61.35));  // the delay is 1 ms
  };
  EXPECT_EQ(before(a), before(b));
  EXPECT_LT(before(a).size(), 60u);
  reals after(a.begin() + static_cast<std::ptrdiff_t>(before(a).size()), a.end());
  ASSERT_EQ(after.size(), 14u);
  for (std::size_t i = 0; i < 14; ++i) EXPECT_NEAR(after[i], i < 7 ? 101.1 : 141.1, 1e-9);
}

TEST_P(pulsepacket, spikes_before_the_begin_and_outside_the_window_are_lost) {
  heard_trains t(GetParam(), model, pulses({0, 50}, 1000, 10), 1);
  t.k.set(t.generator, {{"start", 40.0}, {"stop", 60.0}});
  t.k.simulate(30.0);
  EXPECT_TRUE(t.trains()[0].empty());
  t.k.simulate(100.0);
  const auto train = t.trains()[0];
  EXPECT_NEAR(static_cast<double>(train.size()), 682, 100);
  EXPECT_GE(train.front(), 41.0);
  EXPECT_LE(train.back(), 61.05);
}

TEST_P(pulsepacket, refuses_too_many_spikes_and_times_that_are_none) {
  solo_kernel k(GetParam());
  const auto g = k.create(model, 1, pulses({10, 20}, 5, 1));
  const double infinite = std::numeric_limits<double>::infinity();
  for (const std::int64_t n : {std::int64_t{-1}, std::int64_t{1} << 21, std::numeric_limits<std::int64_t>::max()})
    EXPECT_THROW(k.set(g, {{"activity", n}}), api_error) << n;
  for (const double ms : {-1.0, 1e300, infinite}) EXPECT_THROW(k.set(g, {{"sdev", ms}}), api_error) << ms;
  EXPECT_THROW(k.set(g, {{"pulse_times", reals{1e300}}}), api_error);
  EXPECT_THROW(k.set(g, {{"pulse_times", reals{infinite}}}), api_error);
  EXPECT_THROW(k.set(g, {{"activity", std::int64_t{600000}}}), api_error) << "twice as many at a time";
  k.set(g, {{"activity", std::int64_t{600000}}, {"pulse_times", reals{10, 500}}});
  EXPECT_EQ(k.get(g, "activity"), value(std::vector<std::int64_t>{600000}));
}

}  // namespace
}  // namespace volley::runtime
