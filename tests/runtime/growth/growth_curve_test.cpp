#include "runtime/growth/growth_curve.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace volley::runtime {
namespace {

constexpr double resolution_ms = 0.1;

quiet_time during(step_t steps, double Ca, double tau_Ca_ms = 400) { return {Ca, tau_Ca_ms, steps, resolution_ms}; }

/// By small steps of the curve's own equation.
template <class Slope> double integrated(double z, double Ca, double ms, Slope&& slope) {
  constexpr int parts = 200'000;
  const double h = ms / parts;
  for (int i = 0; i < parts; ++i) z += h * slope(Ca * std::exp(-h * (i + 0.5) / 400));
  return z;
}

TEST(growth_curve, the_linear_one_is_exact) {
  const growth how{growth_curve::linear, 0.01, 0, 0.05, 0};
  EXPECT_NEAR(grown(how, 1, during(500, 0.02)),
              integrated(1, 0.02, 50, [](double Ca) { return 0.01 * (1 - Ca / 0.05); }), 1e-12);
  EXPECT_NEAR(grown(how, grown(how, 1, during(200, 0.02)), during(300, 0.02 * std::exp(-20.0 / 400))),
              grown(how, 1, during(500, 0.02)), 1e-14)
      << "in one or in two stretches";
}

TEST(growth_curve, calcium_that_never_decays_is_integrated_too) {
  constexpr double never = std::numeric_limits<double>::infinity();
  const growth how{growth_curve::linear, 0.01, 0, 0.05, 0};
  EXPECT_DOUBLE_EQ(grown(how, 1, during(500, 0, never)), 1.5);
  EXPECT_DOUBLE_EQ(grown(how, 1, during(500, 0.02, never)), 1.3);
  EXPECT_NEAR(grown(how, 1, during(500, 0.02, 1e12)), 1.3, 1e-9) << "as one that hardly does";
}

TEST(growth_curve, the_others_follow_their_equations) {
  const growth gaussian{growth_curve::gaussian, 0.01, 0.01, 0.1, 0};
  const double zeta = (0.01 - 0.1) / (2 * std::sqrt(std::log(2.0)));
  EXPECT_NEAR(
      grown(gaussian, 1, during(500, 0.03)),
      integrated(1, 0.03, 50, [&](double Ca) { return 0.01 * (2 * std::exp(-std::pow((Ca - 0.055) / zeta, 2)) - 1); }),
      1e-4);
  const growth sigmoid{growth_curve::sigmoid, 0.01, 0, 0.05, 0.02};
  EXPECT_NEAR(grown(sigmoid, 1, during(500, 0.03)),
              integrated(1, 0.03, 50, [](double Ca) { return 0.01 * (2 / (1 + std::exp((Ca - 0.05) / 0.02)) - 1); }),
              1e-4);
}

TEST(growth_curve, the_others_take_steps_of_the_resolution) {
  const growth how{growth_curve::gaussian, 0.01, 0.01, 0.1, 0};
  const double Ca = 0.03 - 0.03 / 400 * resolution_ms;
  const double x = (Ca - 0.055) / ((0.01 - 0.1) / (2 * std::sqrt(std::log(2.0))));
  EXPECT_DOUBLE_EQ(grown(how, 1, during(1, 0.03)), 1 + resolution_ms * 0.01 * (2 * std::exp(-x * x) - 1));
}

TEST(growth_curve, every_step_of_a_stretch_counts_once) {
  for (const auto curve : {growth_curve::gaussian, growth_curve::sigmoid})
    for (step_t steps = 0; steps <= 40; ++steps) {
      const growth how{curve, 0.01, 0.01, 0.1, 0.02};
      double Ca = 0.03, z = 1;
      for (step_t i = 0; i < steps; ++i) {
        z = grown(how, z, during(1, Ca));
        Ca -= Ca / 400 * resolution_ms;
      }
      EXPECT_NEAR(grown(how, 1, during(steps, 0.03)), z, 1e-14) << steps;
    }
}

TEST(growth_curve, zero_growth_is_where_the_parameters_say) {
  EXPECT_NEAR(grown({growth_curve::linear, 1, 0, 0.3, 0}, 2, during(1, 0.3, 1e12)), 2, 1e-9);
  for (const double Ca : {0.1, 0.7})
    EXPECT_NEAR(grown({growth_curve::gaussian, 1, 0.1, 0.7, 0}, 2, during(1, Ca, 1e12)), 2, 1e-9);
  EXPECT_NEAR(grown({growth_curve::sigmoid, 1, 0, 0.3, 0.1}, 2, during(1, 0.3, 1e12)), 2, 1e-9);
}

TEST(growth_curve, elements_are_never_fewer_than_none) {
  for (const auto curve : {growth_curve::linear, growth_curve::gaussian, growth_curve::sigmoid})
    EXPECT_EQ(grown({curve, 1, 0.1, 0.2, 0.01}, 0.5, during(10'000, 5, 1e9)), 0) << static_cast<int>(curve);
}

TEST(growth_curve, no_time_changes_nothing) {
  for (const auto curve : {growth_curve::linear, growth_curve::gaussian, growth_curve::sigmoid})
    EXPECT_EQ(grown({curve, 1, 0.1, 0.2, 0.01}, 0.5, during(0, 5)), 0.5);
}

TEST(growth_curve, curves_of_no_width_give_numbers) {
  constexpr double inf = std::numeric_limits<double>::infinity();
  for (const auto curve : {growth_curve::linear, growth_curve::gaussian, growth_curve::sigmoid})
    for (const double at : {0.0, 0.5, inf})
      for (const double Ca : {0.0, 0.5, 1e300})
        EXPECT_FALSE(std::isnan(grown({curve, 1, at, at, 0}, 1, during(10, Ca)))) << at << ' ' << Ca;
  EXPECT_EQ(grown({growth_curve::linear, 1, 0, 0, 0}, 1, during(10, 0)), 2) << "without calcium at full rate";
}

}  // namespace
}  // namespace volley::runtime
