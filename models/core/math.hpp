// Elementary functions for every value type, with the same bits on every instruction set: glibc's change with the
// features of the processor. Sums and products only (no fused operations), polynomials fitted to minimise the largest
// error. Largest errors on 10^6 points: log 0.83 ulp, exp 1.03 ulp, precise_exp 0.74 ulp, expm1 2.3 ulp, pow 1 ulp more
// for each unit of |y log x|, erfc 7 ulp and 1 for each unit of x^2 above 0.
#pragma once
#include "models/core/lanes.hpp"

#include <limits>

namespace volley::models {

namespace detail {

inline constexpr double log2_e = 1.4426950408889634;
inline constexpr double ln2_high = 0.69314718036912381649;  // 32 bits: its product with an exponent is exact
inline constexpr double ln2_low = 1.9082149292705877e-10;
inline constexpr double to_integer = 0x1.8p52;  // adding it leaves the nearest integer in the lowest bits

/// All lanes equal to a word.
template <class V> typename ops<V>::words word(std::uint64_t w) { return typename ops<V>::words{} + w; }

/// (exp(r) - 1 - r) / r^2 for |r| <= ln(2) / 2, to 2^-57.
template <class V> V exp_tail(V r) {
  const V r2 = r * r, r4 = r2 * r2;
  const V low =
      (0.50000000000000111 + r * 0.1666666666666641) + r2 * (0.041666666666529732 + r * 0.0083333333334950702);
  const V high =
      (0.00138888889437596 + r * 0.00019841269505573798) + r2 * (2.4801492949639555e-05 + r * 2.7557586977540287e-06);
  return low + r4 * (high + r4 * (2.7630306354881472e-07 + r * 2.4999965953370417e-08));
}

/// 2^n for integers n given as n + to_integer, -1022 <= n <= 1023.
template <class V> V two_to(V shifted) { return ops<V>::from_bits((ops<V>::bits(shifted) + word<V>(1023)) << 52); }

/// x = n ln(2) + r with the nearest integer n.
template <class V> struct reduced {
  V n;         ///< n + to_integer
  V exp_r_m1;  ///< exp(r) - 1
};
template <class V> reduced<V> reduce(V x) {
  const V shifted = x * log2_e + to_integer;
  const V n = shifted - to_integer;
  const V r = (x - n * ln2_high) - n * ln2_low;
  return {shifted, r + r * r * exp_tail(r)};
}

}  // namespace detail

namespace detail {

/// e^x as exp(r) * 2^n, n as in reduced.
template <class V> V scaled_exp(V x, V exp_r, V n) {
  // 2^1024 is no double, so the scale is applied as 2 * 2^(n - 1).
  const V bounded = select(x < -708.0, V(0.0), exp_r * 2.0 * two_to(n - 1.0));
  return select(x > 709.78271289338397, V(std::numeric_limits<double>::infinity()), bounded);
}

}  // namespace detail

/// e^x. Results below the normal range are 0, above it infinity; not-a-number passes.
template <value_like V> V exp(V x) {
  const auto [n, exp_r_m1] = detail::reduce(x);
  return detail::scaled_exp(x, 1.0 + exp_r_m1, n);
}

/// e^x with what rounding takes from its terms carried on: largest error 0.74 ulp. For numbers that users compare with
/// those of other programs; it takes a quarter longer.
template <value_like V> V precise_exp(V x) {
  const V shifted = x * detail::log2_e + detail::to_integer;
  const V n = shifted - detail::to_integer;
  const V high = x - n * detail::ln2_high, low = n * detail::ln2_low;
  const V r = high - low, lost_of_r = (high - r) - low;
  const V sum = 1.0 + r, lost_of_sum = r - (sum - 1.0);
  return detail::scaled_exp(x, sum + (lost_of_sum + (lost_of_r + r * r * detail::exp_tail(r))), shifted);
}

/// e^x - 1 without cancellation near 0.
template <value_like V> V expm1(V x) {
  const auto [n, exp_r_m1] = detail::reduce(x);
  const V scale = detail::two_to(n);
  const V small = exp_r_m1 * scale + (scale - 1.0);
  return select(x > 40.0, exp(x), select(x < -40.0, V(-1.0), small));  // 1 is below half an ulp of e^40
}

/// Natural logarithm of a normal, positive, finite number: log() without its edges, for arguments that are known to be
/// such.
template <value_like V> [[gnu::always_inline]] inline V log_of_normal(V x) {
  using O = ops<V>;
  constexpr std::uint64_t sqrt_half = 0x3fe6a09e667f3bcd;
  const auto offset = O::bits(x) - detail::word<V>(sqrt_half);
  const auto exponent = offset >> 52;  // modulo 2^12
  const V m = O::from_bits((offset & detail::word<V>(0x000fffffffffffff)) + detail::word<V>(sqrt_half));
  // The low 12 bits of the exponent as a signed number: 2048 is added, and taken off as a double.
  const auto biased = (exponent + detail::word<V>(2048)) & detail::word<V>(4095);
  const V k = O::from_bits(biased | detail::word<V>(0x4330000000000000)) - (0x1p52 + 2048.0);
  const V f = m - 1.0;
  const V s = f / (2.0 + f), z = s * s, z2 = z * z;
  const V tail = (0.66666666666666696 + z * 0.39999999999898195) +
                 z2 * (0.28571428626512618 + z * 0.22222211054293917) +
                 z2 * z2 * (0.1818289456908197 + z * 0.15331552150083161 + z2 * 0.14618425458697182);
  const V half = 0.5 * f * f;
  return k * detail::ln2_high - ((half - (s * (half + z * tail) + k * detail::ln2_low)) - f);
}

/// Natural logarithm of a normal positive number; 0 gives -infinity, a negative number not-a-number.
template <value_like V> V log(V x) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const V at_edges =
      select(x == 0.0, V(-infinity), select(x == infinity, V(infinity), V(std::numeric_limits<double>::quiet_NaN())));
  return select((x > 0.0) & (x < infinity), log_of_normal(x), at_edges);
}

