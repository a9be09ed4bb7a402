// Each model's own test compares its rows with its functions, on all instruction sets; here is what all rows share.
#include "runtime/delivery/plastic_rows.hpp"

#include <gtest/gtest.h>

#include "models/synapses/stdp_synapse.hpp"
#include "tests/runtime/delivery/plastic_network.hpp"

namespace volley::runtime::tests {
namespace {

TEST(plastic_rows, are_the_same_in_long_simulations) {
  // Stamps that 32 bits cannot hold, before and after the first pruning, which moves the base.
  for (const step_t start : {(step_t{1} << 31) - 350, step_t{1} << 31, step_t{1} << 40})
    for (const loop_set& loops : runnable_loops()) {
      compare<synapses::stdp_synapse>(loops, 5, start, false);
      if (HasFatalFailure()) return;
    }
}

TEST(plastic_rows, hand_transmitted_weights_to_a_recorder_in_the_order_of_the_row) {
  struct listener final : weight_tap {
    std::vector<std::pair<std::size_t, double>> heard;
    void transmitted(std::size_t n, double weight) override { heard.emplace_back(n, weight); }
  } tap;
  const models::synapse_model& model = synapse("stdp_synapse");
  network n = make(model, 3, false);
  timed_input timed;
  plastic_rows_of(model)->spike(n.store, 2, 100, n.targets(), {n.rows, timed}, &tap);
  std::vector<std::pair<std::size_t, double>> row;
  for (const segment& r : n.store.row(2))
    for (std::uint64_t c = 0; c < r.count; ++c) row.emplace_back(row.size(), n.store.weights()[r.weight + c]);
  ASSERT_FALSE(row.empty());
  EXPECT_EQ(tap.heard, row);
}

TEST(plastic_rows, are_of_plastic_models_only) {
  for (const auto& model : models::built_in_synapses())
    EXPECT_EQ(plastic_rows_of(model).has_value(), model.plastic) << model.name;
}

}  // namespace
}  // namespace volley::runtime::tests
