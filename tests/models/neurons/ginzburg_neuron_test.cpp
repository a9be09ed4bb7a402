#include <gtest/gtest.h>

#include <cmath>

#include "tests/runtime/driven_population.hpp"

namespace volley::neurons::tests {
namespace {

using runtime::tests::driven_population;
using runtime::tests::neuron;

double share_up(double input, const runtime::dictionary& values) {
  constexpr std::uint32_t cells = 20000;
  driven_population p(neuron("ginzburg_neuron"), cells, values);
  for (std::uint32_t cell = 0; cell < cells; ++cell) p.input(0, 0, cell, input);
  p.run(600, 100);  // six times tau_m
  double up = 0;
  for (std::uint32_t cell = 0; cell < cells; ++cell) up += p.nodes().values().get("S", cell) == runtime::value(true);
  return up / cells;
}

constexpr double tolerance = 5 * 0.5 / 141;  // five standard deviations
const double reached = 1 - std::exp(-6);     // those that had a choice

TEST(ginzburg_neuron, is_up_as_often_as_its_sigmoidal_gain_says) {
  for (const double input : {-1.0, 2.0, 2.5, 5.0})
    EXPECT_NEAR(share_up(input, {{"theta", 2.0}, {"c_3", 0.7}}), reached * 0.5 * (1 + std::tanh(0.7 * (input - 2))),
                tolerance)
        << input;
}

TEST(ginzburg_neuron, is_up_as_often_as_its_linear_gain_says) {
  const runtime::dictionary linear{{"c_1", 0.1}, {"c_2", 0.0}};
  EXPECT_NEAR(share_up(3.0, linear), reached * 0.3, tolerance);
  EXPECT_EQ(share_up(-3.0, linear), 0);
  EXPECT_NEAR(share_up(30.0, linear), reached, tolerance);
}

TEST(ginzburg_neuron, a_steep_gain_is_a_threshold) {
  driven_population p(neuron("ginzburg_neuron"), 2, {{"tau_m", 1e-6}, {"theta", 5.0}, {"c_3", 1e6}});
  p.input(0, 3, 0, 5.1);
  p.input(0, 3, 1, 4.9);
  p.run(20, 7);
  EXPECT_EQ(p.spikes(), (std::vector<runtime::tests::spike>{{4, 0, 2}}));
}

}  // namespace
}  // namespace volley::neurons::tests
