#include <gtest/gtest.h>

#include "tests/runtime/driven_population.hpp"

namespace volley::neurons::tests {
namespace {

using runtime::tests::driven_population;
using runtime::tests::neuron;
using runtime::tests::spike;

TEST(parrot_neuron_ps, repeats_each_spike_at_its_time_with_its_multiplicity) {
  driven_population p(neuron("parrot_neuron_ps"), 2);
  p.input_within(3, 1, 0.02, 1);
  p.input_within(3, 1, 0.05, 2);
  p.input_within(3, 1, 0.05, 1);
  p.input(0, 3, 1, 2.0);
  p.input(0, 3, 0, 1.0);
  p.input_within(8, 0, 0.09, 1);
  p.run(20, 6);
  EXPECT_EQ(p.spikes(),
            (std::vector<spike>{
                {4, 0, 1, 0}, {4, 1, 2, 0.05}, {4, 1, 1, 0.05}, {4, 1, 1, 0.02}, {4, 1, 2, 0}, {9, 0, 1, 0.09}}));
}

TEST(parrot_neuron_ps, accepts_spikes_on_receptor_1_and_ignores_them) {
  const auto& channels = neuron("parrot_neuron_ps").channels;
  ASSERT_EQ(channels.size(), 2u);
  EXPECT_EQ(channels[1].receptor, 1);
  EXPECT_LT(channels[1].member, 0);
}

}  // namespace
}  // namespace volley::neurons::tests
