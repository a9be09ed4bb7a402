#include <gtest/gtest.h>

#include "tests/runtime/driven_population.hpp"

namespace volley::neurons::tests {
namespace {

using runtime::tests::driven_population;
using runtime::tests::neuron;
using runtime::tests::spike;

TEST(parrot_neuron, repeats_each_spike_with_its_multiplicity) {
  driven_population p(neuron("parrot_neuron"), 2);
  p.input(0, 3, 1, 2.0);
  p.input(0, 3, 0, 1.0);
  p.input(0, 8, 1, 5.0);
  p.run(20, 6);
  EXPECT_EQ(p.spikes(), (std::vector<spike>{{4, 0, 1}, {4, 1, 2}, {9, 1, 5}}));
}

TEST(parrot_neuron, accepts_spikes_on_receptor_1_and_ignores_them) {
  const auto& channels = neuron("parrot_neuron").channels;
  ASSERT_EQ(channels.size(), 2u);
  EXPECT_EQ(channels[1].receptor, 1);
  EXPECT_LT(channels[1].member, 0);
}

}  // namespace
}  // namespace volley::neurons::tests
