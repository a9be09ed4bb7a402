#include <gtest/gtest.h>

#include <cmath>

#include "tests/runtime/driven_population.hpp"

namespace volley::neurons::tests {
namespace {

using runtime::dictionary;
using runtime::tests::driven_population;
using runtime::tests::neuron;

driven_population one(const dictionary& values = {}) {
  return driven_population(neuron("iaf_cond_alpha_mc"), 1, values);
}

double recorded(driven_population& p, std::string_view name) {
  return p.nodes().recorded(p.nodes().recordable(name).value())[0];
}

TEST(iaf_cond_alpha_mc, currents_spread_along_the_row_of_compartments) {
  auto p = one({{"soma", dictionary{{"I_e", 100.0}}}});
  p.run(3000, 100);
  // Leaks of 10, 5 and 10 nS, and 2.5 and 1 nS between: distal to the soma.
  const double proximal_leak = 5 + 1 / (1 / 1.0 + 1 / 10.0), soma_leak = 10 + 1 / (1 / 2.5 + 1 / proximal_leak);
  const double soma = 100 / soma_leak, proximal = soma * 2.5 / (2.5 + proximal_leak), distal = proximal / 11;
  EXPECT_NEAR(recorded(p, "V_m.s"), -70 + soma, 1e-3);
  EXPECT_NEAR(recorded(p, "V_m.p"), -70 + proximal, 1e-3);
  EXPECT_NEAR(recorded(p, "V_m.d"), -70 + distal, 1e-3);
}

TEST(iaf_cond_alpha_mc, each_receptor_is_that_of_its_compartment_and_kind) {
  const char* names[] = {"g_ex.s", "g_in.s", "g_ex.p", "g_in.p", "g_ex.d", "g_in.d"};
  for (std::size_t receptor = 0; receptor < 6; ++receptor) {
    auto p = one();
    p.input(receptor, 0, 0, 3.0);
    p.run(11);
    for (std::size_t other = 0; other < 6; ++other) {
      const double t = 1, tau = other % 2 == 0 ? 0.5 : 2;
      EXPECT_NEAR(recorded(p, names[other]), other == receptor ? 3 * t / tau * std::exp(1 - t / tau) : 0, 1e-3)
          << names[other];
    }
  }
}

TEST(iaf_cond_alpha_mc, currents_go_where_they_are_sent) {
  const char* names[] = {"V_m.s", "V_m.p", "V_m.d"};
  for (std::size_t compartment = 0; compartment < 3; ++compartment) {
    auto p = one({{"g_sp", 0.0}, {"g_pd", 0.0}});
    p.input(6 + compartment, 0, 0, 500.0);
    p.run(2);
    for (std::size_t other = 0; other < 3; ++other) EXPECT_EQ(recorded(p, names[other]) > -70, other == compartment);
  }
}

TEST(iaf_cond_alpha_mc, a_spike_of_the_soma_resets_it_for_the_refractory_period) {
  auto p = one({{"soma", dictionary{{"V_m", -50.0}}}, {"t_ref", 1.0}});
  p.run(1);
  ASSERT_EQ(p.spikes().size(), 1u);
  for (int left = 10; left > 0; --left) {
    EXPECT_EQ(recorded(p, "V_m.s"), -60);
    EXPECT_DOUBLE_EQ(recorded(p, "t_ref_remaining"), left * 0.1);
    p.run(1);
  }
  p.run(1);
  EXPECT_NE(recorded(p, "V_m.s"), -60);
  EXPECT_GT(recorded(p, "V_m.p"), -70);
}

}  // namespace
}  // namespace volley::neurons::tests
