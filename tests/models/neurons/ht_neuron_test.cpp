#include <gtest/gtest.h>

#include <cmath>

#include "runtime/base/error.hpp"
#include "tests/runtime/driven_population.hpp"

namespace volley::neurons::tests {
namespace {

using runtime::dictionary;
using runtime::tests::driven_population;
using runtime::tests::neuron;

driven_population one(const dictionary& values = {}) { return driven_population(neuron("ht_neuron"), 1, values); }

/// Without intrinsic currents.
dictionary passive(dictionary values = {}) {
  for (const char* key : {"g_peak_NaP", "g_peak_KNa", "g_peak_T", "g_peak_h"}) values[key] = 0.0;
  return values;
}

double recorded(driven_population& p, std::string_view name) {
  return p.nodes().recorded(p.nodes().recordable(name).value())[0];
}

TEST(ht_neuron, rests_between_the_leaks_without_other_currents) {
  auto p = one(passive({{"V_m", -60.0}}));
  p.run(30, 10);
  EXPECT_NEAR(p.value_of("V_m"), -70 + 10 * std::exp(-3 * 1.2 / 16), 1e-4);
}

TEST(ht_neuron, a_spike_takes_potential_and_threshold_to_sodium_and_ends_by_a_current) {
  auto p = one(passive({{"V_m", -45.0}, {"theta", -50.0}}));
  p.run(1);
  ASSERT_EQ(p.spikes().size(), 1u);
  EXPECT_EQ(p.value_of("V_m"), 30);
  EXPECT_EQ(p.value_of("theta"), 30);
  p.run(20, 5);
  EXPECT_NEAR(p.value_of("theta"), -51 + 81 * std::exp(-2 / 2.0), 1e-3);
  // While it flows, the leaks of 1.2 / 16 and the rate 1 / 1.75 towards -90 mV.
  const double rate = 1.2 / 16 + 1 / 1.75, end = (-84 / 16.0 - 90 / 1.75) / rate;
  EXPECT_NEAR(p.value_of("V_m"), end + (30 - end) * std::exp(-rate * 2), 1e-2);
  EXPECT_EQ(p.spikes().size(), 1u);
}

TEST(ht_neuron, conductances_peak_at_the_weight_times_their_own) {
  const char* names[] = {"g_AMPA", "g_NMDA", "g_GABA_A", "g_GABA_B"};
  const double peaks[] = {0.1, 0.075, 0.33, 0.0132};
  const auto held = passive({{"voltage_clamp", true},
                             {"V_m", 60.0},  // hardly an NMDA channel is blocked
                             {"theta_eq", 300.0},
                             {"theta", 300.0},
                             {"instant_unblock_NMDA", true}});
  for (std::size_t receptor = 0; receptor < 4; ++receptor) {
    auto p = one(held);
    p.input(receptor, 0, 0, 2.0);
    double highest = 0;
    for (int step = 0; step < 2000; ++step) {
      p.run(1);
      highest = std::max(highest, recorded(p, names[receptor]));
      for (std::size_t other = 0; other < 4; ++other)
        if (other != receptor) {
          EXPECT_EQ(recorded(p, names[other]), 0);
        }
    }
    EXPECT_NEAR(highest, 2 * peaks[receptor], 0.01 * peaks[receptor]);
  }
}

TEST(ht_neuron, depolarisation_frees_nmda_channels) {
  const auto current = [](double V_m, bool instant) {
    auto p = one(passive({{"voltage_clamp", true},
                          {"V_m", V_m},
                          {"theta_eq", 100.0},
                          {"theta", 100.0},
                          {"instant_unblock_NMDA", instant}}));
    p.input(1, 0, 0, 1.0);
    p.run(20);
    p.set({{"voltage_clamp", false}, {"g_NaL", 0.0}, {"g_KL", 0.0}});
    const double before = p.value_of("V_m");
    p.run(1);
    return (p.value_of("V_m") - before) / 0.1 * 16;
  };
  EXPECT_LT(current(-90, true), 0.1) << "blocked";
  EXPECT_GT(current(-30, true), 0.1);
  EXPECT_GT(current(-30, true), current(-30, false)) << "free at once, or with time";
}

TEST(ht_neuron, intrinsic_currents_follow_a_held_potential) {
  auto p = one({{"voltage_clamp", true}, {"V_m", -90.0}, {"theta", 100.0}, {"theta_eq", 100.0}, {"tau_D_KNa", 10.0}});
  p.run(20000, 100);
  EXPECT_EQ(p.value_of("V_m"), -90);
  const auto risen = [](double x) { return 1 / (1 + std::exp(-x)); };
  const double left = std::exp(-2000 * (std::exp(-14.59 + 0.086 * 90) + std::exp(-1.87 - 0.0701 * 90)));
  const double m_h = risen(15 / 5.5) * (1 - left) + risen(-5 / 5.5) * left;
  EXPECT_NEAR(recorded(p, "I_h"), -m_h * (-90 + 40), 1e-2);
  EXPECT_NEAR(recorded(p, "I_NaP"), -std::pow(risen(-34.3 / 7.7), 3) * (-90 - 30), 1e-9);
  EXPECT_NEAR(recorded(p, "I_T"), std::pow(risen(-31 / 6.2), 2) * risen(7 / 4.0) * 90, 1e-3);
  EXPECT_EQ(recorded(p, "I_KNa"), 0) << "at its reversal potential";
  auto high = one({{"voltage_clamp", true}, {"V_m", 0.0}, {"theta", 100.0}, {"theta_eq", 100.0}, {"tau_D_KNa", 10.0}});
  high.run(2000, 100);
  const double D = 0.001 + 10 * 0.025 * risen(2);
  EXPECT_NEAR(recorded(high, "I_KNa"), -90 / (1 + std::pow(0.25 / D, 3.5)), 1e-3);
}

TEST(ht_neuron, refusals_are_of_parameters) {
  const auto refused = [](const dictionary& values) {
    try {
      one(values);
    } catch (const runtime::api_error& e) {
      return e.kind();
    }
    return runtime::error_kind::InternalError;
  };
  using runtime::error_kind;
  EXPECT_EQ(refused({{"tau_rise_AMPA", 3.0}}), error_kind::BadParameter);
  EXPECT_EQ(refused({{"tau_decay_NMDA", 4.0}}), error_kind::BadParameter);
  EXPECT_EQ(refused({{"g_KL", -1.0}}), error_kind::BadParameter);
  EXPECT_EQ(refused({{"t_ref", -1.0}}), error_kind::BadParameter);
  EXPECT_EQ(refused({{"Ca", -1.0}}), error_kind::BadProperty) << "what every neuron has";
}

}  // namespace
}  // namespace volley::neurons::tests
