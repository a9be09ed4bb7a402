// Sine and cosine with the same bits on every machine (glibc's change with the features of the processor), for every
// double: angles are reduced exactly, huge ones by Payne and Hanek's method (1983).
#pragma once

namespace volley::models {

struct sine_cosine {
  double sine, cosine;
};

/// Of 2 pi `turns`, for 0 <= turns <= 1. Absolute error below 2^-52.
sine_cosine sincos_turns(double turns);

/// In radians; not-a-number for infinities. Error below 2.5 ulp.
double sin(double x);
double cos(double x);

}  // namespace volley::models
