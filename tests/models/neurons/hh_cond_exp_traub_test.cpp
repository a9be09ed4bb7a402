#include "models/neurons/hh_cond_exp_traub.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/runtime/driven_population.hpp"

namespace volley::neurons::tests {
namespace {

using runtime::tests::driven_population;
using runtime::tests::neuron;

driven_population one(const runtime::dictionary& values) {
  return driven_population(neuron("hh_cond_exp_traub"), 1, values);
}

using gates = hh_cond_exp_traub::gates<double>;

/// As in the paper, with its removable singularities.
gates slopes_of_the_paper(double v, const gates& y) {
  const double alpha_m = 0.32 * (13 - v) / std::expm1((13 - v) / 4);
  const double beta_m = 0.28 * (v - 40) / std::expm1((v - 40) / 5);
  const double alpha_h = 0.128 * std::exp((17 - v) / 18), beta_h = 4 / (1 + std::exp((40 - v) / 5));
  const double alpha_n = 0.032 * (15 - v) / std::expm1((15 - v) / 5), beta_n = 0.5 * std::exp((10 - v) / 40);
  return {alpha_m * (1 - y.m) - beta_m * y.m, alpha_h * (1 - y.h) - beta_h * y.h, alpha_n * (1 - y.n) - beta_n * y.n};
}

TEST(hh_cond_exp_traub, gates_have_the_rates_of_the_paper) {
  const gates y{0.1, 0.6, 0.3};
  for (double v = -40.5; v < 120; v += 1) {
    const gates ours = hh_cond_exp_traub::gate_slopes(v, y), theirs = slopes_of_the_paper(v, y);
    EXPECT_NEAR(ours.m, theirs.m, 1e-12 * (1 + std::abs(theirs.m))) << v;
    EXPECT_NEAR(ours.h, theirs.h, 1e-12 * (1 + std::abs(theirs.h))) << v;
    EXPECT_NEAR(ours.n, theirs.n, 1e-12 * (1 + std::abs(theirs.n))) << v;
  }
}

TEST(hh_cond_exp_traub, gates_pass_the_singular_potentials_smoothly) {
  const gates y{0.1, 0.6, 0.3};
  for (const double v : {13.0, 15.0, 40.0}) {
    const gates at = hh_cond_exp_traub::gate_slopes(v, y), near = slopes_of_the_paper(v + 1e-6, y);
    EXPECT_NEAR(at.m, near.m, 1e-5) << v;
    EXPECT_NEAR(at.n, near.n, 1e-5) << v;
  }
}

TEST(hh_cond_exp_traub, conductances_jump_by_the_weight_and_decay) {
  auto p = one({});
  p.input(0, 0, 0, 5.0);
  p.input(1, 0, 0, -2.0);
  p.run(1);
  const auto g_ex = *p.nodes().recordable("g_ex"), g_in = *p.nodes().recordable("g_in");
  EXPECT_EQ(p.nodes().recorded(g_ex)[0], 5);
  EXPECT_EQ(p.nodes().recorded(g_in)[0], 2);
  p.run(50, 10);
  EXPECT_NEAR(p.nodes().recorded(g_ex)[0], 5 * std::exp(-1), 1e-4);
  EXPECT_NEAR(p.nodes().recorded(g_in)[0], 2 * std::exp(-0.5), 1e-4);
}

TEST(hh_cond_exp_traub, spikes_at_maxima_far_above_V_T_and_is_not_reset) {
  auto p = one({{"I_e", 400.0}});
  double before = p.value_of("V_m");
  for (int step = 0; step < 2000; ++step) {
    const auto spikes = p.spikes().size();
    p.run(1);
    const double now = p.value_of("V_m");
    if (p.spikes().size() != spikes) {
      EXPECT_GE(now, -63 + 30);
      EXPECT_GT(before, now);
    }
    before = now;
  }
  EXPECT_GE(p.spikes().size(), 3u);
}

TEST(hh_cond_exp_traub, bears_what_takes_very_short_sub_steps) {
  auto p = one({});
  p.input(0, 0, 0, 1e4);
  p.run(500);
  EXPECT_TRUE(std::isfinite(p.value_of("V_m")) && p.value_of("Act_m") <= 1) << p.value_of("V_m");
}

}  // namespace
}  // namespace volley::neurons::tests
