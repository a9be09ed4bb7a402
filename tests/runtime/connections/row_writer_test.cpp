// Rows that calls add to.
#include <gtest/gtest.h>

#include "tests/runtime/connections/written_rows.hpp"

namespace volley::runtime::tests {
namespace {

TEST(row_writer, keeps_rows_in_order_of_delay_then_form_then_creation) {
  connection_store s(false, 0);
  add(s, {{1, {{make_segment(2, 1, 5), 0, 0}}},
          {3, {{make_segment(0, 1, 20), 0, 0}, {make_segment(1, 1, 10, input_form::by_sign), 0, 0}}}});
  add(s, {{3, {{make_segment(3, 1, 10), 0, 0}, {make_segment(4, 1, 20), 0, 0}}}});
  std::vector<std::uint64_t> begins;
  for (const segment& r : s.row(3)) begins.push_back(r.begin);
  EXPECT_EQ(begins, (std::vector<std::uint64_t>{3, 1, 0, 4}));
  EXPECT_EQ(s.row(1).size(), 1u);
  EXPECT_TRUE(s.row(2).empty());
  EXPECT_TRUE(s.row(99).empty());
  EXPECT_EQ(s.size(), 5u);
}

TEST(row_writer, connections_born_together_share_their_traces) {
  connection_store s(true, 1);
  const auto set = s.add_parameter_set({20.0, 0.25}), other = s.add_parameter_set({30.0, 0.0});
  add(s, {{1, {{make_segment(0, 1, 5), set, 0}, {make_segment(1, 1, 9), set, 0}, {make_segment(2, 1, 9), other, 0}}}});
  add(s, {{1, {{make_segment(3, 1, 9), set, 100}}}});
  const auto first = s.first_segment(1);
  EXPECT_EQ(s.cohort_index(first), s.cohort_index(first + 1));
  EXPECT_NE(s.cohort_index(first), s.cohort_index(first + 2));  // other parameters
  EXPECT_NE(s.cohort_index(first), s.cohort_index(first + 3));  // born later
  EXPECT_EQ(*s.traces_of(first), 0.25);
}

TEST(row_writer, connections_whose_targets_keep_times_share_no_traces_with_others) {
  connection_store s(true, 1);
  const auto set = s.add_parameter_set({20.0, 0.25});
  add(s, {{1, {{make_segment(0, 1, 5), set, 0}, {make_segment(1, 1, 5, input_form::timed), set, 0}}}});
  add(s, {{1, {{make_segment(2, 1, 6, input_form::timed_count), set, 0}, {make_segment(3, 1, 7), set, 0}}}});
  const auto first = s.first_segment(1);
  EXPECT_EQ(s.n_cohorts(), 2u);
  EXPECT_EQ(s.cohort_index(first), s.cohort_index(first + 3));
  EXPECT_EQ(s.cohort_index(first + 1), s.cohort_index(first + 2));
}

TEST(row_writer, finds_the_cohorts_of_many_sets) {
  connection_store s(true, 1);
  std::vector<placed_segment> row;
  for (std::uint64_t i = 0; i < 200; ++i)
    row.push_back({make_segment(i, 1, 1 + i / 100), s.add_parameter_set({double(i % 50), 0.25}), 0});
  add(s, {{1, row}});
  EXPECT_EQ(s.n_cohorts(), 50u);
  const auto first = s.first_segment(1);
  for (std::uint64_t i = 0; i < 200; ++i) EXPECT_EQ(s.cohort_index(first + i), s.cohort_index(first + i % 50));
  s.cohort_of(first).last_spike = 7;  // its traces are other ones from now on
  add(s, {{1, row}});
  EXPECT_EQ(s.n_cohorts(), 51u);
}

TEST(row_writer, rows_below_and_above_the_added_ones_stay) {
  connection_store s(false, 0);
  add(s, {{1, {{make_segment(0, 2, 5), 0, 0}}}, {7, {{make_segment(2, 3, 5), 0, 0}}}});
  add(s, {{4, {{make_segment(5, 1, 5), 0, 0}}}});
  for (const auto& [source, count] : {std::pair{1u, 2u}, {4u, 1u}, {7u, 3u}}) {
    ASSERT_EQ(s.row(source).size(), 1u) << source;
    EXPECT_EQ(s.row(source)[0].count, count);
  }
  EXPECT_EQ(s.source_limit(), 8u);
}

}  // namespace
}  // namespace volley::runtime::tests
