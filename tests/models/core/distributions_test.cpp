#include "models/core/distributions.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

namespace volley::models {
namespace {

constexpr int n_draws = 200000;

random_words block(std::uint32_t i) { return draw({11, purpose::value_parameter, 5}, {i, 0, 0, 0}); }

long double log_binomial(long double n, long double k, long double p) {
  return lgammal(n + 1) - lgammal(k + 1) - lgammal(n - k + 1) + k * logl(p) + (n - k) * log1pl(-p);
}
long double log_poisson(long double k, long double mean) { return k * logl(mean) - mean - lgammal(k + 1); }

/// The probability that `variate(u)` gives to `k`, found by bisection at the ends of the interval of u that maps to it:
/// the inversion visits counts in the order start, start + 1, start - 1, ..., each as one interval.
template <class Variate> double probability(Variate variate, std::uint64_t k, double inside) {
  const auto edge = [&](double in, double out) {
    for (int i = 0; i < 80; ++i) {
      const double middle = 0.5 * (in + out);
      (variate(middle) == k ? in : out) = middle;
    }
    return in;
  };
  return edge(inside, 1.0) - edge(inside, 0.0);
}

TEST(distributions, normals_have_the_moments_and_tails_of_a_normal) {
  double sum = 0, sum2 = 0, sum4 = 0, product = 0;
  int beyond_two = 0, beyond_four = 0;
  for (std::uint32_t i = 0; i < n_draws; ++i) {
    const auto [x, y] = standard_normals(block(i));
    sum += x;
    sum2 += x * x;
    sum4 += x * x * x * x;
    product += x * y;
    beyond_two += std::fabs(x) > 2;
    beyond_four += std::fabs(x) > 4;
  }
  const double root = std::sqrt(n_draws);
  EXPECT_NEAR(sum / n_draws, 0, 4 / root);
  EXPECT_NEAR(sum2 / n_draws, 1, 4 * std::sqrt(2) / root);
  EXPECT_NEAR(sum4 / n_draws, 3, 4 * std::sqrt(96) / root);
  EXPECT_NEAR(product / n_draws, 0, 4 / root);
  EXPECT_NEAR(beyond_two, 0.0455 * n_draws, 4 * std::sqrt(0.0455 * n_draws));
  EXPECT_NEAR(beyond_four, 6.334e-5 * n_draws, 4 * std::sqrt(6.334e-5 * n_draws));
}

TEST(distributions, normals_are_finite_at_the_ends_of_the_words) {
  for (const std::uint32_t high : {0u, 0xffffffffu})
    for (const std::uint32_t angle : {0u, 0x80000000u, 0xffffffffu}) {
      const auto [x, y] = standard_normals({high, high, angle, angle});
      EXPECT_TRUE(std::isfinite(x) && std::isfinite(y));
    }
  EXPECT_EQ(standard_normals({0xffffffff, 0xffffffff, 0, 0}).first, 0);
}

TEST(distributions, exponentials_have_their_moments) {
  double sum = 0, sum2 = 0;
  for (std::uint32_t i = 0; i < n_draws; ++i) {
    const double x = standard_exponential(block(i));
    ASSERT_GE(x, 0);
    sum += x;
    sum2 += x * x;
  }
  EXPECT_NEAR(sum / n_draws, 1, 4 / std::sqrt(n_draws));
  EXPECT_NEAR(sum2 / n_draws, 2, 4 * std::sqrt(20.0 / n_draws));
}

TEST(distributions, log1p_keeps_small_numbers) {
  for (const double x : {-0.9, -0.5, -1e-3, -1e-9, -1e-17, -1e-300, 0.0, 1e-18, 1e-8, 0.3, 5.0})
    EXPECT_NEAR(models::log1p(x), std::log1p(x), 4e-16 * std::fabs(std::log1p(x)));
}

TEST(distributions, gaps_are_geometric) {
  for (const double p : {0.02, 0.5, 0.97}) {
    const geometric_gaps gaps(p);
    double sum = 0;
    int zeros = 0;
    for (std::uint32_t i = 0; i < n_draws; ++i) {
      const auto words = block(i);
      const auto gap = gaps.gap(std::log(uniform01_positive(words[0], words[1])), 1000000);
      sum += static_cast<double>(gap);
      zeros += gap == 0;
    }
    const double mean = (1 - p) / p, sd = std::sqrt(1 - p) / p;
    EXPECT_NEAR(sum / n_draws, mean, 4 * sd / std::sqrt(n_draws));
    EXPECT_NEAR(zeros, p * n_draws, 4 * std::sqrt(p * (1 - p) * n_draws));
  }
}

TEST(distributions, gaps_reach_their_ends) {
  EXPECT_EQ(geometric_gaps(1.0).gap(-36.7, 100), 0u);
  EXPECT_EQ(geometric_gaps(1e-300).gap(-0.7, 100), 100u);
  EXPECT_EQ(geometric_gaps(0.5).gap(0.0, 100), 0u);
  EXPECT_EQ(geometric_gaps(0.5).gap(-0.7, 100), 1u);
  EXPECT_EQ(geometric_gaps(0.5).gap(-36.7, 10), 10u);
}

TEST(distributions, poisson_table_has_exact_thresholds) {
  for (const double mean : {1e-9, 0.1, 1.0, 12.7, 300.0, 15625.0}) {
    const poisson_table table(mean);
    // By bisection: the least word whose count exceeds k is P(count <= k) * 2^64.
    const auto first = static_cast<std::uint64_t>(std::max(0.0, mean - 4 * std::sqrt(mean)));
    long double below = 0;
    for (std::uint64_t k = 0; k < first; ++k) below += expl(log_poisson(k, mean));
    for (std::uint64_t k = first; k < mean + 4 * std::sqrt(mean) + 2; ++k) {
      below += expl(log_poisson(k, mean));
      std::uint64_t low = 0, high = ~std::uint64_t{0};
      while (low < high) {
        const std::uint64_t middle = low + (high - low) / 2;
        if (table(middle) > k)
          high = middle;
        else
          low = middle + 1;
      }
      EXPECT_NEAR(static_cast<double>(low) * 0x1p-64, static_cast<double>(below), 2e-14) << mean << " " << k;
    }
  }
}

TEST(distributions, poisson_table_of_nothing_is_nothing) {
  const poisson_table table(0);
  EXPECT_EQ(table(0), 0u);
  EXPECT_EQ(table(~std::uint64_t{0}), 0u);
}

TEST(distributions, poisson_by_inversion_gives_each_count_its_probability) {
  for (const double mean : {1e-3, 0.7, 3.5, 40.0, 2500.0}) {
    const auto variate = [mean](double u) { return poisson(mean, u); };
    for (const double u : {0.0, 0.1, 0.5, 0.9, 0.99}) {
      const auto k = variate(u);
      EXPECT_NEAR(probability(variate, k, u), expl(log_poisson(k, mean)), 1e-12) << mean << " " << k;
    }
  }
  EXPECT_EQ(poisson(0, 0.999), 0u);
}

TEST(distributions, binomial_gives_each_count_its_probability) {
  struct {
    std::uint64_t n;
    double p;
  } const cases[] = {{1, 0.5},    {1, 0.1},    {2, 0.5},        {10, 0.3},        {10, 0.9},
                     {100, 0.01}, {1000, 0.5}, {15625000, 0.5}, {15625000, 1e-6}, {1u << 30, 0.37}};
  for (const auto [n, p] : cases) {
    const auto variate = [n = n, p = p](double u) { return binomial(n, p, u); };
    for (const double u : {0.0, 0.2, 0.5, 0.8, 0.97, 0.9999}) {
      const auto k = variate(u);
      // The long double reference itself loses digits where its terms are large.
      EXPECT_NEAR(probability(variate, k, u), expl(log_binomial(n, k, p)), 1e-12 + 1e-18 * static_cast<double>(n))
          << n << " " << p << " " << k;
    }
  }
}

TEST(distributions, binomial_probabilities_sum_to_one) {
  // Every count is met: the rest that rounding leaves is below 1e-12.
  const std::uint64_t n = 20;
  std::vector<bool> seen(n + 1);
  double u = 0;
  const auto variate = [](double x) { return binomial(20, 0.3, x); };
  double sum = 0;
  for (int i = 0; i < 400 && u < 1; ++i) {
    const auto k = variate(u);
    if (!seen[k]) sum += probability(variate, k, u);
    seen[k] = true;
    u += 1.0 / 400;
  }
  EXPECT_NEAR(sum, 1, 0.02);
  EXPECT_LE(variate(0x1.fffffffffffffp-1), n);
}

TEST(distributions, binomial_keeps_its_range_and_ends) {
  EXPECT_EQ(binomial(0, 0.5, 0.7), 0u);
  EXPECT_EQ(binomial(50, 0, 0.7), 0u);
  EXPECT_EQ(binomial(50, 1, 0.7), 50u);
  for (const std::uint64_t n : {1u, 2u, 3u, 17u})
    for (const double p : {1e-12, 0.2, 0.5, 0.9, 1 - 1e-12})
      for (const double u : {0.0, 0.5, 0x1.fffffffffffffp-1}) EXPECT_LE(binomial(n, p, u), n);
}

TEST(distributions, binomial_has_its_moments) {
  for (const double p : {0.003, 0.5, 0.8}) {
    const std::uint64_t n = 10000;
    double sum = 0, sum2 = 0;
    for (std::uint32_t i = 0; i < 20000; ++i) {
      const auto words = block(i);
      const double x = static_cast<double>(binomial(n, p, uniform01(words[0], words[1]))) - static_cast<double>(n) * p;
      sum += x;
      sum2 += x * x;
    }
    const double variance = static_cast<double>(n) * p * (1 - p);
    EXPECT_NEAR(sum / 20000, 0, 4 * std::sqrt(variance / 20000));
    EXPECT_NEAR(sum2 / 20000 / variance, 1, 4 * std::sqrt(2.0 / 20000) + 0.01);
  }
}

}  // namespace
}  // namespace volley::models
