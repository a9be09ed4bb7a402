// Euler steps along growth curves (growth_curve.hpp), for one instruction set. All sets give the same bits.
#pragma once
#include <array>
#include <cstddef>
#include <span>

#include "models/core/math.hpp"

namespace volley::runtime {

/// Calcium at some steps that follow each other, and what was summed up at such places: so the order of a sum does not
/// depend on what computes it.
struct euler_steps {
  static constexpr std::size_t at_once = 8;
  alignas(64) std::array<double, at_once> Ca{}, sums{};
  double decay = 1;  ///< over so many steps
};

/// x / y, and 0 where both are: curves of no width, at their own calcium.
template <class T> T ratio(T x, double y) { return models::select(x == 0.0, T(0.0), x / y); }

// Slopes for a rate of 1.

struct gaussian_slope {
  double xi, zeta;
  template <class T> T operator()(T Ca) const {
    const T x = ratio(Ca - xi, zeta);
    return 2.0 * models::exp(-x * x) - 1.0;
  }
};
struct sigmoid_slope {
  double eps, psi;
  template <class T> T operator()(T Ca) const { return 2.0 / (1.0 + models::exp(ratio(Ca - eps, psi))) - 1.0; }
};

/// Each adds up the slopes of so many times `at_once` steps, and takes the steps.
struct growth_loops {
  const char* name;
  void (*gaussian)(const gaussian_slope&, std::size_t times, euler_steps& at);
  void (*sigmoid)(const sigmoid_slope&, std::size_t times, euler_steps& at);
};

extern const growth_loops growth_loops_scalar, growth_loops_sse2, growth_loops_avx2, growth_loops_avx512;

/// Those that this processor can run, the widest last.
std::span<const growth_loops* const> runnable_growth_loops();

}  // namespace volley::runtime
