#include "runtime/growth/growth_curve.hpp"

#include <array>
#include <cmath>

#include "models/core/math.hpp"

namespace volley::runtime {
namespace {

using models::select;
using V = models::lanes<models::isa::sse2>;  // which every machine has
using O = models::ops<V>;

constexpr double two_sqrt_ln_2 = 1.6651092223153956;
constexpr std::size_t steps_at_once = 8;

/// x / y, and 0 where both are: curves of no width, at their own calcium.
template <class T> T ratio(T x, double y) { return select(x == 0.0, T(0.0), x / y); }

double linear(const growth& how, double z, const quiet_time& stretch) {
  const double time_ms = static_cast<double>(stretch.steps) * stretch.resolution_ms;
  if (std::isinf(stretch.tau_Ca_ms)) return z + how.rate * (time_ms - ratio(stretch.Ca * time_ms, how.eps));
  const double decayed = stretch.Ca * models::expm1(-time_ms / stretch.tau_Ca_ms);
  return z + how.rate * (time_ms + stretch.tau_Ca_ms * ratio(decayed, how.eps));
}

/// Calcium at some steps that follow each other, and what was summed up at such places.
struct euler_steps {
  alignas(16) std::array<double, steps_at_once> Ca, sums{};
  double decay;  ///< over so many steps

  explicit euler_steps(const quiet_time& stretch) {
    const double of_one = 1 - stretch.resolution_ms / stretch.tau_Ca_ms;
    double at = stretch.Ca;
    for (double& one : Ca) one = at *= of_one;
    decay = of_one;
    for (std::size_t i = 1; i < steps_at_once; i *= 2) decay *= decay;
  }
};

/// `slope(Ca)` for a rate of 1. The order of the sum does not depend on what computes it.
template <class Slope> double by_euler(const growth& how, double z, const quiet_time& stretch, Slope&& slope) {
  euler_steps at(stretch);
  auto left = static_cast<std::size_t>(stretch.steps);
  for (; left >= steps_at_once; left -= steps_at_once)
    for (std::size_t i = 0; i < steps_at_once; i += O::width) {
      const V Ca = O::load(&at.Ca[i]);
      O::store(&at.sums[i], O::load(&at.sums[i]) + slope(Ca));
      O::store(&at.Ca[i], Ca * at.decay);
    }
  for (std::size_t i = 0; i < left; ++i) at.sums[i] += slope(at.Ca[i]);
  double sum = 0;
  for (const double one : at.sums) sum += one;
  return z + stretch.resolution_ms * how.rate * sum;
}

double gaussian(const growth& how, double z, const quiet_time& stretch) {
  const double xi = (how.eta + how.eps) / 2, zeta = (how.eta - how.eps) / two_sqrt_ln_2;
  return by_euler(how, z, stretch, [=]<class T>(T Ca) {
    const T x = ratio(Ca - xi, zeta);
    return 2.0 * models::exp(-x * x) - 1.0;
  });
}

double sigmoid(const growth& how, double z, const quiet_time& stretch) {
  return by_euler(how, z, stretch,
                  [&]<class T>(T Ca) { return 2.0 / (1.0 + models::exp(ratio(Ca - how.eps, how.psi))) - 1.0; });
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
