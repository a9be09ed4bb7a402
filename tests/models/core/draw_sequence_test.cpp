#include "models/core/draw_sequence.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "models/core/distributions.hpp"

namespace volley::models {
namespace {

constexpr random_key key{11, purpose::generator_train, 5};

draw_sequence of_owner(std::uint32_t owner) { return {key, {owner, 0, 0, 0}, 3}; }

/// Mean, variance and third central moment of `n` numbers.
struct moments {
  double mean = 0, variance = 0, third = 0;
  template <class Draw> moments(int n, Draw&& draw) {
    std::vector<double> all;
    for (int i = 0; i < n; ++i) all.push_back(draw());
    for (const double x : all) mean += x / n;
    for (const double x : all) {
      variance += (x - mean) * (x - mean) / n;
      third += (x - mean) * (x - mean) * (x - mean) / n;
    }
  }
};

TEST(draw_sequence, has_exponential_variates_of_mean_1) {
  auto random = of_owner(3);
  const moments m(40000, [&] { return random.exponential(); });
  EXPECT_NEAR(m.mean, 1, 5 / std::sqrt(40000));
  EXPECT_NEAR(m.variance, 1, 5 * std::sqrt(8 / 40000.0));
  EXPECT_NEAR(m.third, 2, 0.7);
}

TEST(draw_sequence, takes_the_words_of_one_block_after_the_other) {
  draw_sequence random(key, {1, 2, 3, 4}, 2, 16);
  for (std::uint32_t i = 0; i < 5; ++i) {
    const auto block = draw(key, {1, 2, 3 + 16 * i, 4});
    EXPECT_EQ(random.uniform(), uniform01(block[0], block[1]));
    EXPECT_EQ(random.uniform(), uniform01(block[2], block[3]));
  }
  draw_sequence normals(key, {1, 2, 3, 4}, 2, 16);
  EXPECT_EQ(normals.uniform(), uniform01(draw(key, {1, 2, 3, 4})[0], draw(key, {1, 2, 3, 4})[1]));
  const auto pair = standard_normals(draw(key, {1, 2, 19, 4}));
  EXPECT_EQ(normals.normal(), pair.first);
  EXPECT_EQ(normals.normal(), pair.second);
}

TEST(draw_sequence, is_the_same_for_an_owner_and_another_for_others) {
  auto a = of_owner(1), same = of_owner(1), b = of_owner(2);
  for (int i = 0; i < 10; ++i) {
    const double x = a.uniform();
    EXPECT_EQ(x, same.uniform());
    EXPECT_NE(x, b.uniform());
  }
}

TEST(draw_sequence, gammas_have_the_moments_of_their_shape) {
  constexpr int n = 100000;
  for (const double k : {1.0, 1.5, 3.0, 20.0, 1e6}) {
    auto random = of_owner(3);
    const moments m(n, [&] { return random.gamma_of_mean_1(k); });
    EXPECT_NEAR(m.mean, 1, 5 / std::sqrt(k * n)) << k;
    EXPECT_NEAR(m.variance * k, 1, 5 * std::sqrt((2 + 6 / k) / n)) << k;
    EXPECT_NEAR(m.third * k * std::sqrt(k), 2 / std::sqrt(k), 0.15 * (1 + 4 / std::sqrt(k))) << k;
  }
}

TEST(draw_sequence, gammas_of_any_shape_are_finite_and_above_0) {
  for (const double k : {1.0, 1e15, 1e31, 1e300, 1.7e308}) {
    auto random = of_owner(4);
    for (int i = 0; i < 1000; ++i) {
      const double x = random.gamma_of_mean_1(k);
      ASSERT_GT(x, 0) << k;
      ASSERT_TRUE(std::isfinite(x)) << k;
      ASSERT_TRUE(k < 1e10 || std::fabs(x - 1) < 1e-6) << k;
    }
  }
}

TEST(draw_sequence, binomials_have_their_mean_and_variance) {
  constexpr int draws = 50000;
  for (const double n : {1.0, 2.0, 30.0, 5000.0})
    for (const double p : {0.01, 0.3, 0.9}) {
      auto random = of_owner(5);
      const moments m(draws, [&] { return random.binomial(n, p); });
      const double variance = n * p * (1 - p);
      EXPECT_NEAR(m.mean, n * p, 5 * std::sqrt(variance / draws)) << n << " " << p;
      EXPECT_NEAR(m.variance, variance, variance * 5 * std::sqrt((2 + 1 / variance) / draws)) << n << " " << p;
    }
  auto random = of_owner(6), same = of_owner(6);
  EXPECT_EQ(random.binomial(0, 0.5), 0);
  EXPECT_EQ(random.uniform(), same.uniform()) << "of nobody, nothing is drawn";
  EXPECT_EQ(random.binomial(7, 1), 7);
  EXPECT_EQ(random.binomial(1, 0), 0);
}

TEST(draw_sequence, normals_keep_within_their_farthest) {
  EXPECT_GT(draw_sequence::farthest_normal, std::sqrt(2 * 53 * std::log(2.0)));
}

}  // namespace
}  // namespace volley::models
