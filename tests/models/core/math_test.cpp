#include "models/core/math.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <random>

#include "tests/models/core/lane_probe.hpp"

namespace volley::models::tests {
namespace {

using numbers = std::vector<double>;
constexpr std::size_t count = 200000;
constexpr double infinity = std::numeric_limits<double>::infinity();
const double nan = std::numeric_limits<double>::quiet_NaN();

numbers spread(double low, double high, unsigned seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> draw(low, high);
  numbers x(count);
  for (double& v : x) v = draw(random);
  return x;
}

/// Largest distance from the exact values, in units of the last place.
template <class Exact> double worst_ulp(const numbers& x, const numbers& result, Exact exact) {
  double worst = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const long double e = exact(x[i]);
    int exponent;
    std::frexp(static_cast<double>(e), &exponent);
    worst = std::max(worst, std::abs(static_cast<double>((result[i] - e) / std::ldexp(1.0L, exponent - 53))));
  }
  return worst;
}

template <class Function> numbers by_doubles(const numbers& x, Function f) {
  numbers result(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) result[i] = f(x[i]);
  return result;
}

void expect_same_bits(const numbers& a, const numbers& b, std::string_view what) {
  std::size_t different = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    different += std::bit_cast<std::uint64_t>(a[i]) != std::bit_cast<std::uint64_t>(b[i]);
  EXPECT_EQ(different, 0u) << what;
}

TEST(math, exp_is_close) {
  const auto f = [](double v) { return exp(v); };
  for (const auto& x : {spread(-700, 700, 1), spread(-1, 1, 2)})
    EXPECT_LT(worst_ulp(x, by_doubles(x, f), [](double v) { return std::exp(static_cast<long double>(v)); }), 1.05);
}

TEST(math, precise_exp_is_closer) {
  const auto f = [](double v) { return precise_exp(v); };
  for (const auto& x : {spread(-700, 700, 1), spread(-2, 2, 2)})
    EXPECT_LT(worst_ulp(x, by_doubles(x, f), [](double v) { return std::exp(static_cast<long double>(v)); }), 0.75);
  EXPECT_EQ(precise_exp(1.0), 2.718281828459045) << "exp gives the next";
  EXPECT_EQ(precise_exp(0.0), 1.0);
  EXPECT_EQ(precise_exp(infinity), infinity);
  EXPECT_EQ(precise_exp(-infinity), 0.0);
  EXPECT_TRUE(std::isnan(precise_exp(std::nan(""))));
}

TEST(math, expm1_is_close) {
  const auto f = [](double v) { return expm1(v); };
  for (const auto& x : {spread(-50, 50, 1), spread(-1, 1, 2), spread(-1e-5, 1e-5, 3)})
    EXPECT_LT(worst_ulp(x, by_doubles(x, f), [](double v) { return std::expm1(static_cast<long double>(v)); }), 2.5);
}

TEST(math, erfc_is_close) {
  const auto f = [](double v) { return erfc(v); };
  const auto exact = [](double v) { return std::erfc(static_cast<long double>(v)); };
  for (const auto& x : {spread(-6, 0, 1), spread(0, 1, 2)}) EXPECT_LT(worst_ulp(x, by_doubles(x, f), exact), 7);
  for (const double most : {5.0, 26.0}) {
    const auto x = spread(1, most, 3);
    EXPECT_LT(worst_ulp(x, by_doubles(x, f), exact), 7 + most * most);
  }
  EXPECT_DOUBLE_EQ(erfc(0.0), 1.0);
  EXPECT_EQ(erfc(infinity), 0.0);
  EXPECT_EQ(erfc(-infinity), 2.0);
  EXPECT_EQ(erfc(30.0), 0.0);
  EXPECT_TRUE(std::isnan(erfc(nan)));
}

TEST(math, log_is_close) {
  const auto f = [](double v) { return log(v); };
  for (const auto& x : {spread(0, 1e300, 1), spread(0.5, 2, 2), spread(0, 1e-300, 3)})
    EXPECT_LT(worst_ulp(x, by_doubles(x, f), [](double v) { return std::log(static_cast<long double>(v)); }), 0.85);
}

TEST(math, pow_is_close_where_the_result_is_not_tiny) {
  const numbers x = spread(0.1, 2, 1);
  const auto f = [](double v) { return pow(v, 1.4); };
  EXPECT_LT(worst_ulp(x, by_doubles(x, f),
                      [](double v) { return std::pow(static_cast<long double>(v), static_cast<long double>(1.4)); }),
            5);
}

TEST(math, edges_are_those_of_the_c_library) {
  EXPECT_EQ(exp(0.0), 1.0);
  EXPECT_EQ(exp(1e4), infinity);
  EXPECT_EQ(exp(-1e4), 0.0);
  EXPECT_EQ(exp(infinity), infinity);
  EXPECT_EQ(exp(-infinity), 0.0);
  EXPECT_TRUE(std::isnan(exp(nan)));
  EXPECT_DOUBLE_EQ(exp(709.78), std::exp(709.78));
  EXPECT_EQ(expm1(0.0), 0.0);
  EXPECT_EQ(expm1(-1e4), -1.0);
  EXPECT_EQ(expm1(1e4), infinity);
  EXPECT_EQ(log(1.0), 0.0);
  EXPECT_EQ(log(0.0), -infinity);
  EXPECT_EQ(log(infinity), infinity);
  EXPECT_TRUE(std::isnan(log(-1.0)));
  EXPECT_TRUE(std::isnan(log(nan)));
  EXPECT_EQ(pow(0.0, 0.0), 1.0);
  EXPECT_EQ(pow(0.0, 0.4), 0.0);
  EXPECT_EQ(pow(0.0, -1.0), infinity);
  EXPECT_EQ(pow(0.3, 1.0), 0.3);
}

TEST(math, bits_are_the_same_on_every_instruction_set) {
  const numbers wide = spread(-720, 720, 4), positive = spread(0, 3, 5), exponent = spread(-2, 2, 6);
  for (const auto& probe : runnable_probes()) {
    expect_same_bits(probe.exp(wide), by_doubles(wide, [](double v) { return exp(v); }), probe.isa);
    expect_same_bits(probe.erfc(wide), by_doubles(wide, [](double v) { return erfc(v); }), probe.isa);
    expect_same_bits(probe.erfc(exponent), by_doubles(exponent, [](double v) { return erfc(v); }), probe.isa);
    expect_same_bits(probe.expm1(exponent), by_doubles(exponent, [](double v) { return expm1(v); }), probe.isa);
    expect_same_bits(probe.log(positive), by_doubles(positive, [](double v) { return log(v); }), probe.isa);
    numbers powers(count);
    for (std::size_t i = 0; i < count; ++i) powers[i] = pow(positive[i], exponent[i]);
    expect_same_bits(probe.pow(positive, exponent), powers, probe.isa);
  }
}

}  // namespace
}  // namespace volley::models::tests
