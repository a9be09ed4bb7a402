#include "runtime/delivery/released_rows.hpp"

#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "tests/runtime/connections/written_rows.hpp"
#include "tests/runtime/delivery/plastic_network.hpp"

namespace volley::runtime::tests {
namespace {

/// A row of segments with these parameter sets, in the order of their delays.
connection_store row_of(const models::synapse_model& model, const std::vector<std::vector<double>>& sets) {
  connection_store s(model.plastic, static_cast<std::uint32_t>(model.n_traces), models::has_sets(model));
  std::vector<placed_segment> row;
  s.slots().grow(sets.size(), 64);
  s.shared_weight_index(2.0);
  for (std::uint64_t i = 0; i < sets.size(); ++i)
    row.push_back({make_segment(i, 1, 1 + i), s.add_parameter_set(sets[i]), 0});
  add(s, {{1, row}});
  return s;
}

std::vector<double> set_of(const models::synapse_model& model, double first_parameter) {
  std::vector<double> set(model.defaults.begin(), model.defaults.end());
  set[0] = first_parameter;
  return set;
}

TEST(released_rows, each_cohort_releases_once_a_spike) {
  for (const char* name : {"tsodyks_synapse", "tsodyks2_synapse", "ht_synapse"}) {
    SCOPED_TRACE(name);
    const auto& model = synapse(name);
    const auto a = set_of(model, 0.7), b = set_of(model, 0.2);
    auto store = row_of(model, {a, b, a, a, b});
    ASSERT_EQ(store.n_cohorts(), 2u);
    auto rows = *released_rows_of(model);
    std::vector<double> traces_a(a.begin() + static_cast<std::ptrdiff_t>(model.n_params), a.end()), traces_b = traces_a;
    step_t last = 0;
    for (const step_t stamp : {40, 52, 52, 300}) {  // two spikes in one step
      const double ms = static_cast<double>(stamp - last) * resolution_ms;
      const double of_a = model.release(a.data(), traces_a.data(), ms, last == 0);
      const double of_b = model.release(b.data(), traces_b.data(), ms, last == 0);
      last = stamp;
      const auto factors = rows.spike(store, 1, stamp, resolution_ms);
      EXPECT_EQ(std::vector(factors.begin(), factors.end()), (std::vector{of_a, of_b, of_a, of_a, of_b}));
      const auto first = store.first_segment(1);
      for (std::size_t i = 0; i < model.n_traces; ++i) {
        EXPECT_EQ(store.traces_of(first + 2)[i], traces_a[i]);
        EXPECT_EQ(store.traces_of(first + 4)[i], traces_b[i]);
      }
      EXPECT_EQ(store.cohort_of(first).last_spike, stamp);
    }
    EXPECT_TRUE(rows.spike(store, 2, 400, resolution_ms).empty()) << "no row";
  }
}

TEST(released_rows, are_there_for_models_that_release) {
  EXPECT_TRUE(released_rows_of(synapse("tsodyks_synapse_hom")).has_value());
  EXPECT_TRUE(released_rows_of(synapse("ht_synapse_lbl")).has_value());
  for (const char* name : {"static_synapse", "stdp_synapse", "bernoulli_synapse"})
    EXPECT_FALSE(released_rows_of(synapse(name)).has_value());
}

}  // namespace
}  // namespace volley::runtime::tests
