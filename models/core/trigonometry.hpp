// Sine and cosine with the same bits on every machine (glibc's change with the features of the processor), for every
// double: angles are reduced exactly, huge ones by Payne and Hanek's method (1983).
#pragma once
#include "models/core/lanes.hpp"

namespace volley::models {

template <class V> struct sine_cosine { V sine, cosine; };

namespace detail {

// Taylor series: on |x| <= pi / 4 the first term left out is below 2^-57 of the result.
template <class V> V sine_of_rest(V x) {
  const V z = x * x;
  const V tail =
      -1.0 / 6 +
      z * (1.0 / 120 +
           z * (-1.0 / 5040 + z * (1.0 / 362880 + z * (-1.0 / 39916800 +
                                                       z * (1.0 / 6227020800 + z * (-1.0 / 1307674368000 +
                                                                                    z * (1.0 / 355687428096000)))))));
  return x + x * z * tail;
}

template <class V> V cosine_of_rest(V x) {
  const V z = x * x, half = 0.5 * z;
  const V tail =
      1.0 / 24 +
      z * (-1.0 / 720 +
           z * (1.0 / 40320 +
                z * (-1.0 / 3628800 + z * (1.0 / 479001600 + z * (-1.0 / 87178291200 + z * (1.0 / 20922789888000))))));
  const V head = 1.0 - half;
  return head + (((1.0 - head) - half) + z * z * tail);  // what rounding took from 1 - z / 2 is given back
}

}  // namespace detail

/// Of 2 pi `turns`, for 0 <= turns <= 1. Absolute error below 2^-52.
template <value_like V> [[gnu::always_inline]] inline sine_cosine<V> sincos_turns(V turns) {
  constexpr double to_integer = 0x1.8p52;  // adding it rounds to an integer
  constexpr double two_pi = 6.283185307179586;
  const V quarter = (4.0 * turns + to_integer) - to_integer;  // 0 ... 4
  const V rest = (turns - 0.25 * quarter) * two_pi;
  const V s = detail::sine_of_rest(rest), c = detail::cosine_of_rest(rest);
  const mask_of<V> first = quarter == 1.0, second = quarter == 2.0, third = quarter == 3.0;
  const mask_of<V> swapped = first | third, sine_down = second | third, cosine_down = first | second;
  const V sine = select(swapped, c, s), cosine = select(swapped, s, c);
  return {select(sine_down, -sine, sine), select(cosine_down, -cosine, cosine)};
}

/// The angle in radians of an oscillation with a frequency in Hz and a phase in degrees at time 0.
inline double oscillation(double frequency, double phase, double time_ms) {
  constexpr double pi = 3.141592653589793;
  return 2 * pi * frequency / 1000 * time_ms + phase * pi / 180;
}

/// In radians; not-a-number for infinities. Error below 2.5 ulp.
double sin(double x);
double cos(double x);

}  // namespace volley::models
