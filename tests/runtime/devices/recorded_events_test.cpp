#include "runtime/devices/recorded_events.hpp"

#include <gtest/gtest.h>

namespace volley::runtime {
namespace {

using reals = std::vector<double>;
using integers = std::vector<std::int64_t>;

const time_grid grid;  // 10 steps are 1 ms

std::vector<std::string> keys(const dictionary& d) {
  std::vector<std::string> all;
  for (const auto& [key, v] : d) all.push_back(key);
  return all;
}

TEST(recorded_events, of_all_vps_come_in_one_order) {
  event_log here, there;
  here.stamps = {10, 30};
  here.senders = {4, 4};
  there.stamps = {10, 25};
  there.senders = {3, 5};
  const auto all = events_of({&here, &there}, recorder_spec{}, grid);
  EXPECT_EQ(keys(all), (std::vector<std::string>{"senders", "times"}));
  EXPECT_EQ(*all.find("senders"), value(integers{3, 4, 5, 4}));
  EXPECT_EQ(*all.find("times"), value(reals{1, 1, 2.5, 3}));
}

TEST(recorded_events, have_times_in_steps_where_these_are_wanted) {
  event_log log;
  log.stamps = {10, 25};
  log.senders = {4, 4};
  recorder_spec spec;
  spec.backend.time_in_steps = true;
  const auto all = events_of({&log}, spec, grid);
  EXPECT_EQ(*all.find("times"), value(integers{10, 25}));
  EXPECT_EQ(*all.find("offsets"), value(reals{0, 0}));
}

TEST(recorded_events, have_the_precise_times_that_they_were_recorded_with) {
  event_log log;
  log.stamps = {10, 25};
  log.senders = {4, 4};
  log.offsets_ms = {0, 0.0625};
  recorder_spec spec;
  EXPECT_EQ(*events_of({&log}, spec, grid).find("times"), value(reals{1, 2.4375}));
  spec.backend.time_in_steps = true;
  const auto all = events_of({&log}, spec, grid);
  EXPECT_EQ(*all.find("times"), value(integers{10, 25}));
  EXPECT_EQ(*all.find("offsets"), value(reals{0, 0.0625}));
}

TEST(recorded_events, of_meters_have_a_column_for_each_quantity) {
  event_log log;
  log.stamps = {10, 20};
  log.senders = {4, 4};
  log.values = {{-70, -69}, {1, 2}};
  recorder_spec spec;
  spec.kind = recorder_kind::samples;
  spec.quantities = {"V_m", "I_syn_ex"};
  const auto all = events_of({&log}, spec, grid);
  EXPECT_EQ(*all.find("V_m"), value(reals{-70, -69}));
  EXPECT_EQ(*all.find("I_syn_ex"), value(reals{1, 2}));
}

TEST(recorded_events, of_states_are_whole_numbers) {
  event_log log;
  log.stamps = {20, 10};
  log.senders = {4, 5};
  log.values = {{1, 0}};
  recorder_spec spec;
  spec.kind = recorder_kind::states;
  const auto all = events_of({&log}, spec, grid);
  EXPECT_EQ(*all.find("senders"), value(integers{5, 4}));
  EXPECT_EQ(*all.find("state"), value(integers{0, 1}));
  EXPECT_EQ(*events_of({}, spec, grid).find("state"), value(integers{}));
}

TEST(recorded_events, of_weights_name_the_connection) {
  event_log log;
  log.stamps = {20, 10};
  log.senders = {4, 5};
  log.values = {{2.5, 3.5}};
  log.targets = {7, 8};
  log.receptors = {0, 1};
  log.ports = {2, 3};
  recorder_spec spec;
  spec.kind = recorder_kind::weights;
  const auto all = events_of({&log}, spec, grid);
  EXPECT_EQ(*all.find("senders"), value(integers{5, 4}));
  EXPECT_EQ(*all.find("weights"), value(reals{3.5, 2.5}));
  EXPECT_EQ(*all.find("targets"), value(integers{8, 7}));
  EXPECT_EQ(*all.find("receptors"), value(integers{1, 0}));
  EXPECT_EQ(*all.find("ports"), value(integers{3, 2}));
}

}  // namespace
}  // namespace volley::runtime
