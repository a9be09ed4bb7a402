#include "runtime/delivery/precise_rows.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "models/synapses/stdp_synapse.hpp"
#include "tests/runtime/delivery/plastic_network.hpp"

namespace volley::runtime::tests {
namespace {

TEST(precise_rows, without_offsets_give_the_bits_of_the_model) {
  const auto& model = synapse("stdp_synapse");
  for (const std::uint64_t seed : {1, 2, 3})
    compare<synapses::stdp_synapse>(model, *plastic_rows_of(model), seed, 0, seed == 1, true);
}

TEST(precise_rows, go_by_times_where_targets_keep_them) {
  const auto& model = synapse("stdp_synapse");
  network n = make(model, 2, false, true);
  auto rows = *plastic_rows_of(model);
  rows.spike(n.store, 2, 50, n.targets(), {n.rows, n.timed}, nullptr, 0, 0.03);
  rows.spike(n.store, 2, 60, n.targets(), {n.rows, n.timed}, nullptr, 0, 0.05);
  bool on_grid = false, between = false;
  const auto row = n.store.row(2);
  for (std::size_t k = 0; k < row.size(); ++k) {
    const auto number = n.store.first_segment(2) + k;
    const double offset_ms = row[k].keeps_times() ? 0.05 : 0, since_ms = row[k].keeps_times() ? 0.98 : 1;
    (row[k].keeps_times() ? between : on_grid) = true;
    EXPECT_EQ(n.store.cohort_of(number).last_offset_ms, offset_ms);
    const double tau_plus = n.store.parameter_set(n.store.cohort_of(number).parameters)[0];
    EXPECT_NEAR(n.store.traces_of(number)[0], 1 + std::exp(-since_ms / tau_plus), 1e-15);
  }
  EXPECT_TRUE(on_grid && between);
}

}  // namespace
}  // namespace volley::runtime::tests
