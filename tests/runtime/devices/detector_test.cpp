// What every detector must keep, whatever it makes of spikes.
#include "runtime/devices/detector.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "runtime/base/contract.hpp"
#include "runtime/base/snapshot.hpp"
#include "runtime/devices/built_in_devices.hpp"
#include "runtime/devices/device_values.hpp"

namespace volley::runtime {
namespace {

/// Those that show what they make.
std::vector<std::size_t> all_detectors() {
  std::vector<std::size_t> some;
  for (std::size_t i = 0; i < device_kinds().size(); ++i)
    if (is_detector(device_kinds()[i].defaults) && !is_relay(device_kinds()[i].defaults)) some.push_back(i);
  return some;
}

class every_detector : public testing::TestWithParam<std::size_t> {
 protected:
  static device_params with(const device_params& params, const dictionary& values) {
    dictionary rest;
    return updated(params, values, {}, "test", rest);
  }
  detector opened(const device_params& p) const {
    detector d(p, {});
    d.make_room();
    d.open();
    return d;
  }
  /// Spikes of the steps in (after, upto], some of them late: nothing up to `late` steps before is forgotten.
  static void feed(detector& d, step_t after, step_t upto, step_t late = 0) {
    std::mt19937_64 random(static_cast<std::uint64_t>(after));
    for (step_t stamp = after + 1; stamp <= upto; ++stamp) {
      const auto n = static_cast<std::uint32_t>(random() % 3);
      if (n != 0) d.hear({stamp, 0, n, 0.25 * n});
      if (late != 0) d.forget(stamp - late);
    }
  }

  const device_params params = device_kinds()[GetParam()].defaults;
};

INSTANTIATE_TEST_SUITE_P(all, every_detector, testing::ValuesIn(all_detectors()),
                         [](const auto& info) { return std::string(device_kinds()[info.param].name); });

TEST(detector, there_are_some_and_others_are_none) {
  EXPECT_GE(all_detectors().size(), 3u);
  EXPECT_THROW(detector(parameters_of<devices::spike_recorder>(), {}), broken_contract);
  EXPECT_THROW(detector(parameters_of<devices::poisson_generator>(), {}), broken_contract);
}

TEST_P(every_detector, shows_a_key_for_each_row_of_its_table) {
  const auto results = opened(params).results();
  const auto keys = shown_keys(params);
  ASSERT_EQ(results.size(), keys.size());
  for (const auto& key : keys) EXPECT_TRUE(results.contains(key)) << key;
  for (const auto& key : names_of(params)) EXPECT_FALSE(results.contains(key)) << key;
  EXPECT_EQ(names_of(params).empty(), false);
}

TEST_P(every_detector, results_are_empty_before_a_run_and_zeros_before_a_spike) {
  detector d(params, {});
  d.make_room();
  EXPECT_EQ(d.results(), no_results(params));
  d.open();
  EXPECT_FALSE(d.results() == no_results(params));
}

TEST_P(every_detector, has_as_many_numbers_as_it_says) {
  std::size_t numbers = 0;
  for (const auto& [key, v] : opened(params).results()) {
    if (const auto* reals = v.get_if<std::vector<double>>()) numbers += reals->size();
    if (const auto* matrices = v.get_if<std::vector<value>>())
      for (const auto& m : *matrices) numbers += m.get_if<matrix>()->data.size();
  }
  EXPECT_EQ(static_cast<double>(numbers), numbers_of(params));
  EXPECT_GE(opened(params).bytes(), numbers * sizeof(double));
  EXPECT_EQ(detector(params, {}).bytes(), 0u);
}

TEST_P(every_detector, what_it_forgets_does_not_matter) {
  auto all = opened(params), some = opened(params);
  feed(all, 0, 2000);
  feed(some, 0, 2000, 7);
  EXPECT_EQ(some.results(), all.results());
  EXPECT_LT(bytes_of(some).size(), bytes_of(all).size());
}

TEST_P(every_detector, goes_through_bytes_and_on_with_the_same_bits) {
  auto d = opened(params);
  feed(d, 0, 300, 1);
  const auto bytes = bytes_of(d);
  auto back = object_of<detector>(bytes);
  EXPECT_EQ(bytes_of(back), bytes);
  EXPECT_EQ(back.results(), d.results());
  feed(d, 300, 400, 1);
  feed(back, 300, 400, 1);
  EXPECT_EQ(back.results(), d.results());
}

TEST_P(every_detector, is_not_read_from_bytes_that_are_none) {
  auto d = opened(params);
  feed(d, 0, 50, 1);
  const auto bytes = bytes_of(d);
  for (std::size_t n = 0; n < bytes.size(); ++n)
    EXPECT_THROW(object_of<detector>(std::span(bytes).first(n)), std::invalid_argument) << n;
}

TEST_P(every_detector, goes_on_with_its_results_unless_their_shape_changes) {
  auto d = opened(params);
  feed(d, 0, 300);
  const auto results = d.results();
  const auto next = [&](const dictionary& values, bool anew = false) {
    detector after(with(params, values), {});
    auto before = d;
    after.follow(before, anew);
    after.take(std::move(before));
    EXPECT_TRUE(after.has_room());
    return after.results();
  };
  EXPECT_EQ(next({{"Tstop", 500.0}}), results);
  EXPECT_EQ(next({}, true), opened(params).results());
  const auto longer = with(params, {{"tau_max", 20.0}});
  EXPECT_EQ(next({{"tau_max", 20.0}}), opened(longer).results());
}

TEST_P(every_detector, hears_on_receptors_that_are_there) {
  auto d = opened(params);
  EXPECT_THROW(d.hear({1, static_cast<std::uint32_t>(receptors_of(params)), 1, 1}), broken_contract);
  detector without(params, {});
  EXPECT_THROW(without.hear({1, 0, 1, 1}), broken_contract);
}

TEST_P(every_detector, on_other_vps_takes_no_room) {
  detector d(params, {});
  EXPECT_FALSE(d.has_room());
  d.forget(100);
  d.open();
  const auto bytes = bytes_of(d);
  EXPECT_LT(bytes.size(), 300u);
  EXPECT_EQ(bytes_of(object_of<detector>(bytes)), bytes);
  auto here = opened(params);
  feed(here, 0, 300);
  EXPECT_EQ(bytes_of(here.without_results()), bytes);
  EXPECT_TRUE(here.has_room());
}

}  // namespace
}  // namespace volley::runtime
