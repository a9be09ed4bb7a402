#include "runtime/nodes/told_spikes.hpp"

#include <gtest/gtest.h>

#include "tests/runtime/driven_population.hpp"

namespace volley::runtime::tests {
namespace {

std::vector<step_t> stamps_of(driven_population& p, std::uint32_t cell) {
  std::vector<step_t> stamps;
  for (const auto& s : p.spikes())
    if (s.cell == cell) stamps.push_back(s.stamp);
  return stamps;
}

using stamps = std::vector<step_t>;
const dictionary told{{"ignore_and_spike", true}, {"ignore_and_spike_offset", 0.5}, {"ignore_and_spike_interval", 0.3}};

TEST(told_spikes, come_an_offset_after_they_are_told_and_then_in_intervals) {
  for (const std::uint32_t per_call : {1u, 4u, 100u}) {
    driven_population p(neuron("iaf_psc_delta"), 1, told);
    p.run(12, per_call);
    EXPECT_EQ(stamps_of(p, 0), (stamps{5, 8, 11})) << per_call;
    EXPECT_EQ(p.value_of("t_spike"), 1.1);
    EXPECT_EQ(p.value_of("V_m"), p.value_of("V_reset"));
  }
}

TEST(told_spikes, are_the_only_ones_whatever_the_input) {
  driven_population p(neuron("iaf_psc_delta"), 1, told);
  p.set({{"I_e", 1e5}, {"t_ref", 0.0}});
  p.input(0, 2, 0, 1000.0);
  p.run(10, 100);
  EXPECT_EQ(stamps_of(p, 0), (stamps{5, 8}));
  EXPECT_GT(p.value_of("V_m"), p.value_of("V_th")) << "input is integrated";
  p.set({{"ignore_and_spike", false}});
  p.run(1);
  EXPECT_EQ(p.spikes().back().stamp, 11);
}

TEST(told_spikes, leave_other_cells_of_the_block_as_they_are) {
  const dictionary driven{{"I_e", 1000.0}};
  driven_population alone(neuron("iaf_psc_delta"), 3, driven), p(neuron("iaf_psc_delta"), 3, driven);
  const std::uint32_t middle[] = {1};
  p.nodes().set(told, middle);
  p.nodes().prepare({});
  for (auto* each : {&alone, &p}) each->run(300, 7);
  ASSERT_GT(stamps_of(alone, 0).size(), 1u);
  EXPECT_EQ(stamps_of(p, 0), stamps_of(alone, 0));
  EXPECT_EQ(stamps_of(p, 2), stamps_of(alone, 2));
  EXPECT_EQ(stamps_of(p, 1).size(), 99u);
}

TEST(told_spikes, go_on_unless_the_offset_is_told_again) {
  driven_population p(neuron("iaf_psc_delta"), 1, told);
  p.run(6);
  p.set({{"ignore_and_spike_interval", 0.5}});
  p.run(8, 100);
  EXPECT_EQ(stamps_of(p, 0), (stamps{5, 8, 13}));
  p.set({{"ignore_and_spike_offset", 0.5}});
  p.run(6, 100);
  EXPECT_EQ(stamps_of(p, 0), (stamps{5, 8, 13, 19}));
}

TEST(told_spikes, wait_while_the_mode_is_off_or_the_cell_frozen) {
  driven_population p(neuron("iaf_psc_delta"), 1, told);
  p.run(3);
  for (const char* key : {"frozen", "ignore_and_spike"}) {
    p.set({{key, key == std::string("frozen")}});
    p.run(10, 100);
    p.set({{key, key != std::string("frozen")}});
  }
  p.run(4, 100);
  EXPECT_EQ(stamps_of(p, 0), (stamps{25}));
}

TEST(told_spikes, at_the_next_step_when_less_than_one_is_told) {
  driven_population p(neuron("iaf_psc_delta"), 1, told);
  p.set({{"ignore_and_spike_offset", 0.01}, {"ignore_and_spike_interval", 0.01}});
  p.run(3, 100);
  EXPECT_EQ(stamps_of(p, 0), (stamps{1, 2, 3}));
}

TEST(told_spikes, of_lists_begin_anew_where_there_is_an_entry) {
  driven_population p(neuron("iaf_psc_delta"), 2, told);
  p.run(3);
  const std::uint32_t both[] = {0, 1};
  p.nodes().set({{"ignore_and_spike_offset", std::vector<value>{value(), value(0.5)}}}, both);
  p.nodes().prepare({});
  p.run(5, 100);
  EXPECT_EQ(stamps_of(p, 0), (stamps{5, 8}));
  EXPECT_EQ(stamps_of(p, 1), (stamps{8}));
}

TEST(told_spikes, do_not_come_from_models_without_a_threshold_of_that_kind) {
  driven_population p(neuron("iaf_psc_alpha"), 1, told);
  p.run(20, 100);
  EXPECT_EQ(p.spikes().size(), 0u);
}

}  // namespace
}  // namespace volley::runtime::tests
