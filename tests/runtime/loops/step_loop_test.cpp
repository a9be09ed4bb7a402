// What the loop does around a model's step, with a model that shows it: sums come in, are used up and leave marks.
#include "runtime/loops/step_loop.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace volley::runtime {
namespace {

/// Counts what arrives, in units of its own; spikes when a step brings more than its limit.
struct counter {
  template <class V> struct params { V unit; };
  template <class V> struct derived { V limit; };
  template <class V> struct state { V total, last; };
  template <class V> struct input { V a, b; };

  template <class V>
  static models::mask_of<V> step(const params<V>& p, const derived<V>& d, state<V>& s, const input<V>& in) {
    s.last = in.a + in.b * 100;
    s.total += s.last * p.unit;
    return s.last > d.limit;
  }
};

/// Emits what arrives.
struct repeater {
  template <class V> struct params {};
  template <class V> struct derived {};
  template <class V> struct state {};
  template <class V> struct input { V a; };
  template <class V> static V step(const params<V>&, const derived<V>&, state<V>&, const input<V>& in) { return in.a; }
};

/// Keeps its random numbers.
struct noisy {
  template <class V> struct params {};
  template <class V> struct derived {};
  template <class V> struct state { V drawn; };
  template <class V> struct input {};
  template <class V> static models::mask_of<V> step(const params<V>&, const derived<V>&, state<V>& s, const input<V>&,
                                                    models::draws<V>& random) {
    s.drawn = random.uniform(s.drawn == s.drawn);
    return s.drawn > 2;
  }
};

constexpr std::uint32_t cells = 70, width = 128, steps = 3;

struct alignas(64) column {
  double values[width] = {};
};

/// A call for `cells` cells, all of whose columns are the test's.
struct call_of_columns {
  column unit, limit, total, last, rows[2 * steps], arrived[2 * steps], counts[steps];
  std::uint64_t spikes[steps * width / 64] = {};
  std::vector<column_view> params, derived;
  std::vector<double*> state{total.values, last.values}, row_places, arrived_places;

