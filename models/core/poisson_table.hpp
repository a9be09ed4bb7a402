// Poisson counts from one 32-bit word by inversion of a table of the distribution function. The table comes from the
// recurrence of the probabilities outwards from the mode: sums, products and quotients only, so its bits are the same
// everywhere. Probabilities are resolved to 2^-32.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace volley::models {

class poisson_table {
 public:
  explicit poisson_table(double mean) {
    if (!(mean > 0)) return;
    const auto mode = static_cast<std::int64_t>(std::floor(mean));
    constexpr double negligible = 0x1p-80;
    std::vector<double> down, up;  // relative to the mode's probability
    double p = 1;
    for (std::int64_t k = mode; k > 0 && p > negligible; --k) down.push_back(p *= static_cast<double>(k) / mean);
    p = 1;
    for (std::int64_t k = mode + 1; p > negligible; ++k) up.push_back(p *= mean / static_cast<double>(k));
    std::reverse(down.begin(), down.end());
    double total = 1;
    for (const double d : down) total += d;
    for (const double u : up) total += u;

    first_ = static_cast<std::uint32_t>(mode - static_cast<std::int64_t>(down.size()));
    double below = 0;
    const auto add = [&](double share) {
      below += share / total;
      const double scaled = std::floor(below * 0x1p32 + 0.5);
      if (scaled < 0x1p32) thresholds_.push_back(static_cast<std::uint32_t>(scaled));
    };
    for (const double d : down) add(d);
    add(1);
    for (const double u : up) add(u);
    while (!thresholds_.empty() && thresholds_.front() == 0) {
      thresholds_.erase(thresholds_.begin());
      ++first_;
    }
  }

  /// The count for a uniform word.
  std::uint32_t operator()(std::uint32_t word) const {
    if (thresholds_.size() <= linear_size) {
      std::uint32_t k = 0;
      while (k < thresholds_.size() && word >= thresholds_[k]) ++k;
      return first_ + k;
    }
    return first_ + static_cast<std::uint32_t>(std::upper_bound(thresholds_.begin(), thresholds_.end(), word) - thresholds_.begin());
  }

  /// Counts below first_count() never occur; word >= thresholds()[k] means more than first_count() + k.
  std::uint32_t first_count() const { return first_; }
  const std::vector<std::uint32_t>& thresholds() const { return thresholds_; }

 private:
  static constexpr std::size_t linear_size = 24;
  std::uint32_t first_ = 0;
  std::vector<std::uint32_t> thresholds_;
};

}  // namespace volley::models
