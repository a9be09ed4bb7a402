#include "runtime/nodes/population.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <string>

#include "runtime/base/error.hpp"
#include "tests/runtime/driven_population.hpp"

namespace volley::runtime::tests {
namespace {

TEST(population, an_input_acts_on_its_cell_alone_and_is_used_up) {
  driven_population p(neuron("iaf_psc_delta"), 70);
  p.input(0, 2, 66, 3.0);
  p.run(2);
  EXPECT_EQ(p.value_of("V_m", 66), -70);
  p.run(1);
  EXPECT_DOUBLE_EQ(p.value_of("V_m", 66), -67);
  EXPECT_EQ(p.value_of("V_m", 65), -70);
  p.run(1);
  EXPECT_LT(p.value_of("V_m", 66), -67);
  EXPECT_TRUE(p.inputs_were_cleared());
}

TEST(population, arrived_is_added_before_rows_and_cleared_too) {
  const auto v_after = [](std::vector<double> arrived, std::vector<double> rows) {
    population p(attributes(neuron("iaf_psc_delta")), {1, 1, 1});
    p.prepare({});
    arrived.resize(64);
    rows.resize(64);
    double* row_of[] = {rows.data(), nullptr};
    double* arrived_of[] = {arrived.data(), nullptr};
    std::uint64_t bits = 0;
    p.advance(0, 1, 1, {row_of, arrived_of}, {&bits});
    EXPECT_EQ(rows[0], 0);
    EXPECT_EQ(arrived[0], 0);
    return p.recorded(0)[0] + 70;
  };
  EXPECT_DOUBLE_EQ(v_after({2}, {3}), 5);
  EXPECT_DOUBLE_EQ(v_after({2}, {0}), 2);
}

TEST(population, cells_that_cannot_go_on_are_named) {
  driven_population p(neuron("aeif_psc_delta"), 3, {{"V_m", std::vector<double>{-70, -1e5, -70}}});
  try {
    p.run(1);
    ADD_FAILURE() << "went on";
  } catch (const api_error& e) {
    EXPECT_EQ(e.kind(), error_kind::NumericalInstability);
    EXPECT_EQ(e.place(), 8u);
    EXPECT_TRUE(std::string(e.what()).starts_with("aeif_psc_delta (node 8): ")) << e.what();
  }
  driven_population conductances(neuron("aeif_cond_alpha_multisynapse"), 3);
  conductances.input(1, 4, 2, -3.0);
  try {
    conductances.run(10, 10);
    ADD_FAILURE() << "went on";
  } catch (const api_error& e) {
    EXPECT_EQ(e.kind(), error_kind::BadProperty);
    EXPECT_EQ(e.place(), 11u);
  }
}

TEST(population, what_only_lists_differ_in_is_no_other_loop) {
  driven_population p(neuron("iaf_psc_exp_multisynapse"), 3);
  const auto run = [](driven_population& one) {
    one.input(1, 0, 2, 500.0);
    one.run(20, 7);
    return one.value_of("V_m", 2);
  };
  driven_population noted(neuron("iaf_psc_exp_multisynapse"), 3);
  EXPECT_TRUE(noted.nodes().note_connections(1, true));
  noted.nodes().prepare({});
  EXPECT_EQ(run(p), run(noted));
}

TEST(population, padding_never_spikes) {
  driven_population p(neuron("iaf_psc_alpha"), 67, {{"I_e", 1e5}, {"t_ref", 0.0}});
  p.run(3);
  EXPECT_EQ(p.spikes().size(), 3u * 67);
  for (const spike& s : p.spikes()) EXPECT_LT(s.cell, 67u);
}

TEST(population, frozen_cells_keep_their_state_and_lose_their_input) {
  driven_population p(neuron("iaf_psc_delta"), 3,
                      {{"I_e", 300.0}, {"V_m", std::vector<double>{-69, -68, -67}}, {"frozen", booleans{{0, 1, 0}}}});
  p.input(0, 5, 1, 100.0);
  p.run(10, 4);
  EXPECT_EQ(p.value_of("V_m", 1), -68);
  EXPECT_NE(p.value_of("V_m", 0), -69);
  EXPECT_TRUE(p.nodes().is_frozen(1));
  EXPECT_TRUE(p.inputs_were_cleared());
  p.set({{"frozen", false}});
  p.run(1);
  EXPECT_NE(p.value_of("V_m", 1), -68);
  EXPECT_LT(p.value_of("V_m", 1), -67);  // the input of step 5 is gone
}

TEST(population, frozen_cells_are_silent) {
  driven_population p(neuron("parrot_neuron"), 2, {{"frozen", booleans{{1, 0}}}});
  p.input(0, 0, 0, 2.0);
  p.input(0, 0, 1, 2.0);
  p.run(1);
  EXPECT_EQ(p.spikes(), (std::vector<spike>{{1, 1, 2.0}}));
}

TEST(population, spikes_enter_the_archive) {
  driven_population p(neuron("parrot_neuron"), 3, {{"tau_Ca", 100.0}, {"beta_Ca", 0.5}});
  p.input(0, 9, 2, 1.0);
  p.input(0, 19, 2, 3.0);
  p.run(10, 5);
  EXPECT_EQ(p.value_of("t_spike", 2), 1.0);
  EXPECT_EQ(p.value_of("t_spike", 1), -1.0);
  EXPECT_EQ(p.value_of("Ca", 2), 0.5);
  p.run(10, 5);
  EXPECT_EQ(p.value_of("t_spike", 2), 2.0);
  EXPECT_DOUBLE_EQ(p.value_of("Ca", 2), 0.5 * std::exp(-0.01) + 1.5);
  EXPECT_EQ(p.nodes().calcium(2, 2.0), p.value_of("Ca", 2));
  EXPECT_DOUBLE_EQ(p.nodes().calcium(2, 52.0), p.value_of("Ca", 2) * std::exp(-0.5));
  EXPECT_EQ(p.value_of("Ca", 0), 0);
}

TEST(population, recordables_are_sorted_and_absolute) {
  driven_population p(neuron("iaf_psc_exp"), 2,
                      {{"E_L", std::vector<double>{-70, -60}}, {"V_m", std::vector<double>{-65, -55.5}}});
  EXPECT_EQ(p.nodes().recordables()[2], "V_m");
  ASSERT_EQ(p.nodes().recordable("V_m"), 2u);
  EXPECT_EQ(p.nodes().recordable("g_ex"), std::nullopt);
  const auto V_m = p.nodes().recorded(2);
  EXPECT_EQ(V_m[0], -65);
  EXPECT_EQ(V_m[1], -55.5);
  p.input(0, 0, 1, 12.0);
  p.run(1);
  EXPECT_EQ(p.nodes().recorded(0)[1], 12);  // I_syn_ex
}

double silence(const std::array<double, 10>& p, const std::array<double, 8>& d, const std::array<double, 6>& s) {
  return 100 * p[2] + d[2] + s[5];  // t_ref_abs in ms and in steps, steps that are left of t_ref_tot
}

TEST(population, recordables_may_be_computed_with_derived_constants) {
  auto model = neuron("iaf_psc_exp_htum");
  std::vector<models::field> fields(model.fields.begin(), model.fields.end());
  fields.push_back(models::declare::computed<silence>("silence", models::declare::ms, "", models::declare::recordable));
  model.fields = fields;
  driven_population p(model, 2, {{"t_ref_abs", std::vector<double>{1.0, 2.0}}, {"V_m", std::vector<double>{-50, -70}}});
  const auto at = p.nodes().recordable("silence");
  ASSERT_TRUE(at.has_value());
  EXPECT_FALSE(p.nodes().values().has("silence"));
  p.run(1);
  const auto recorded = p.nodes().recorded(*at);
  EXPECT_EQ(recorded[0], 100 + 10 + 20);
  EXPECT_EQ(recorded[1], 200 + 20 + 0);
}

TEST(population, a_change_of_one_cell_acts_like_a_change_before_the_start) {
  const std::vector<std::uint32_t> cell = {37};
  driven_population late(neuron("iaf_psc_alpha"), 100), early(neuron("iaf_psc_alpha"), 100);
  std::vector<double> tau_m(100, 10.0);
  tau_m[37] = 3.0;
  early.set({{"tau_m", tau_m}, {"I_e", 300.0}});
  late.set({{"I_e", 300.0}});
  late.nodes().set({{"tau_m", 3.0}}, cell);  // the incremental way
  late.nodes().prepare({});
  early.run(50, 10);
  late.run(50, 10);
  EXPECT_EQ(late.nodes().values().image(), early.nodes().values().image());
  EXPECT_NE(late.value_of("V_m", 37), late.value_of("V_m", 36));
}

TEST(population, another_grid_recalibrates) {
  driven_population coarse(neuron("iaf_psc_alpha"), 1, {{"I_e", 300.0}});
  driven_population fine(neuron("iaf_psc_alpha"), 1, {{"I_e", 300.0}});
  const time_grid tenth{1000, 10};
  fine.nodes().prepare(tenth);
  coarse.run(10);
  fine.run(100, 10);
  EXPECT_NEAR(coarse.value_of("V_m"), fine.value_of("V_m"), 1e-9);
}

TEST(population, restored_values_continue_with_the_same_bits) {
  const dictionary values{{"I_e", std::vector<double>{100, 450, 600}}, {"delta", 1.0}, {"rho", 3000.0}};
  driven_population whole(neuron("iaf_psc_exp"), 3, values), first(neuron("iaf_psc_exp"), 3, values),
      second(neuron("iaf_psc_exp"), 3);
  whole.run(400, 7);
  first.run(150, 7);
  second.nodes().restore(first.nodes().values());
  second.nodes().prepare({});
  second.at(first.now());
  second.run(250, 11);
  EXPECT_EQ(second.nodes().values().image(), whole.nodes().values().image());
  EXPECT_GT(whole.spikes().size(), 3u);
}

TEST(population, random_numbers_follow_the_node_not_its_place) {
  const dictionary values{{"I_e", 300.0}, {"delta", 2.0}, {"rho", 20000.0}};
  driven_population all(neuron("iaf_psc_exp"), 6, values, best_loops(), {}, {10, 1, 0});
  driven_population odd(neuron("iaf_psc_exp"), 3, values, best_loops(), {}, {11, 2, 0});
  all.run(300, 5);
  odd.run(300, 3);
  std::vector<spike> expected;
  for (const spike& s : all.spikes())
    if (s.cell % 2 == 1) expected.push_back({s.stamp, s.cell / 2, s.count});
  EXPECT_EQ(odd.spikes(), expected);
  EXPECT_GT(expected.size(), 5u);
  driven_population other_seed(neuron("iaf_psc_exp"), 3, values, best_loops(), {}, {11, 2, 0});
  other_seed.run(300, 3, 2);
  EXPECT_NE(other_seed.spikes(), expected);
}

TEST(population, no_cells_are_legal) {
  driven_population p(neuron("iaf_cond_exp"), 0);
  p.run(3, 2);
  EXPECT_TRUE(p.spikes().empty());
  EXPECT_EQ(p.nodes().padded(), 0u);
}

}  // namespace
}  // namespace volley::runtime::tests
