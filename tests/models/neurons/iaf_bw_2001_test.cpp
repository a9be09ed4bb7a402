#include <gtest/gtest.h>

#include <cmath>

#include "runtime/base/error.hpp"
#include "tests/runtime/driven_population.hpp"

namespace volley::neurons::tests {
namespace {

using runtime::tests::driven_population;
using runtime::tests::neuron;

constexpr std::size_t AMPA = 0, GABA = 1, current = 2, NMDA = 3;  // members of the input

driven_population one(const runtime::dictionary& values = {}) {
  return driven_population(neuron("iaf_bw_2001"), 1, values);
}

double recorded(driven_population& p, std::string_view name) {
  return p.nodes().recorded(p.nodes().recordable(name).value())[0];
}

/// What S' = alpha x (1 - S) - S / tau_decay leaves of S long after a spike, were it not to fall, by small steps.
double opened(double S, double alpha, double rise, double decay) {
  constexpr double h = 1e-4;
  double x = 1, from = S;
  const auto slope = [&](double x_now, double S_now) { return alpha * x_now * (1 - S_now) - S_now / decay; };
  double t = 0;
  for (; t < 40 * rise; t += h) {
    const double middle = S + h / 2 * slope(x, S), x_middle = x * std::exp(-h / 2 / rise);
    S += h * slope(x_middle, middle);
    x *= std::exp(-h / rise);
  }
  return S * std::exp(t / decay) - from;
}

TEST(iaf_bw_2001, a_spike_carries_by_how_much_it_opens_the_channels) {
  auto p = one({{"alpha", 0.8}, {"tau_rise_NMDA", 1.5}, {"tau_decay_NMDA", 60.0}});
  for (int step = 0; step < 400; ++step) p.input(current, step, 0, 900.0);
  p.run(400, 10);
  ASSERT_GE(p.spikes().size(), 3u);
  double S = 0, last = 0;
  for (const auto& s : p.spikes()) {
    const double now = 0.1 * static_cast<double>(s.stamp);
    S *= std::exp(-(now - last) / 60);
    EXPECT_NEAR(s.offset_ms, opened(S, 0.8, 1.5, 60), 1e-6) << now;
    S += s.offset_ms;
    last = now;
  }
}

TEST(iaf_bw_2001, all_channels_open_where_they_open_fast) {
  auto p = one({{"alpha", 1e4}});
  p.input(AMPA, 0, 0, 1000.0);
  p.run(10);
  ASSERT_FALSE(p.spikes().empty());
  EXPECT_NEAR(p.spikes()[0].offset_ms, 1, 0.3);
  EXPECT_TRUE(std::isfinite(p.spikes()[0].offset_ms));
}

TEST(iaf_bw_2001, conductances_jump_by_what_arrives_and_decay) {
  auto p = one({{"V_th", 0.0}});
  p.input(AMPA, 0, 0, 3.0);
  p.input(GABA, 0, 0, 4.0);
  p.input(NMDA, 0, 0, 5.0);
  p.run(1);
  EXPECT_EQ(p.value_of("I_AMPA"), 0) << "currents are those before spikes arrived";
  p.run(30, 10);
  EXPECT_NEAR(p.value_of("s_AMPA"), 3 * std::exp(-3 / 2.0), 1e-6);
  EXPECT_NEAR(p.value_of("s_GABA"), 4 * std::exp(-3 / 5.0), 1e-6);
  EXPECT_NEAR(p.value_of("s_NMDA"), 5 * std::exp(-3 / 100.0), 1e-6);
  const double V_m = p.value_of("V_m");
  EXPECT_NEAR(recorded(p, "I_AMPA"), V_m * p.value_of("s_AMPA"), 1e-9);
  EXPECT_NEAR(recorded(p, "I_GABA"), (V_m + 70) * p.value_of("s_GABA"), 1e-9);
  EXPECT_NEAR(recorded(p, "I_NMDA"), V_m * p.value_of("s_NMDA") / (1 + std::exp(-0.062 * V_m) / 3.57), 1e-9);
}

TEST(iaf_bw_2001, rests_at_the_reset_potential) {
  auto p = one();
  p.input(AMPA, 0, 0, 500.0);
  p.run(60);
  ASSERT_FALSE(p.spikes().empty());
  const auto first = p.spikes()[0].stamp;
  for (std::size_t i = 1; i < p.spikes().size(); ++i) EXPECT_GT(p.spikes()[i].stamp - first, 20);
}

TEST(iaf_bw_2001, NMDA_synapses_rise_faster_than_they_decay) {
  auto p = one();
  EXPECT_THROW(p.set({{"tau_rise_NMDA", 100.0}}), runtime::api_error);
  EXPECT_THROW(p.set({{"I_NMDA", 1.0}}), runtime::api_error);
}

}  // namespace
}  // namespace volley::neurons::tests
