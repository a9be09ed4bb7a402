#include "runtime/growth/growth_curve.hpp"

#include <cmath>

#include "models/core/isa_table.hpp"
#include "models/core/math.hpp"
#include "runtime/growth/growth_loops.hpp"

namespace volley::runtime {
namespace {

constexpr double two_sqrt_ln_2 = 1.6651092223153956;

double linear(const growth& how, double z, const quiet_time& stretch) {
  const double time_ms = static_cast<double>(stretch.steps) * stretch.resolution_ms;
  if (std::isinf(stretch.tau_Ca_ms)) return z + how.rate * (time_ms - ratio(stretch.Ca * time_ms, how.eps));
  const double decayed = stretch.Ca * models::expm1(-time_ms / stretch.tau_Ca_ms);
  return z + how.rate * (time_ms + stretch.tau_Ca_ms * ratio(decayed, how.eps));
}

euler_steps first_steps(const quiet_time& stretch) {
  euler_steps first;
  const double of_one = 1 - stretch.resolution_ms / stretch.tau_Ca_ms;
  double at = stretch.Ca;
  for (double& one : first.Ca) one = at *= of_one;
  first.decay = of_one;
  for (std::size_t i = 1; i < euler_steps::at_once; i *= 2) first.decay *= first.decay;
  return first;
}

template <class Slope> double by_euler(const growth& how, double z, const quiet_time& stretch, const Slope& slope,
                                       void (*growth_loops::*loop)(const Slope&, std::size_t, euler_steps&)) {
  static const growth_loops& widest = *runnable_growth_loops().back();
  auto at = first_steps(stretch);
  const auto steps = static_cast<std::size_t>(stretch.steps);
  (widest.*loop)(slope, steps / euler_steps::at_once, at);
  for (std::size_t i = 0; i < steps % euler_steps::at_once; ++i) at.sums[i] += slope(at.Ca[i]);
  double sum = 0;
  for (const double one : at.sums) sum += one;
  return z + stretch.resolution_ms * how.rate * sum;
}

double gaussian(const growth& how, double z, const quiet_time& stretch) {
  const gaussian_slope slope{(how.eta + how.eps) / 2, (how.eta - how.eps) / two_sqrt_ln_2};
  return by_euler(how, z, stretch, slope, &growth_loops::gaussian);
}

double sigmoid(const growth& how, double z, const quiet_time& stretch) {
  return by_euler(how, z, stretch, sigmoid_slope{how.eps, how.psi}, &growth_loops::sigmoid);
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

std::span<const growth_loops* const> runnable_growth_loops() {
  static constexpr const growth_loops* all[] = {&growth_loops_scalar, &growth_loops_sse2, &growth_loops_avx2,
                                                &growth_loops_avx512};
  return {all, models::runnable_sets()};
}

}  // namespace volley::runtime
