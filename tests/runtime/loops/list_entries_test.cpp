#include "runtime/loops/list_entries.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "models/core/lanes.hpp"

namespace volley::runtime {
namespace {

using V = models::lanes<models::isa::sse2>;
using O = models::ops<V>;

constexpr std::uint32_t cells = 64;

/// A model of one member each, with two lists: the first locked, of two members; the second of one.
struct listed {
  template <class T> struct params { T a; };
  template <class T> struct state { T s; };
  template <class T> struct derived { T d; };
  template <class T> struct input { T i; };
  struct first {
    template <class T> struct params { T p, q; };
    template <class T> struct state { T x; };
    template <class T> struct derived { T d; };
    template <class T> struct input { T i; };
    static constexpr std::string_view lock_key = "lock";
  };
  struct second {
    template <class T> struct params { T p; };
    template <class T> struct state { T x; };
    template <class T> struct derived {};
    template <class T> struct input {};
  };
  using lists = models::lists_of<first, second>;
};

/// Columns whose values tell which they are: 1000 * column + cell.
struct list_entries : testing::Test {
  static constexpr std::uint32_t shape[] = {2, 3};
  // Params: a; length, lock; length; (p, q) twice; p three times. State: s; x twice; x three times.
  static constexpr std::size_t n_params = 1 + 2 + 1 + 4 + 3, n_derived = 1 + 2, n_state = 1 + 2 + 3, n_inputs = 1 + 2;
  static constexpr std::uint32_t steps = 2;

  std::vector<std::vector<double>> params = columns(n_params), derived = columns(n_derived), state = columns(n_state),
                                   rows = columns(n_inputs * steps);
  std::vector<column_view> param_views, derived_views;
  std::vector<double*> states, row_pointers;
  step_call call{};

  list_entries() {
    for (const auto& c : params) param_views.push_back({c.data(), ~std::uint32_t{0}});
    for (const auto& c : derived) derived_views.push_back({c.data(), ~std::uint32_t{0}});
    for (auto& c : state) states.push_back(c.data());
    for (auto& c : rows) row_pointers.push_back(c.data());
    call.params = param_views.data();
    call.derived = derived_views.data();
    call.state = states.data();
    call.entries = shape;
    call.rows = row_pointers.data();
    call.cells = cells;
    call.steps = steps;
  }
  static std::vector<std::vector<double>> columns(std::size_t n) {
    std::vector<std::vector<double>> all(n, std::vector<double>(cells));
    for (std::size_t c = 0; c < n; ++c)
      for (std::uint32_t cell = 0; cell < cells; ++cell) all[c][cell] = 1000.0 * static_cast<double>(c) + cell;
    return all;
  }
  static double lane(V v, int i) { return O::lane(v, i); }
};

TEST_F(list_entries, lie_behind_the_members_of_the_model_list_by_list) {
  block_lists<listed, V> lists(call);
  lists.at(1, 4);
  std::vector<double> seen;
  lists.pass_to([&](auto& first, auto& second) {
    EXPECT_EQ(first.size(), 2u);
    first.receive([&](const auto& p, const auto& d, const auto& s, const auto& in) {
      for (const V v : {p.p, p.q, d.d, s.x, in.i}) seen.push_back(lane(v, 1));
    });
    second.read([&](const auto& p, const auto&, const auto& s) {
      for (const V v : {p.p, s.x}) seen.push_back(lane(v, 1));
    });
  });
  // Cell 5; the input of step 1 of members 1 and 2 is in rows 3 and 5.
  EXPECT_EQ(seen, (std::vector<double>{4005, 5005, 1005, 1005, 3005, 6005, 7005, 2005, 2005, 5005, 8005, 3005, 9005,
                                       4005, 10005, 5005}));
  EXPECT_EQ(rows[3][5], 0) << "input is taken";
  EXPECT_EQ(rows[3][6], 3006);
}

TEST_F(list_entries, changes_are_stored_in_the_cells_at_hand) {
  block_lists<listed, V> lists(call);
  lists.at(0, 8);
  lists.pass_to([&](auto&, auto& second) { second.change([](const auto&, const auto&, auto& s) { s.x = -1.0; }); });
  for (std::size_t column = 3; column < n_state; ++column) {
    EXPECT_EQ(state[column][8], -1);
    EXPECT_EQ(state[column][9], -1);
    EXPECT_EQ(state[column][10], 1000.0 * static_cast<double>(column) + 10);
  }
  EXPECT_EQ(state[2][8], 2008);
}

TEST_F(list_entries, are_found_by_their_number_in_each_lane) {
  block_lists<listed, V> lists(call);
  lists.at(0, 0);
  lists.pass_to([&](auto& first, auto&) {
    const double numbers[] = {1, 0}, beyond[] = {2, -1};
    const V there = first.at(&listed::first::params<double>::q, O::load(numbers));
    EXPECT_EQ(lane(there, 0), 7000);
    EXPECT_EQ(lane(there, 1), 5001);
    const V none = first.at(&listed::first::params<double>::q, O::load(beyond));
    EXPECT_EQ(lane(none, 0), 0);
    EXPECT_EQ(lane(none, 1), 0);
  });
}

TEST_F(list_entries, share_room_for_numbers_of_a_step) {
  block_lists<listed, V> lists(call);
  lists.pass_to([&](auto& first, auto& second) {
    EXPECT_EQ(first.scratch(5).size(), 5u);
    EXPECT_EQ(second.scratch(3).data(), first.scratch(5).data());
    EXPECT_EQ(first.scratch(500).size(), 500u);
  });
}

struct without_lists {
  template <class T> struct params {};
};

TEST(no_list_entries, cost_no_argument) {
  const step_call call{};
  block_lists<without_lists, V> lists(call);
  lists.at(3, 4);
  int arguments = -1;
  lists.pass_to([&](auto&... entries) { arguments = sizeof...(entries); });
  EXPECT_EQ(arguments, 0);
}

}  // namespace
}  // namespace volley::runtime
