#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "models/neurons/hh_psc_alpha.hpp"
#include "tests/runtime/driven_population.hpp"

namespace volley::neurons::tests {
namespace {

using runtime::tests::driven_population;
using runtime::tests::neuron;

driven_population one(const runtime::dictionary& values) {
  return driven_population(neuron("hh_psc_alpha"), 1, values);
}

/// The rates as Hodgkin and Huxley wrote them, in the axon's voltage.
std::array<double, 6> rates(double V) {
  return {0.1 * (V + 40) / (1 - std::exp(-(V + 40) / 10)),
          4 * std::exp(-(V + 65) / 18),
          0.07 * std::exp(-(V + 65) / 20),
          1 / (1 + std::exp(-(V + 35) / 10)),
          0.01 * (V + 55) / (1 - std::exp(-(V + 55) / 10)),
          0.125 * std::exp(-(V + 65) / 80)};
}

TEST(hh_psc_alpha, gates_have_the_rates_of_the_paper) {
  for (double V = -120; V < 80; V += 0.7) {
    const auto [am, bm, ah, bh, an, bn] = rates(V);
    const auto slopes = hh_psc_alpha::gate_slopes(V, {0.2, 0.5, 0.7});
    EXPECT_NEAR(slopes.m, am * 0.8 - bm * 0.2, 1e-11 * (am + bm)) << V;
    EXPECT_NEAR(slopes.h, ah * 0.5 - bh * 0.5, 1e-11 * (ah + bh)) << V;
    EXPECT_NEAR(slopes.n, an * 0.3 - bn * 0.7, 1e-11 * (an + bn)) << V;
  }
}

TEST(hh_psc_alpha, rates_are_smooth_where_their_formula_is_zero_over_zero) {
  for (const double V : {-55.0, -40.0})
    for (const double d : {0.0, 1e-12, 1e-6, 1e-3, 9.99e-3, 1.001e-2}) {
      const auto at = hh_psc_alpha::gate_slopes(V, {0.0, 0.0, 0.0}),
                 near = hh_psc_alpha::gate_slopes(V + d, {0.0, 0.0, 0.0});
      EXPECT_NEAR(near.m, at.m, 0.1 * d + 1e-11);
      EXPECT_NEAR(near.n, at.n, 0.1 * d + 1e-11);
    }
}

TEST(hh_psc_alpha, rests_near_minus_65_mV) {
  auto p = one({});
  p.run(2000, 50);
  EXPECT_NEAR(p.value_of("V_m"), -65, 0.05);
  EXPECT_TRUE(p.spikes().empty());
}

TEST(hh_psc_alpha, a_current_gives_action_potentials_marked_just_after_their_peak) {
  auto p = one({{"I_e", 1000.0}});
  double last = -65, peak = -100;
  for (int step = 0; step < 200; ++step) {
    const auto before = p.spikes().size();
    p.run(1);
    const double V = p.value_of("V_m");
    peak = std::max(peak, V);
    if (p.spikes().size() > before) {
      EXPECT_GE(V, 0);
      EXPECT_LT(V, last);
    }
    last = V;
  }
  EXPECT_GE(p.spikes().size(), 1u);
  EXPECT_GT(peak, 20);
}

TEST(hh_psc_alpha, synaptic_currents_peak_at_the_weight) {
  auto p = one({{"tau_syn_ex", 2.0}, {"tau_syn_in", 1.0}});
  p.input(0, 0, 0, 10.0);
  p.input(1, 0, 0, -5.0);
  p.run(21, 10);
  const auto ex = *p.nodes().recordable("I_syn_ex"), in = *p.nodes().recordable("I_syn_in");
  EXPECT_NEAR(p.nodes().recorded(ex)[0], 10, 1e-3);
  EXPECT_NEAR(p.nodes().recorded(in)[0], -5 * 2 * std::exp(-1), 1e-3);
}

TEST(hh_psc_alpha, bears_what_takes_very_short_sub_steps) {
  for (const auto& values : {runtime::dictionary{{"Act_m", 1.0}}, {{"I_e", 1e7}}}) {
    auto p = one(values);
    p.run(100);
    EXPECT_TRUE(std::isfinite(p.value_of("V_m")) && p.value_of("Act_m") <= 1) << p.value_of("V_m");
  }
}

}  // namespace
}  // namespace volley::neurons::tests
