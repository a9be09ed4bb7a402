#include "runtime/event_log.hpp"

#include <gtest/gtest.h>

namespace volley::runtime {
namespace {

event_log log_of(std::vector<step_t> stamps, std::vector<std::uint32_t> senders, std::vector<double> values) {
  event_log l;
  l.stamps = std::move(stamps);
  l.senders = std::move(senders);
  l.values = {std::move(values)};
  return l;
}

TEST(event_log, merges_by_stamp_and_sender) {
  const auto all = event_log::merged({log_of({1, 3}, {2, 2}, {12, 32}), log_of({1, 2}, {1, 5}, {11, 25})});
  EXPECT_EQ(all.stamps, (std::vector<step_t>{1, 1, 2, 3}));
  EXPECT_EQ(all.senders, (std::vector<std::uint32_t>{1, 2, 5, 2}));
  EXPECT_EQ(all.values[0], (std::vector<double>{11, 12, 25, 32}));
}

TEST(event_log, keeps_the_order_of_equal_events) {
  const auto all = event_log::merged({log_of({4, 4, 1}, {7, 7, 7}, {1, 2, 0})});
  EXPECT_EQ(all.values[0], (std::vector<double>{0, 1, 2}));
}

TEST(event_log, merges_nothing) {
  EXPECT_EQ(event_log::merged({}).size(), 0u);
  EXPECT_EQ(event_log::merged({{}, {}}).size(), 0u);
}

}  // namespace
}  // namespace volley::runtime
