#include "runtime/shard/delivery.hpp"

#include "tests/runtime/shard/parts.hpp"

namespace volley::runtime {
namespace {

using namespace tests;

class delivery_test : public testing::Test {
 protected:
  delivery_test() : parts(layout{0, 1}) {
    parts.plan = {time_grid(), 0, 2, 4, 1};  // intervals of 2 steps, delays up to 4
    parts.cells.add(1, 3, prototype("iaf_psc_delta"), 0);
    parts.generators.add(train(4, {{1, 0.5, 1}}), false);
    parts.stores.add(synapse("static_synapse"));
  }
  void connect(const node_set& sources, double weight, double delay_ms) {
    parts.stores.connect(all_to_all(sources, ids(3, 3), weight, delay_ms));
    parts.stores.build(parts.cells, {});
    parts.delivery.fit();
  }
  void deliver(step_t boundary, const spike_batch& batch) {
    const batch_view view = batch;
    parts.delivery.deliver(boundary, {&view, 1});
  }
  /// What node 3 gets in the interval at hand, by step.
  std::vector<double> inputs() {
    clock.opened = clock.begin;
    parts.delivery.open(clock.begin);
    parts.delivery.walk(clock.begin, clock.begin + 2, clock);
    const auto input = parts.delivery.input(block_ordinal(), clock.begin, 2, clock);
    std::vector<double> sums(2);
    for (std::size_t m = 0; m < parts.cells.block(block_ordinal()).model().inputs; ++m)
      for (std::size_t lag = 0; lag < 2; ++lag)
        if (input.rows[m * 2 + lag] != nullptr) sums[lag] += std::exchange(input.rows[m * 2 + lag][2], 0.0);
    return sums;
  }
  void expect_refused(const spike_batch& batch) {
    EXPECT_THROW(deliver(2, batch), broken_contract);
    EXPECT_EQ(parts.delivery.delivered(), 0);
  }

