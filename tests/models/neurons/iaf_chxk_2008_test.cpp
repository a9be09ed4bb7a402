#include <gtest/gtest.h>

#include <cmath>

#include "tests/runtime/driven_population.hpp"

namespace volley::neurons::tests {
namespace {

using runtime::tests::driven_population;
using runtime::tests::neuron;

driven_population one(const runtime::dictionary& values) {
  return driven_population(neuron("iaf_chxk_2008"), 1, values);
}

double recorded(driven_population& p, std::string_view name) {
  return p.nodes().recorded(p.nodes().recordable(name).value())[0];
}

TEST(iaf_chxk_2008, spikes_when_the_potential_crosses_the_threshold_and_not_while_it_is_above) {
  auto p = one({{"I_e", 2000.0}, {"g_ahp", 0.0}});
  p.run(400, 10);
  ASSERT_EQ(p.spikes().size(), 1u);
  const double t = 0.1 * static_cast<double>(p.spikes()[0].stamp) - p.spikes()[0].offset_ms;
  EXPECT_NEAR(t, -10 * std::log(1 - 15.0 / 20), 1e-3) << "of the charging curve; the line within a step is near it";
  EXPECT_GT(p.spikes()[0].offset_ms, 0);
  EXPECT_LT(p.spikes()[0].offset_ms, 0.1);
}

TEST(iaf_chxk_2008, a_spike_opens_a_conductance_from_its_own_time_on) {
  auto p = one({{"I_e", 2000.0}, {"tau_ahp", 2.0}});
  for (double dt = 0; p.spikes().size() < 2 && p.now() < 1000;) {
    p.run(1);
    if (p.spikes().size() != 1) continue;
    dt = 0.1 * static_cast<double>(p.now() - p.spikes()[0].stamp) + p.spikes()[0].offset_ms;
    EXPECT_NEAR(recorded(p, "g_ahp"), 443.8 * dt / 2 * std::exp(1 - dt / 2), 2e-3) << dt;
    EXPECT_EQ(recorded(p, "I_ahp"), recorded(p, "g_ahp") * (p.value_of("V_m") + 95));
  }
}

TEST(iaf_chxk_2008, spikes_add_up_unless_only_the_last_counts) {
  const auto peak = [](bool bug) {
    auto p = one({{"I_e", 4000.0}, {"tau_ahp", 5.0}, {"ahp_bug", bug}});
    double highest = 0;
    for (int step = 0; step < 1000; ++step) {
      p.run(1);
      highest = std::max(highest, recorded(p, "g_ahp"));
    }
    EXPECT_GE(p.spikes().size(), 2u);
    return highest;
  };
  EXPECT_LE(peak(true), 443.8 + 1e-2);
  EXPECT_GT(peak(false), 443.8 + 5);
}

TEST(iaf_chxk_2008, conductances_rise_to_the_weight_and_fall) {
  auto p = one({{"tau_syn_ex", 1.5}, {"tau_syn_in", 3.0}});
  p.input(0, 0, 0, 5.0);
  p.input(1, 0, 0, -3.0);
  p.run(1);
  for (int step = 1; step <= 50; ++step) {
    p.run(1);
    const double t = step * 0.1;
    EXPECT_NEAR(recorded(p, "g_ex"), 5 * t / 1.5 * std::exp(1 - t / 1.5), 1e-4) << t;
    EXPECT_NEAR(recorded(p, "g_in"), 3 * t / 3 * std::exp(1 - t / 3), 1e-4) << t;
    EXPECT_EQ(recorded(p, "I_syn_in"), recorded(p, "g_in") * (p.value_of("V_m") + 90));
  }
}

}  // namespace
}  // namespace volley::neurons::tests
