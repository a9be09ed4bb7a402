#include "models/devices/mip_generator.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "tests/models/devices/heard_trains.hpp"

namespace volley::runtime {
namespace {

using namespace tests;

constexpr const char* model = "mip_generator";

class mip : public testing::TestWithParam<int> {};

INSTANTIATE_TEST_SUITE_P(vps, mip, testing::Values(1, 3));

/// Numbers of spikes in windows of so many ms.
reals counts_of(const reals& train, double window_ms, std::size_t n) {
  reals counts(n);
  for (const double ms : train)
    if (const auto i = static_cast<std::size_t>(ms / window_ms); i < n) ++counts[i];
  return counts;
}

double correlation(const reals& x, const reals& y) {
  double xy = 0, xx = 0, yy = 0;
  const double mx = mean_of(x), my = mean_of(y);
  for (std::size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - mx) * (y[i] - my);
    xx += (x[i] - mx) * (x[i] - mx);
    yy += (y[i] - my) * (y[i] - my);
  }
  return xy / std::sqrt(xx * yy);
}

TEST_P(mip, counts_are_correlated_by_the_probability_of_a_copy) {
  heard_trains t(GetParam(), model, {{"rate", 100.0}, {"p_copy", 0.3}}, 8);
  t.k.simulate(10000.0);
  const auto trains = t.trains();
  EXPECT_NEAR(static_cast<double>(count_of(trains)), 8 * 300, 5 * std::sqrt(8 * 300 * (1 + 7 * 0.3)));
  EXPECT_NEAR(cv_of(intervals_of(trains)), 1, 0.1);
  double all = 0;
  int pairs = 0;
  for (std::size_t i = 0; i < 8; ++i)
    for (std::size_t j = 0; j < i; ++j, ++pairs)
      all += correlation(counts_of(trains[i], 20, 500), counts_of(trains[j], 20, 500));
  EXPECT_NEAR(all / pairs, 0.3, 0.05);
}

TEST_P(mip, copies_are_all_or_none_at_the_ends) {
  for (const double p : {1.0, 0.0}) {
    heard_trains t(GetParam(), model, {{"rate", 3000.0}, {"p_copy", p}}, 5);
    t.k.simulate(100.0);
    const auto trains = t.trains();
    EXPECT_NEAR(static_cast<double>(trains[0].size()), p * 297, 90);
    for (const auto& train : trains) EXPECT_EQ(train, trains[0]);
  }
}

TEST_P(mip, each_of_several_spikes_of_a_step_may_be_copied) {
  heard_trains t(GetParam(), model, {{"rate", 20000.0}, {"p_copy", 0.5}}, 3);
  t.k.simulate(50.0);
  const auto direct = t.k.times(t.direct);
  EXPECT_NEAR(static_cast<double>(direct.size()), 500, 110);
  EXPECT_NE(std::ranges::adjacent_find(direct), direct.end());
}

TEST_P(mip, a_recorder_has_copies_of_its_own) {
  heard_trains t(GetParam(), model, {{"rate", 1000.0}, {"p_copy", 0.5}}, 1);
  const auto another = t.k.create("spike_recorder");
  t.k.connect(t.generator, another);
  t.k.simulate(200.0);
  EXPECT_NE(t.k.times(another), t.k.times(t.direct));
}

TEST_P(mip, refuses_what_is_no_probability_or_cannot_be_counted) {
  solo_kernel k(GetParam());
  const auto g = k.create(model, 1, {{"rate", 5.0}, {"p_copy", 0.5}});
  const double infinite = std::numeric_limits<double>::infinity();
  for (const double rate : {-1.0, 3e13, infinite}) EXPECT_THROW(k.set(g, {{"rate", rate}}), api_error) << rate;
  for (const double p : {-0.1, 1.1, infinite}) EXPECT_THROW(k.set(g, {{"p_copy", p}, {"rate", 7.0}}), api_error) << p;
  EXPECT_EQ(k.get(g, "rate"), value(reals{5}));
}

}  // namespace
}  // namespace volley::runtime
