#include "runtime/devices/event_log.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "runtime/base/snapshot.hpp"

namespace volley::runtime {
namespace {

event_log log_of(std::vector<step_t> stamps, std::vector<std::uint32_t> senders, std::vector<double> values) {
  event_log l;
  l.stamps = std::move(stamps);
  l.senders = std::move(senders);
  l.values = {std::move(values)};
  return l;
}

event_log merged(const std::vector<event_log>& parts, const event_window& window = {}) {
  std::vector<const event_log*> shares;
  for (const auto& p : parts) shares.push_back(&p);
  event_log all;
  all.values.resize(1);
  event_merge events(shares, window);
  events.for_each([&](const event_log& log, std::size_t i) {
    all.stamps.push_back(log.stamps[i]);
    all.senders.push_back(log.senders[i]);
    all.values[0].push_back(log.values[0][i]);
  });
  return all;
}

TEST(event_merge, goes_by_stamp_and_sender) {
  const auto all = merged({log_of({1, 3}, {2, 2}, {12, 32}), log_of({1, 2}, {1, 5}, {11, 25})});
  EXPECT_EQ(all.stamps, (std::vector<step_t>{1, 1, 2, 3}));
  EXPECT_EQ(all.senders, (std::vector<std::uint32_t>{1, 2, 5, 2}));
  EXPECT_EQ(all.values[0], (std::vector<double>{11, 12, 25, 32}));
}

TEST(event_merge, goes_by_precise_times_within_a_step) {
  auto early = log_of({3, 3}, {2, 2}, {31, 33}), late = log_of({3}, {1}, {32});
  early.offsets_ms = {0.09, 0.01};
  late.offsets_ms = {0.05};
  EXPECT_EQ(merged({late, early}).values[0], (std::vector<double>{31, 32, 33}));
}

TEST(event_log, tells_what_its_events_take) {
  auto log = log_of({1, 2, 3}, {7, 8, 9}, {0.5, 0.6, 0.7});
  EXPECT_EQ(log.bytes_used(), 3 * (sizeof(step_t) + 4 + 8));
  log.stamps.reserve(1000);
  log.targets = log.receptors = log.ports = {1, 2, 3};
  log.offsets_ms = {0.1, 0.0, 0.1};
  EXPECT_EQ(log.bytes_used(), 3 * (sizeof(step_t) + 4 + 8 + 3 * 4 + 8));
  log.clear();
  EXPECT_EQ(log.bytes_used(), 0u);
}

TEST(event_log, gets_offsets_with_the_first_event_that_has_one) {
  auto all = log_of({1}, {7}, {0}), more = log_of({2}, {7}, {0});
  more.offsets_ms = {0.04};
  all.append(more);
  all.append(log_of({3}, {7}, {0}));
  EXPECT_EQ(all.offsets_ms, (std::vector<double>{0, 0.04, 0}));
  all.clear();
  EXPECT_EQ(all.offsets_ms.size(), 0u);
}

TEST(event_merge, sorts_a_share_and_keeps_the_order_of_equal_events) {
  const auto all = merged({log_of({4, 4, 1}, {7, 7, 7}, {1, 2, 0}), log_of({4}, {7}, {3})});
  EXPECT_EQ(all.values[0], (std::vector<double>{0, 1, 2, 3}));
}

TEST(event_merge, takes_what_is_later_than_a_stamp) {
  // The order of a share holds between stretches of a run, not within.
  const std::vector<event_log> parts{log_of({2, 1, 2, 4, 3, 5}, {7, 7, 8, 7, 7, 7}, {20, 10, 21, 40, 30, 50}),
                                     log_of({1, 3, 5}, {9, 9, 9}, {11, 31, 51})};
  const std::vector<double> all{10, 11, 20, 21, 30, 31, 40, 50, 51};
  const step_t stamps[] = {1, 1, 2, 2, 3, 3, 4, 5, 5};
  for (step_t after = 0; after < 7; ++after) {
    std::vector<double> expected;
    for (std::size_t i = 0; i < all.size(); ++i)
      if (stamps[i] > after) expected.push_back(all[i]);
    EXPECT_EQ(merged(parts, {after}).values[0], expected) << after;
  }
}

TEST(event_merge, takes_the_first_so_many_and_all_of_the_last_ones_stamp) {
  const std::vector<event_log> parts{log_of({1, 2, 2, 3}, {1, 1, 2, 1}, {10, 20, 21, 30}),
                                     log_of({2, 3}, {3, 3}, {22, 33})};
  const std::size_t sizes[] = {0, 1, 4, 4, 4, 6, 6, 6};
  for (std::size_t most = 0; most < std::size(sizes); ++most) {
    event_window window;
    window.most = most;
    EXPECT_EQ(merged(parts, window).size(), sizes[most]) << most;
  }
  EXPECT_EQ(merged(parts, {1, 2}).values[0], (std::vector<double>{20, 21, 22}));
}

TEST(event_merge, takes_nothing) {
  EXPECT_EQ(event_merge({}).size(), 0u);
  EXPECT_EQ(merged({{}, {}}).size(), 0u);
}

TEST(event_log, takes_single_events_of_others) {
  event_log from = log_of({1, 2, 3}, {7, 8, 9}, {10, 20, 30}), all;
  from.offsets_ms = {0, 0.04, 0};
  from.targets = from.receptors = from.ports = {4, 5, 6};
  for (const std::size_t i : {2, 0, 1}) all.append(from, i);
  EXPECT_EQ(all.stamps, (std::vector<step_t>{3, 1, 2}));
  EXPECT_EQ(all.values[0], (std::vector<double>{30, 10, 20}));
  EXPECT_EQ(all.ports, (std::vector<std::uint32_t>{6, 4, 5}));
  EXPECT_EQ(all.offsets_ms, (std::vector<double>{0, 0, 0.04}));
}

TEST(event_log, of_its_later_events_is_an_image_of_its_own) {
  event_log from = log_of({1, 2, 3}, {7, 8, 9}, {10, 20, 30});
  from.targets = from.receptors = from.ports = {4, 5, 6};
  from.offsets_ms = {0, 0.04, 0};
  for (std::size_t first = 0; first <= 3; ++first) {
    event_log all, later;
    for (std::size_t i = 0; i < first; ++i) all.append(from, i);
    snapshot_writer w;
    from.save_from(w, first);
    const auto bytes = w.take();
    snapshot_reader r(bytes);
    r(later);
    r.finish();
    EXPECT_EQ(later.size(), 3 - first);
    all.append(later);
    EXPECT_EQ(bytes_of(all), bytes_of(from)) << first;
  }
}

TEST(event_log, of_columns_that_do_not_fit_is_no_image) {
  event_log wrong = log_of({1, 2}, {7}, {10, 20});
  EXPECT_THROW(object_of<event_log>(bytes_of(wrong)), std::invalid_argument);
  wrong = log_of({1, 2}, {7, 8}, {10});
  EXPECT_THROW(object_of<event_log>(bytes_of(wrong)), std::invalid_argument);
  wrong = log_of({1, 2}, {7, 8}, {10, 20});
  wrong.targets = {1, 2};
  EXPECT_THROW(object_of<event_log>(bytes_of(wrong)), std::invalid_argument);
}

}  // namespace
}  // namespace volley::runtime
