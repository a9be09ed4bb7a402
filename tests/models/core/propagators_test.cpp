#include "models/core/propagators.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace volley::models {
namespace {

/// The defining integral of the response, by Simpson's rule.
template <class Current> double response(Current current, double tau_m, double C_m, double h) {
  const int n = 20000;
  const auto f = [&](double s) { return std::exp(-(h - s) / tau_m) * current(s) / C_m; };
  double sum = f(0) + f(h);
  for (int i = 1; i < n; ++i) sum += f(h * i / n) * (i % 2 ? 4 : 2);
  return sum * h / n / 3;
}

TEST(propagators, equal_their_integrals_for_all_ratios_of_time_constants) {
  const double C_m = 250;
  for (const double h : {0.1, 1.0})
    for (const double tau_m : {2.0, 10.0, 0.5})
      for (const double tau : {0.3, 1.999999, 2.0, 2.00001, 7.0, 10.0, 30.0}) {
        const double exponential = response([=](double s) { return std::exp(-s / tau); }, tau_m, C_m, h);
        const double alpha = response([=](double s) { return s * std::exp(-s / tau); }, tau_m, C_m, h);
        EXPECT_NEAR(propagator_exp(tau, tau_m, C_m, h) / exponential, 1, 1e-12) << tau << " " << tau_m;
        EXPECT_NEAR(propagator_alpha(tau, tau_m, C_m, h) / alpha, 1, 1e-12) << tau << " " << tau_m;
      }
}

TEST(propagators, a_beta_function_peaks_where_its_slope_has_decayed_to_it) {
  for (const double rise : {0.2, 1.0, 1.9999999, 2.0, 2.0000001, 5.0})
    for (const double decay : {1.0, 2.0, 30.0}) {
      const auto value = [&](double t) {
        const double k = 1 / rise - 1 / decay;
        return k == 0 ? t * std::exp(-t / decay) : -std::exp(-t / decay) * std::expm1(-k * t) / k;
      };
      double highest = 0;
      for (double t = 0; t < 60; t += 1e-3) highest = std::max(highest, value(t));
      EXPECT_NEAR(beta_peak(rise, decay) / highest, 1, 1e-6) << rise << " " << decay;
      EXPECT_NEAR(beta_peak(rise, decay) / beta_peak(decay, rise), 1, 1e-12);
    }
}

TEST(propagators, stay_finite_for_extreme_time_constants) {
  for (const double tau_m : {1e-6, 1e6})
    for (const double tau : {1e-6, 1.0, 1e6}) {
      EXPECT_TRUE(std::isfinite(propagator_exp(tau, tau_m, 1, 0.1)));
      EXPECT_TRUE(std::isfinite(propagator_alpha(tau, tau_m, 1, 0.1)));
      EXPECT_GE(propagator_exp(tau, tau_m, 1, 0.1), 0);
    }
}

}  // namespace
}  // namespace volley::models
