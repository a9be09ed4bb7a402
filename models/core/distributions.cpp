#include "models/core/distributions.hpp"

#include <algorithm>
#include <cmath>

#include "models/core/box_muller.hpp"
#include "models/core/math.hpp"
#include "models/core/trigonometry.hpp"

namespace volley::models {
namespace {

constexpr double two_pi = 6.283185307179586;

/// log(n!) minus Stirling's approximation log(sqrt(2 pi n) (n / e)^n), for integers n >= 1.
double stirling_error(double n) {
  static constexpr double small[] = {0.081061466795327261,  0.041340695955409297,  0.027677925684998338,
                                     0.020790672103765093,  0.016644691189821193,  0.013876128823070748,
                                     0.01189670994589177,   0.010411265261972096,  0.0092554621827127329,
                                     0.0083305634333628708, 0.0075736754879518406, 0.0069428401072095299,
                                     0.0064089941880042071, 0.0059513701127588475, 0.0055547335519628011};
  if (n <= 15) return small[static_cast<int>(n) - 1];
  const double s = 1 / (n * n);
  return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - s / 1188) * s) * s) * s) / n;
}

/// x log(x / mean) + mean - x without cancellation where x is near the mean (Loader 2000).
double deviance(double x, double mean) {
  if (std::fabs(x - mean) >= 0.1 * (x + mean)) return x * log(x / mean) + mean - x;
  const double v = (x - mean) / (x + mean), v2 = v * v;
  double sum = (x - mean) * v, term = 2 * x * v;
  for (int odd = 3;; odd += 2) {
    term *= v2;
    const double next = sum + term / odd;
    if (next == sum) return sum;
    sum = next;
  }
}

/// Inversion that starts at `start`, whose probability is known, and takes counts from both sides in turn, since the
/// sum of all is 1 in any order. up(k) is P(k + 1) / P(k), down(k) is P(k - 1) / P(k); both are 0 where the range ends.
template <class Up, class Down>
std::uint64_t invert_from(std::uint64_t start, double probability, double uniform, Up up, Down down) {
  std::uint64_t above = start, below = start;
  double p_above = probability, p_below = probability;
  double left = uniform - probability;
  while (left >= 0) {
    p_above *= up(above);
    p_below *= down(below);
    if (p_above + p_below == 0) return start;  // rounding left a rest beyond both tails
    if (p_above > 0) {
      ++above;
      left -= p_above;
      if (left < 0) return above;
    }
    if (p_below > 0) {
      --below;
      left -= p_below;
      if (left < 0) return below;
    }
  }
  return start;
}

}  // namespace

std::uint32_t uniform_index(random_key key, random_words counter, std::uint32_t word, std::uint32_t bound) {
  const std::uint32_t threshold = -bound % bound;
  for (;; ++counter[3]) {
    const std::uint64_t product = std::uint64_t{draw(key, counter)[word]} * bound;
    if (static_cast<std::uint32_t>(product) >= threshold) return static_cast<std::uint32_t>(product >> 32);
  }
}

normal_pair standard_normals(const random_words& block) {
  const double radius = std::sqrt(squared_radius(uniform01_positive(block[0], block[1])));
  const auto [sine, cosine] = sincos_turns(uniform01(block[2], block[3]));
  return {radius * cosine, radius * sine};
}

double standard_exponential(const random_words& block) {
  return std::max(0.0, -log(uniform01_positive(block[0], block[1])));
}

double log1p(double x) {
  const double sum = 1 + x;
  if (sum == 1) return x;
  return log(sum) * (x / (sum - 1));  // the rounding of the sum cancels
}

std::uint64_t geometric_gaps::gap(double log_uniform, std::uint64_t limit) const {
  const double gap = std::max(0.0, log_uniform * per_log_);
  return gap >= static_cast<double>(limit) ? limit : static_cast<std::uint64_t>(gap);
}

poisson_table::poisson_table(double mean) {
  constexpr double negligible = 1e-22;
  const auto mode = static_cast<std::uint64_t>(mean);
  std::vector<double> below, above;  // probabilities relative to the mode's
  double p = 1;
  for (std::uint64_t k = mode; k > 0 && p > negligible; --k) below.push_back(p *= static_cast<double>(k) / mean);
  p = 1;
  for (std::uint64_t k = mode + 1; mean > 0 && p > negligible; ++k) above.push_back(p *= mean / static_cast<double>(k));

  std::vector<double> all(below.rbegin(), below.rend());
  all.push_back(1);
  all.insert(all.end(), above.begin(), above.end());
  first_ = mode - below.size();

  std::vector<double> cumulated(all.size());
  double sum = 0;
  for (std::size_t i = 0; i < all.size(); ++i) cumulated[i] = sum += all[i];
  for (const double c : cumulated) {
    const double threshold = c / sum * 0x1p64;
    thresholds_.push_back(threshold >= 0x1p64 ? ~std::uint64_t{0} : static_cast<std::uint64_t>(threshold));
  }
  for (std::uint64_t high = 0; high < 256; ++high) {
    const auto first = std::ranges::upper_bound(thresholds_, high << 56);
    guide_.push_back(static_cast<std::uint32_t>(first - thresholds_.begin()));
  }
}

std::uint64_t poisson_table::operator()(std::uint64_t word) const {
  std::size_t i = guide_[word >> 56];
  while (i + 1 < thresholds_.size() && thresholds_[i] <= word) ++i;
  return first_ + i;
}

poisson_table::high_words poisson_table::for_high_words() const {
  high_words table{first_, {}};
  for (std::size_t i = 0; i + 1 < thresholds_.size(); ++i) {
    // The least high word that reaches the threshold.
    const std::uint64_t least = (thresholds_[i] >> 32) + ((thresholds_[i] & 0xffffffff) != 0);
    if (least == 0)
      ++table.first;
    else if (least <= 0xffffffff)
      table.above.push_back(static_cast<std::uint32_t>(least));
  }
  return table;
}

std::uint64_t poisson(double mean, double uniform) {
  if (mean <= 0) return 0;
  const auto mode = static_cast<std::uint64_t>(mean);
  const auto m = static_cast<double>(mode);
  const double at_mode = mode == 0 ? exp(-mean) : exp(-stirling_error(m) - deviance(m, mean)) / std::sqrt(two_pi * m);
  return invert_from(
      mode, at_mode, uniform, [mean](std::uint64_t k) { return mean / static_cast<double>(k + 1); },
      [mean](std::uint64_t k) { return static_cast<double>(k) / mean; });
}

std::uint64_t binomial(std::uint64_t n, double p, double uniform) {
  if (p > 0.5) return n - binomial(n, 1 - p, uniform);
  if (n == 0 || p <= 0) return 0;
  const double q = 1 - p, size = static_cast<double>(n), odds = p / q;
  const std::uint64_t start = std::min(static_cast<std::uint64_t>((size + 1) * p), n - 1);
  const double k = static_cast<double>(start), rest = size - k;
  const double at_start = start == 0 ? exp(size * log1p(-p))
                                     : exp(stirling_error(size) - stirling_error(k) - stirling_error(rest) -
                                           deviance(k, size * p) - deviance(rest, size * q)) *
                                           std::sqrt(size / (two_pi * k * rest));
  return invert_from(
      start, at_start, uniform,
      [=](std::uint64_t i) { return static_cast<double>(n - i) / static_cast<double>(i + 1) * odds; },
      [=](std::uint64_t i) { return static_cast<double>(i) / (static_cast<double>(n - i + 1) * odds); });
}

}  // namespace volley::models
