#include "models/core/trigonometry.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace volley::models {
namespace {

constexpr double half_pi = 0x1.921fb54442d18p+0;

/// An angle as quadrant * pi / 2 + rest, |rest| <= pi / 4.
struct reduced_angle {
  std::uint32_t quadrant;  // modulo 4
  double rest;
};

sine_cosine<double> of(reduced_angle a) {
  const double s = detail::sine_of_rest(a.rest), c = detail::cosine_of_rest(a.rest);
  const bool swapped = (a.quadrant & 1) != 0;
  const double sine = swapped ? c : s, cosine = swapped ? s : c;
  return {(a.quadrant & 2) != 0 ? -sine : sine, ((a.quadrant + 1) & 2) != 0 ? -cosine : cosine};
}

/// For x < 2^20: pi / 2 in three parts, of which the first two have 33 bits, so that their products are exact.
reduced_angle reduce_moderate(double x) {
  const double n = std::floor(x * (1 / half_pi) + 0.5);
  const double rest = ((x - n * 0x1.921fb544p+0) - n * 0x1.0b4611a6p-34) - n * 0x1.3198a2e037073p-69;
  return {static_cast<std::uint32_t>(n), rest};
}

// 2 / pi in binary, after a word of zeros that stand for the bits before the point.
constexpr std::uint64_t two_over_pi[] = {0,
                                         0xa2f9836e4e441529,
                                         0xfc2757d1f534ddc0,
                                         0xdb6295993c439041,
                                         0xfe5163abdebbc561,
                                         0xb7246e3a424dd2e0,
                                         0x06492eea09d1921c,
                                         0xfe1deb1cb129a73e,
                                         0xe88235f52ebb4484,
                                         0xe99c7026b45f7e41,
                                         0x3991d639835339f4,
                                         0x9c845f8bbdf9283b,
                                         0x1ff897ffde05980f,
                                         0xef2f118b5a0a6d1f,
                                         0x6d367ecf27cb09b7,
                                         0x4f463f669e5fea2d,
                                         0x7527bac7ebe5f17b,
                                         0x3d0739f78a5292ea,
                                         0x6bfb5fb11f8d5d08,
                                         0x56033046fc7b6bab};

std::uint64_t bits_of_two_over_pi(int first) {
  const int word = first / 64, shift = first % 64;
  if (shift == 0) return two_over_pi[word];
  return two_over_pi[word] << shift | two_over_pi[word + 1] >> (64 - shift);
}

/// For x >= 2^20: the bits of x * 2 / pi that decide modulo 4, and 190 bits behind the point.
reduced_angle reduce_huge(double x) {
  __extension__ using wide = unsigned __int128;
  __extension__ using signed_wide = __int128;
  const auto pattern = std::bit_cast<std::uint64_t>(x);
  const int exponent = static_cast<int>(pattern >> 52) - 1075;  // x = mantissa * 2^exponent
  const std::uint64_t mantissa = (pattern & 0xfffffffffffff) | std::uint64_t{1} << 52;
  // Bits with a weight above 2^(1 - exponent) contribute multiples of 4.
  const int first = exponent - 2 + 64;
  const wide low = wide{mantissa} * bits_of_two_over_pi(first + 128);
  const wide middle = wide{mantissa} * bits_of_two_over_pi(first + 64) + (low >> 64);
  const std::uint64_t high = mantissa * bits_of_two_over_pi(first) + static_cast<std::uint64_t>(middle >> 64);
  const auto quadrant = static_cast<std::uint32_t>(high >> 62);
  const wide fraction = wide{high << 2 | static_cast<std::uint64_t>(middle) >> 62} << 64 |
                        (static_cast<std::uint64_t>(middle) << 2 | static_cast<std::uint64_t>(low) >> 62);
  // As a signed number the fraction is in [-1/2, 1/2), and the quadrant the nearest one.
  const auto nearest = static_cast<signed_wide>(fraction);
  return {quadrant + (nearest < 0 ? 1u : 0u), static_cast<double>(nearest) * 0x1p-128 * half_pi};
}

reduced_angle reduce(double magnitude) {
  return magnitude < 0x1p20 ? reduce_moderate(magnitude) : reduce_huge(magnitude);
}

}  // namespace

double sin(double x) {
  if (!std::isfinite(x)) return std::numeric_limits<double>::quiet_NaN();
  const double sine = of(reduce(std::fabs(x))).sine;
  return std::signbit(x) ? -sine : sine;
}

double cos(double x) {
  if (!std::isfinite(x)) return std::numeric_limits<double>::quiet_NaN();
  return of(reduce(std::fabs(x))).cosine;
}

}  // namespace volley::models
