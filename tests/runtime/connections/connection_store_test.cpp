#include "runtime/connections/connection_store.hpp"

#include <gtest/gtest.h>

namespace volley::runtime {
namespace {

segment make_segment(std::uint64_t begin, std::uint64_t count, std::uint64_t delay, input_form form = input_form::sum) {
  segment r{};
  r.begin = begin;
  r.count = count;
  r.delay_steps = delay;
  r.form = static_cast<std::uint64_t>(form);
  return r;
}

struct source_segments {
  std::uint64_t source;
  std::vector<placed_segment> segments;
};

void add(connection_store& s, const std::vector<source_segments>& rows) {
  connection_store::row_writer writer(s);
  for (const auto& row : rows) writer.add(row.source, row.segments);
  writer.finish();
}

TEST(slot_column, stays_narrow_until_a_slot_needs_more) {
  slot_column c;
  c.grow(2, 0x10000);
  c.set(0, input_slot(0xffff));
  c.set(1, input_slot(7));
  EXPECT_FALSE(c.wide());
  c.grow(3, 0x10001);
  c.set(2, input_slot(0x10000));
  EXPECT_TRUE(c.wide());
  EXPECT_EQ(c[0], input_slot(0xffff));
  EXPECT_EQ(c[1], input_slot(7));
  EXPECT_EQ(c[2], input_slot(0x10000));
  c.write(1, std::vector<std::uint32_t>{8, 9});
  std::vector<std::uint32_t> read(3);
  c.read(0, read);
  EXPECT_EQ(read, (std::vector<std::uint32_t>{0xffff, 8, 9}));
}

TEST(connection_store, keeps_rows_in_order_of_delay_then_form_then_creation) {
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

TEST(connection_store, stores_equal_weights_once) {
  connection_store s(false, 0);
  EXPECT_EQ(s.shared_weight_index(2.5), s.shared_weight_index(2.5));
  EXPECT_NE(s.shared_weight_index(2.5), s.shared_weight_index(-2.5));
  EXPECT_NE(s.shared_weight_index(0.0), s.shared_weight_index(-0.0));
}

TEST(connection_store, connections_born_together_share_their_traces) {
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

TEST(connection_store, rows_below_and_above_the_added_ones_stay) {
  connection_store s(false, 0);
  add(s, {{1, {{make_segment(0, 2, 5), 0, 0}}}, {7, {{make_segment(2, 3, 5), 0, 0}}}});
  add(s, {{4, {{make_segment(5, 1, 5), 0, 0}}}});
  for (const auto& [source, count] : {std::pair{1u, 2u}, {4u, 1u}, {7u, 3u}}) {
    ASSERT_EQ(s.row(source).size(), 1u) << source;
    EXPECT_EQ(s.row(source)[0].count, count);
  }
  EXPECT_EQ(s.source_limit(), 8u);
}

TEST(connection_store, finds_parameter_sets_again_also_after_they_changed) {
  connection_store s(true, 1);
  const auto one = s.add_parameter_set({20.0, 0.25}), two = s.add_parameter_set({30.0, 0.25});
  EXPECT_NE(one, two);
  EXPECT_EQ(s.add_parameter_set({20.0, 0.25}), one);
  s.set_parameter_sets(1, 0.5);
  EXPECT_EQ(s.add_parameter_set({30.0, 0.5}), two);
  EXPECT_GT(s.add_parameter_set({20.0, 0.25}), two);
}

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

TEST(connection_store, a_row_that_became_shorter_stays_where_it_is) {
  auto s = two_rows();
  put(s, 1, {make_segment(0, 3, 5)}, {3, 1, 0});
  EXPECT_EQ(slots_of(s, 1), (std::vector<std::uint32_t>{3, 1, 0}));
  EXPECT_EQ(slots_of(s, 2), (std::vector<std::uint32_t>{4, 5}));
  EXPECT_EQ(s.row(1)[0].begin, 0u);
  EXPECT_EQ(s.slots().size(), 6u);
  EXPECT_EQ(s.size(), 5u);
}

TEST(connection_store, a_row_that_does_not_fit_goes_to_the_end) {
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

TEST(connection_store, what_edits_leave_behind_is_swept) {
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

TEST(connection_store, segments_of_shared_weight_get_weights_of_their_own) {
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

TEST(connection_store, tables_that_edits_fill_are_swept) {
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
}  // namespace volley::runtime
