// The functions of positions that expressions know (contract, section 13.3): their peaks are 1, but for gamma's.
#pragma once
#include <array>

#include "runtime/values/term.hpp"

namespace volley::runtime {

/// One of them with its numbers.
struct spatial_function {
  operation what;
  std::array<double, 6> numbers;  ///< prepared by spatial_function_of

  /// REQUIRES: a function of one number.
  double operator()(double x) const;
  /// REQUIRES: a function of two.
  double operator()(double x, double y) const;
};

/// True for terms that are such functions.
constexpr bool is_spatial_function(operation what) { return what >= operation::gaussian; }

/// REQUIRES: is_spatial_function(t.what), and the term was checked.
spatial_function spatial_function_of(const term& t);

/// Natural logarithm of the gamma function at x > 0, with the same bits on every machine.
double log_gamma(double x);

}  // namespace volley::runtime
