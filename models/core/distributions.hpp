// Random variates from counter-based words: pure functions, with the same bits on every machine.
#pragma once
#include <cstdint>
#include <vector>

#include "models/core/random.hpp"

namespace volley::models {

/// An index below `bound`, all equally likely, exactly (Lemire 2019). Uses word `word` of the block at `counter`, whose
/// last word counts the attempts from where it stands. bound >= 1.
std::uint32_t uniform_index(random_key key, random_words counter, std::uint32_t word, std::uint32_t bound);

/// Two independent standard normal variates of one block (Box and Muller 1958).
struct normal_pair {
  double first, second;
};
normal_pair standard_normals(const random_words& block);

/// Exponential variate with mean 1, of words 0 and 1.
double standard_exponential(const random_words& block);

/// Natural logarithm of 1 + x, without cancellation near 0. x > -1.
double log1p(double x);

/// How often success fails to come before the first success, when each trial succeeds with probability p; at most
/// `limit`.
class geometric_gaps {
 public:
  /// 0 < p <= 1.
  explicit geometric_gaps(double p) : per_log_(p < 1 ? 1 / log1p(-p) : 0) {}
  /// `log_uniform`: logarithm of a uniform number in (0, 1].
  std::uint64_t gap(double log_uniform, std::uint64_t limit) const;

 private:
  double per_log_;
};

/// Poisson variates with one mean, by inversion of tabulated thresholds (a guide finds the place in constant time).
class poisson_table {
 public:
  /// 0 <= mean < 2^31. The table has about 20 sqrt(mean) + 20 entries; only products, quotients and sums build it.
  explicit poisson_table(double mean);
  /// `word`: 64 random bits.
  std::uint64_t operator()(std::uint64_t word) const;

  /// The table for words whose low 32 bits are 0, given as their high 32 bits.
  struct high_words {
    std::uint64_t first = 0;           ///< the least count
    std::vector<std::uint32_t> above;  ///< each threshold that is not above the word adds 1
  };
  high_words for_high_words() const;

 private:
  std::uint64_t first_ = 0;                ///< count of the first threshold
  std::vector<std::uint64_t> thresholds_;  ///< P(count <= first + i) * 2^64
  std::vector<std::uint32_t> guide_;       ///< by the highest 8 bits of the word: first threshold that can be above it
};

/// Poisson variate by inversion from the mode: 0 <= uniform < 1, 0 <= mean < 2^62. Takes O(sqrt(mean)).
std::uint64_t poisson(double mean, double uniform);

/// Binomial variate by inversion from the mode: 0 <= p <= 1, 0 <= uniform < 1, n < 2^53. Takes O(sqrt(n p (1 - p))).
std::uint64_t binomial(std::uint64_t n, double p, double uniform);

}  // namespace volley::models
