#include "runtime/growth/growth_curve.hpp"

#include "models/core/math.hpp"

namespace volley::runtime {
namespace {

constexpr double two_sqrt_ln_2 = 1.6651092223153956;

/// x / y, and 0 where both are: curves of no width, at their own calcium.
double ratio(double x, double y) { return x == 0 ? 0 : x / y; }

double linear(const growth& how, double z, const quiet_time& stretch) {
  const double time_ms = static_cast<double>(stretch.steps) * stretch.resolution_ms;
  const double decayed = stretch.Ca * models::expm1(-time_ms / stretch.tau_Ca_ms);
  return z + how.rate * (time_ms + stretch.tau_Ca_ms * ratio(decayed, how.eps));
}

/// `slope(Ca)` for a rate of 1.
template <class Slope> double by_euler(const growth& how, double z, const quiet_time& stretch, Slope&& slope) {
  double Ca = stretch.Ca;
  for (step_t step = 0; step < stretch.steps; ++step) {
    Ca -= Ca / stretch.tau_Ca_ms * stretch.resolution_ms;
    z += stretch.resolution_ms * how.rate * slope(Ca);
  }
  return z;
}

double gaussian(const growth& how, double z, const quiet_time& stretch) {
  const double xi = (how.eta + how.eps) / 2, zeta = (how.eta - how.eps) / two_sqrt_ln_2;
  return by_euler(how, z, stretch, [=](double Ca) {
    const double x = ratio(Ca - xi, zeta);
    return 2 * models::exp(-x * x) - 1;
  });
}

double sigmoid(const growth& how, double z, const quiet_time& stretch) {
  return by_euler(how, z, stretch, [&](double Ca) { return 2 / (1 + models::exp(ratio(Ca - how.eps, how.psi))) - 1; });
}

}  // namespace

double grown(const growth& how, double z, const quiet_time& stretch) {
  switch (how.curve) {
    case growth_curve::linear: z = linear(how, z, stretch); break;
    case growth_curve::gaussian: z = gaussian(how, z, stretch); break;
    case growth_curve::sigmoid: z = sigmoid(how, z, stretch); break;
  }
  return z > 0 ? z : 0;  // never not-a-number, whatever users give
}

}  // namespace volley::runtime
