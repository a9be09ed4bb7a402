#include <gtest/gtest.h>

#include <cmath>

#include "tests/runtime/driven_population.hpp"

namespace volley::neurons::tests {
namespace {

using runtime::tests::driven_population;
using runtime::tests::neuron;

/// The share of cells that are up after a while, with this input.
double share_up(double input, const runtime::dictionary& values) {
  constexpr std::uint32_t cells = 20000;
  driven_population p(neuron("erfc_neuron"), cells, values);
  for (std::uint32_t cell = 0; cell < cells; ++cell) p.input(0, 0, cell, input);
  p.run(600, 100);  // six times tau_m
  double up = 0;
  for (std::uint32_t cell = 0; cell < cells; ++cell) up += p.nodes().values().get("S", cell) == runtime::value(true);
  return up / cells;
}

TEST(erfc_neuron, is_up_as_often_as_its_gain_says) {
  const double reached = 1 - std::exp(-6);  // those that had a choice
  for (const double input : {-1.0, 2.0, 2.5, 5.0}) {
    const double expected = 0.5 * std::erfc((2.0 - input) / (std::sqrt(2.0) * 1.5)) * reached;
    EXPECT_NEAR(share_up(input, {{"theta", 2.0}, {"sigma", 1.5}}), expected, 5 * std::sqrt(0.25 / 20000)) << input;
  }
}

TEST(erfc_neuron, a_narrow_gain_is_a_threshold) {
  for (const double sigma : {1e-6, 0.0}) {
    driven_population p(neuron("erfc_neuron"), 2, {{"tau_m", 1e-6}, {"theta", 5.0}, {"sigma", sigma}});
    p.input(0, 3, 0, 5.1);
    p.input(0, 3, 1, 4.9);
    p.run(20, 7);
    EXPECT_EQ(p.spikes(), (std::vector<runtime::tests::spike>{{4, 0, 2}})) << sigma;
  }
}

}  // namespace
}  // namespace volley::neurons::tests
