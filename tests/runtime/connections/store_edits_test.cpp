// Rows of a store that are replaced where they lie, and what is swept.
#include <gtest/gtest.h>

#include "tests/runtime/connections/written_rows.hpp"

namespace volley::runtime::tests {
namespace {

/// Replaces a static row by segments of connections to `slots`, all of one shared weight.
void put(connection_store& s, std::uint64_t source, const std::vector<segment>& segments,
         const std::vector<std::uint32_t>& slots) {
  const connection_store::row_content content{segments, {}, slots, {}};
  s.make_room(s.room_for(source, content));
  s.put_row(source, content);
  s.end_edit();
}

std::vector<std::uint32_t> slots_of(const connection_store& s, std::uint64_t source) {
  std::vector<std::uint32_t> slots;
  for (const segment& r : s.row(source))
    for (std::uint64_t i = 0; i < r.count; ++i) slots.push_back(s.slot(r, i).index());
  return slots;
}

/// Two sources with the connections 0..3 and 4..5.
connection_store two_rows() {
  connection_store s(false, 0);
  s.slots().grow(6, 64);
  for (std::uint32_t i = 0; i < 6; ++i) s.slots().set(i, input_slot(i));
  s.shared_weight_index(2.0);
  add(s, {{1, {{make_segment(0, 4, 5), 0, 0}}}, {2, {{make_segment(4, 2, 5), 0, 0}}}});
  return s;
}

TEST(store_edits, a_row_that_became_shorter_stays_where_it_is) {
  auto s = two_rows();
  put(s, 1, {make_segment(0, 3, 5)}, {3, 1, 0});
  EXPECT_EQ(slots_of(s, 1), (std::vector<std::uint32_t>{3, 1, 0}));
  EXPECT_EQ(slots_of(s, 2), (std::vector<std::uint32_t>{4, 5}));
  EXPECT_EQ(s.row(1)[0].begin, 0u);
  EXPECT_EQ(s.slots().size(), 6u);
  EXPECT_EQ(s.size(), 5u);
}

TEST(store_edits, a_row_that_does_not_fit_goes_to_the_end) {
  auto s = two_rows();
  put(s, 1, {make_segment(0, 2, 5), make_segment(2, 3, 7)}, {8, 7, 6, 5, 4});
  EXPECT_EQ(slots_of(s, 1), (std::vector<std::uint32_t>{8, 7, 6, 5, 4}));
  EXPECT_EQ(slots_of(s, 2), (std::vector<std::uint32_t>{4, 5}));
  EXPECT_EQ(s.row(1)[1].delay_steps, 7u);
  EXPECT_EQ(s.size(), 7u);
  put(s, 1, {}, {});
  EXPECT_TRUE(s.row(1).empty());
  EXPECT_EQ(s.size(), 2u);
}

TEST(store_edits, what_edits_leave_behind_is_swept) {
  auto s = two_rows();
  std::vector<std::uint32_t> slots{1, 2};
  for (std::uint32_t round = 0; round < 20'000; ++round) {
    // Longer and shorter in turn, so that the row moves each time it grows.
    slots.resize(2 + round % 2 * 5, round % 60);
    put(s, 1, {make_segment(0, 1, 5), make_segment(1, slots.size() - 1, 7)}, slots);
    ASSERT_EQ(slots_of(s, 1), slots);
    ASSERT_EQ(slots_of(s, 2), (std::vector<std::uint32_t>{4, 5}));
  }
  EXPECT_LT(s.slots().size(), 10'000u);
  EXPECT_LT(s.bytes(), 200'000u);
}

TEST(store_edits, variables_move_with_their_connections) {
  connection_store s(false, 0, false, 2);
  s.slots().grow(3, 64);
  s.variable_column() = {1, 2, 3, 4, 5, 6};
  s.shared_weight_index(2.0);
  add(s, {{1, {{make_segment(0, 2, 5), 0, 0}}}, {2, {{make_segment(2, 1, 5), 0, 0}}}});
  std::vector<double> variables;
  for (std::uint32_t round = 0; round < 10'000; ++round) {
    const std::vector<std::uint32_t> slots(1 + round % 2 * 3, 7);
    variables.assign(2 * slots.size(), round);
    const std::vector<segment> segments{make_segment(0, slots.size(), 5)};
    const connection_store::row_content content{segments, {}, slots, {}, variables};
    s.make_room(s.room_for(1, content));
    s.put_row(1, content);
    s.end_edit();
    const segment &changed = s.row(1)[0], &other = s.row(2)[0];
    ASSERT_EQ(s.variables_at(changed.begin + slots.size() - 1)[1], round);
    ASSERT_EQ(s.variables_at(other.begin)[0], 5);
    ASSERT_EQ(s.variables_at(other.begin)[1], 6);
  }
  EXPECT_LT(s.variable_column().size(), 20'000u);
}

TEST(store_edits, segments_of_shared_weight_get_weights_of_their_own) {
  auto s = two_rows();
  const auto index = s.first_segment(2);
  s.make_room({0, 2, 0, 0});
  s.promote(index);
  s.set_weight(s.row(2)[0].weight + 1, 7.0);
  s.end_edit();
  EXPECT_EQ(s.weight(s.row(2)[0], 0), 2.0);
  EXPECT_EQ(s.weight(s.row(2)[0], 1), 7.0);
  EXPECT_EQ(s.weight(s.row(1)[0], 3), 2.0);
}

TEST(store_edits, tables_that_edits_fill_are_swept) {
  connection_store s(true, 1);
  s.slots().grow(3, 64);
  s.weight_column().resize(3, 1.0);
  auto first = make_segment(0, 2, 5), second = make_segment(2, 1, 5);
  first.varied = second.varied = 1;
  second.weight = 2;
  const auto set = s.add_parameter_set({20.0, 0.25});
  add(s, {{1, {{first, set, 0}}}, {2, {{second, set, 0}}}});
  const auto initial = s.bytes();
  for (int round = 0; round < 20'000; ++round) {
    const std::vector<double> traces{double(round)};
    const auto changed = s.add_parameter_set({double(round), 0.25});
    s.make_room({0, 0, 0, 1});
    s.clone_cohort(s.cohort_index(s.first_segment(1)));
    s.set_cohort(s.n_cohorts() - 1, changed, traces);
    const std::vector<std::uint32_t> slots{1, 2}, cohorts{s.n_cohorts() - 1};
    const std::vector<double> weights{3.0, 4.0};
    const std::vector<segment> segments{first};
    s.put_row(1, {segments, cohorts, slots, weights});
    s.end_edit();
    ASSERT_EQ(*s.traces_of(s.first_segment(1)), traces[0]);
    ASSERT_EQ(s.parameter_set(s.cohort_of(s.first_segment(1)).parameters)[0], double(round));
    ASSERT_EQ(*s.traces_of(s.first_segment(2)), 0.25);
    ASSERT_EQ(s.parameter_set(s.cohort_of(s.first_segment(2)).parameters)[0], 20.0);
  }
  EXPECT_LT(s.bytes(), initial + 400'000);
  EXPECT_LT(s.n_cohorts(), 2000u);
}

}  // namespace
}  // namespace volley::runtime::tests