  shard_parts parts;
  interval_clock clock{2, -1};
};

TEST_F(delivery_test, brings_spikes_to_their_targets_when_they_are_due) {
  connect(ids(1, 2), 3.0, 0.2);
  deliver(2, {{1, 2}, {1, 1, 2}, {1, 1, 5}});
  EXPECT_EQ(parts.delivery.delivered(), 2);
  EXPECT_EQ(inputs(), (std::vector<double>{3, 18}));  // a spike of update n with a delay of two acts on update n + 2
  clock.begin = 4;
  deliver(4, {{0, 0}, {}, {}});
  EXPECT_EQ(inputs(), (std::vector<double>{0, 0}));
}

TEST_F(delivery_test, adds_up_by_source_whoever_sends) {
  const double weights[] = {0.1, 0.2, 0.3};
  for (std::uint64_t source = 1; source <= 3; ++source)
    parts.stores.connect(all_to_all(ids(source, source), ids(3, 3), weights[source - 1], 0.2));
  parts.stores.build(parts.cells, {});
  parts.delivery.fit();
  deliver(2, {{3, 0}, {2, 3, 1}, {}});
  EXPECT_EQ(inputs()[0], (0.1 + 0.2) + 0.3);
  EXPECT_NE((0.1 + 0.2) + 0.3, (0.2 + 0.3) + 0.1) << "an order can be seen";
}

TEST_F(delivery_test, keeps_the_times_of_spikes_for_cells_that_do) {
  parts.cells.add(5, 6, prototype("iaf_psc_delta_ps"), 0);
  parts.stores.connect(all_to_all(ids(1, 2), ids(5, 6), 3.0, 0.2));
  parts.stores.build(parts.cells, {});
  parts.delivery.fit();
  deliver(2, {{1, 2}, {1, 1, 2}, {1, 1, 5}, {0.04, 0, 0.01}});
  clock.opened = clock.begin;
  parts.delivery.open(2);
  parts.delivery.walk(2, 4, clock);
  const auto input = parts.delivery.input(block_ordinal(1), 2, 2, clock);
  for (std::uint32_t lag = 0; lag < 2; ++lag) {
    const std::span due(input.timed[lag].first, input.timed[lag].last);
    ASSERT_EQ(due.size(), 2u);
    for (std::uint32_t cell = 0; cell < 2; ++cell) {
      EXPECT_EQ(due[cell].slot, input.first_slot + cell);
      EXPECT_EQ(due[cell].offset_ms, lag == 0 ? 0.04 : 0.01);
      EXPECT_EQ(due[cell].amount, lag == 0 ? 3 : 15);
    }
    EXPECT_EQ(input.rows[lag][0], lag == 0 ? 0 : 3) << "at the end of the step";
  }
}

TEST_F(delivery_test, adds_the_trains_that_every_vp_knows) {
  connect(ids(4, 4), 8.0, 0.2);
  deliver(2, {{0, 0}, {}, {}});
  EXPECT_EQ(inputs(), (std::vector<double>{4, 0}));
}

TEST_F(delivery_test, refuses_batches_that_count_wrong) {
  connect(ids(1, 2), 3.0, 0.2);
  expect_refused({{}, {}, {}});
  expect_refused({{1}, {1}, {}});
  expect_refused({{1, 0, 0}, {1}, {}});
  expect_refused({{1, 1}, {1}, {}});
  expect_refused({{0, 1}, {1, 2}, {}});
  expect_refused({{1, 1}, {1, 2}, {1}});
  expect_refused({{1, 1}, {1, 2}, {}, {0.1}});
  deliver(2, {{1, 0}, {1}, {}});
  EXPECT_EQ(inputs(), (std::vector<double>{3, 0}));
}

TEST_F(delivery_test, transmits_what_is_released) {
  const auto& model = synapse("tsodyks2_synapse");
  parts.stores.add(model);
  auto call = all_to_all(ids(1, 1), ids(3, 3), 8.0, 0.2, model);
  call.store = store_ordinal(1);
  parts.stores.connect(call);
  connect(ids(2, 2), 100.0, 0.2);
  deliver(2, {{1, 2}, {1, 1, 2}, {1, 2, 1}});
  // A half is used by each spike, and nothing recovers so fast.
  const auto sums = inputs();
  EXPECT_DOUBLE_EQ(sums[0], 4);
  EXPECT_NEAR(sums[1], 100 + 2 + 1, 0.01);
}

TEST_F(delivery_test, fixes_what_was_released_before_a_change) {
  const auto& model = synapse("tsodyks2_synapse");
  parts.stores.add(model);
  auto call = all_to_all(ids(1, 1), ids(3, 3), 8.0, 0.4, model);
  call.store = store_ordinal(1);
  parts.stores.connect(call);
  connect(ids(2, 2), 100.0, 0.2);
  deliver(2, {{1, 0}, {1}, {}});
  parts.delivery.before_change(2, clock);
  parts.stores.rows(store_ordinal(1)).set_shared_weights(100.0);
  EXPECT_EQ(inputs(), (std::vector<double>{0, 0}));
  clock.begin = 4;
  deliver(4, {{0, 0}, {}, {}});
  EXPECT_EQ(inputs(), (std::vector<double>{4, 0}));
}

TEST_F(delivery_test, walks_once_for_each_spike_of_a_step) {
  const auto& model = synapse("bernoulli_synapse");
  parts.stores.add(model);
  auto call = all_to_all(ids(1, 1), ids(3, 3), 8.0, 0.2, model);
  call.store = store_ordinal(1);
  parts.stores.connect(call);
  connect(ids(2, 2), 100.0, 0.2);
  deliver(2, {{1, 1}, {1, 1}, {1, 3}});
  const auto input = [&] {
    clock.opened = clock.begin;
    parts.delivery.open(clock.begin);
    return parts.delivery.input(block_ordinal(), clock.begin, 2, clock);
  }();
  EXPECT_EQ(input.arrived[0][2], 8) << "of the row of the first step";
  EXPECT_EQ(input.arrived[1][2], 24);
}

TEST_F(delivery_test, fixes_what_is_in_flight_before_a_change) {
  connect(ids(1, 2), 3.0, 0.4);
  deliver(2, {{1, 0}, {1}, {}});
  parts.delivery.before_change(2, clock);
  parts.stores.rows(store_ordinal()).set_shared_weights(100.0);
  EXPECT_EQ(inputs(), (std::vector<double>{0, 0}));
  clock.begin = 4;
  deliver(4, {{0, 1}, {2}, {}});
  EXPECT_EQ(inputs(), (std::vector<double>{3, 0}));
  clock.begin = 6;
  deliver(6, {{0, 0}, {}, {}});
  EXPECT_EQ(inputs(), (std::vector<double>{0, 100}));
}

}  // namespace
}  // namespace volley::runtime