  call_of_columns() {
    for (auto& row : rows) row_places.push_back(row.values);
    for (auto& row : arrived) arrived_places.push_back(row.values);
    for (double& x : unit.values) x = 2;
    for (double& x : limit.values) x = 1000;
  }
  step_call call(bool params_vary = false, bool derived_vary = false) {
    params = {{unit.values, params_vary ? ~0u : 0u}};
    derived = {{limit.values, derived_vary ? ~0u : 0u}};
    return {.params = params.data(),
            .derived = derived.data(),
            .params_vary = params_vary,
            .derived_vary = derived_vary,
            .state = state.data(),
            .entries = nullptr,
            .rows = row_places.data(),
            .arrived = nullptr,
            .spikes = spikes,
            .counts = counts[0].values,
            .offsets = nullptr,
            .timed = nullptr,
            .first_slot = 0,
            .sent = {},
            .cells = cells,
            .steps = steps,
            .seed = 7,
            .first_step = 40,
            .first_id = 5,
            .id_stride = 3};
  }
  bool spiked(std::uint32_t lag, std::uint32_t cell) const {
    return spikes[lag * width / 64 + cell / 64] >> cell % 64 & 1;
  }
};

template <class Isa> class step_loop_test : public testing::Test {
 protected:
  using V = models::lanes<Isa>;
};
using sets = testing::Types<models::isa::scalar, models::isa::sse2>;
TYPED_TEST_SUITE(step_loop_test, sets);

TYPED_TEST(step_loop_test, rows_are_read_by_member_and_step_and_left_empty) {
  call_of_columns c;
  c.rows[0].values[66] = 1;          // a, step 0
  c.rows[2].values[66] = 2;          // a, step 2
  c.rows[steps + 1].values[66] = 3;  // b, step 1
  c.row_places[1] = nullptr;
  run_steps<counter, typename TestFixture::V>(c.call());
  EXPECT_EQ(c.total.values[66], 2 * (1 + 300 + 2));
  EXPECT_EQ(c.last.values[66], 2);
  EXPECT_EQ(c.total.values[65], 0);
  for (const column& row : c.rows)
    for (const double x : row.values) ASSERT_EQ(x, 0);
}

TYPED_TEST(step_loop_test, what_arrived_is_added_and_used_up) {
  call_of_columns c;
  c.rows[0].values[3] = 1;
  c.arrived[0].values[3] = 10;
  c.arrived[steps + 2].values[3] = 5;
  step_call call = c.call();
  call.arrived = c.arrived_places.data();
  run_steps<counter, typename TestFixture::V>(call);
  EXPECT_EQ(c.total.values[3], 2 * (11 + 500));
  for (const column& row : c.arrived)
    for (const double x : row.values) ASSERT_EQ(x, 0);
}

TYPED_TEST(step_loop_test, a_spike_is_a_bit_of_its_step_and_cell) {
  call_of_columns c;
  c.rows[0].values[0] = c.rows[1].values[63] = c.rows[1].values[64] = c.rows[2].values[69] = 2000;
  run_steps<counter, typename TestFixture::V>(c.call());
  for (std::uint32_t lag = 0; lag < steps; ++lag)
    for (std::uint32_t cell = 0; cell < cells; ++cell)
      EXPECT_EQ(c.spiked(lag, cell),
                (lag == 0 && cell == 0) || (lag == 1 && (cell == 63 || cell == 64)) || (lag == 2 && cell == 69))
          << lag << " " << cell;
}

TYPED_TEST(step_loop_test, columns_are_read_by_cell_where_they_vary) {
  for (const bool derived_vary : {false, true}) {
    call_of_columns c;
    for (std::uint32_t cell = 0; cell < width; ++cell) {
      c.rows[0].values[cell] = 1;
      c.unit.values[cell] = cell;
      if (derived_vary) c.limit.values[cell] = cell % 2;
    }
    run_steps<counter, typename TestFixture::V>(c.call(true, derived_vary));
    for (std::uint32_t cell = 0; cell < cells; ++cell) {
      ASSERT_EQ(c.total.values[cell], cell);
      ASSERT_EQ(c.spiked(0, cell), derived_vary && cell % 2 == 0);
    }
  }
}

TYPED_TEST(step_loop_test, one_value_for_all_is_read_from_the_first_line_alone) {
  call_of_columns c;
  for (std::uint32_t cell = 8; cell < width; ++cell) c.unit.values[cell] = c.limit.values[cell] = -1;
  for (double& x : c.rows[0].values) x = 1;
  run_steps<counter, typename TestFixture::V>(c.call());
  EXPECT_EQ(c.total.values[cells - 1], 2);
  EXPECT_FALSE(c.spiked(0, cells - 1));
}

TYPED_TEST(step_loop_test, counts_are_stored_and_marked_where_there_are_any) {
  call_of_columns c;
  for (column& count : c.counts)
    for (double& x : count.values) x = -1;
  c.rows[1].values[66] = 2;
  run_steps<repeater, typename TestFixture::V>(c.call());
  EXPECT_EQ(c.counts[1].values[66], 2);
  EXPECT_EQ(c.counts[0].values[66], 0);
  EXPECT_TRUE(c.spiked(1, 66));
  EXPECT_FALSE(c.spiked(0, 66));
  EXPECT_FALSE(c.spiked(1, 65));
}

TYPED_TEST(step_loop_test, random_numbers_belong_to_the_node_and_the_step) {
  call_of_columns c;
  run_steps<noisy, typename TestFixture::V>(c.call());
  for (const std::uint64_t cell : {0, 1, 69}) {
    models::draws<double> random(7, 5 + 3 * cell, 40 + steps - 1);
    EXPECT_EQ(c.total.values[cell], random.uniform(true)) << cell;
  }
}

}  // namespace
}  // namespace volley::runtime