/// x^y for x >= 0; x^0 is 1, x^1 is x.
template <value_like V> V pow(V x, V y) {
  if (!any(!(y == 1.0))) return x;  // the default of many an exponent, and a tenth of the work
  constexpr double least = std::numeric_limits<double>::min(), most = std::numeric_limits<double>::max();
  const auto with_edges = [&](V general) { return select(y == 0.0, V(1.0), select(y == 1.0, x, general)); };
  if (!any(!((x >= least) & (x <= most)))) [[likely]]
    return with_edges(exp(y * log_of_normal(x)));
  const V at_zero = select(y > 0.0, V(0.0), V(std::numeric_limits<double>::infinity()));
  return with_edges(select(x == 0.0, at_zero, exp(y * log(x))));
}

/// 1 - erf(x): (1 + 2 x) exp(x^2) erfc(x) is a polynomial of (x - 3.5) / (x + 3.5) for x >= 0 (Shepherd & Laframboise
/// 1981). Results below the normal range are 0; not-a-number passes.
template <value_like V> V erfc(V x) {
  constexpr double even[] = {1.2423492448711544,      -0.010555596332221669,  -0.11508959816003075,
                             -0.04882332583088402,    -0.004215019879774186,  0.0005643842668705102,
                             -4.2781739959539994e-05, 2.3273309537791425e-06, -4.309237398316666e-08,
                             -8.611571571113718e-09,  6.651894382376532e-10,  6.040390099342991e-11};
  constexpr double odd[] = {-0.1400091801376197,    0.09751909515328706,    0.08798315382403678,
                            0.019099330953271165,   -0.0003022679534333239, -0.00012151212091980101,
                            2.4260300984917994e-05, -3.814012584490695e-06, 6.014823849950426e-07,
                            -9.64004253144383e-08,  1.3624442778701048e-08, -1.1656687889203665e-09};
  const V a = min(abs(x), 40.0);  // there it is 0
  const V q = (a - 3.5) / (a + 3.5), q2 = q * q;
  V in_even = even[11], in_odd = odd[11];
  for (int i = 10; i >= 0; --i) {
    in_even = in_even * q2 + even[i];
    in_odd = in_odd * q2 + odd[i];
  }
  const V above = exp(-(a * a)) * (in_even + q * in_odd) / (1.0 + 2.0 * a);
  return select(x < 0.0, 2.0 - above, above);
}

}  // namespace volley::models
