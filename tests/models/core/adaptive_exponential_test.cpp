#include "models/core/adaptive_exponential.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace volley::models::adex {
namespace {

constexpr resolution tenth{0.1, 1000};

struct neuron {
  params<double> p;
  state<double> s;
  double step() {
    const auto d = calibrate(p, tenth);
    std::array<double, 2> y{s.V_m, s.w};
    const double spikes = advance<2, double>(p, d, s, y, [&](const std::array<double, 2>& at) {
      const auto m = membrane<double>(p, d, s, potential<double>(p, s, at[0]), at[1], 0.0);
      return std::array<double, 2>{m.V_m, m.w};
    });
    s.V_m = y[0];
    s.w = y[1];
    return spikes;
  }
};

TEST(adaptive_exponential, a_spike_resets_and_adds_to_the_adaptation) {
  neuron n;
  n.s.V_m = -1;
  EXPECT_EQ(n.step(), 1);
  EXPECT_NEAR(n.s.V_m, -60, 0.5);
  EXPECT_NEAR(n.s.w, 80.5, 0.5);
}

TEST(adaptive_exponential, rests_from_the_spike_on) {
  neuron n;
  n.p.t_ref = 0.3;
  n.s.V_m = -1;
  EXPECT_EQ(n.step(), 1);
  for (int step = 0; step < 3; ++step) {
    EXPECT_EQ(n.s.V_m, -60);
    EXPECT_EQ(n.step(), 0);
  }
  n.step();
  EXPECT_NE(n.s.V_m, -60);
}

TEST(adaptive_exponential, currents_see_a_bounded_potential) {
  params<double> p;
  state<double> s;
  EXPECT_EQ(potential<double>(p, s, 30.0), 0);
  EXPECT_EQ(potential<double>(p, s, -70.0), -70);
  s.refractory = 1;
  EXPECT_EQ(potential<double>(p, s, -70.0), -60);
}

TEST(adaptive_exponential, parameters_whose_spike_current_is_no_number_are_refused) {
  params<double> p;
  EXPECT_EQ(check(p), nullptr);
  p.V_peak = -51;
  EXPECT_NE(check(p), nullptr);
  p.V_peak = 700;
  p.Delta_T = 1;
  EXPECT_NE(check(p), nullptr);
  p.Delta_T = 0;
  EXPECT_EQ(check(p), nullptr);
}

TEST(adaptive_exponential, cannot_go_on_beyond_its_bounds) {
  const auto steps_until_lost = [](const params<double>& p, double V_m, double w) {
    neuron n;
    n.p = p;
    n.s.V_m = V_m;
    n.s.w = w;
    int steps = 0;
    while (steps < 500 && !std::isnan(n.step())) ++steps;
    return steps;
  };
  EXPECT_EQ(steps_until_lost({}, -70, 0), 500);
  EXPECT_EQ(steps_until_lost({}, -2000, 0), 0);
  EXPECT_EQ(steps_until_lost({}, -70, 2e6), 0);
  EXPECT_EQ(steps_until_lost({}, -INFINITY, 0), 0);
  params<double> wild;
  wild.I_e = 1e7;
  wild.g_L = 0.01;
  EXPECT_LT(steps_until_lost(wild, -70, 0), 500);
  wild.t_ref = 0.2;  // at rest, too, when it gets there
  wild.tau_w = 1e-3;
  wild.a = -1e9;
  EXPECT_LT(steps_until_lost(wild, -70, 0), 500);
}

}  // namespace
}  // namespace volley::models::adex
