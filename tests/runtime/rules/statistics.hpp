// Connections that a rule draws at a fixed seed, and what tells whether they come from its distribution.
#pragma once
#include <cmath>
#include <cstdint>
#include <map>
#include <numeric>
#include <utility>
#include <vector>

#include "tests/runtime/rules/walked.hpp"

namespace volley::runtime {

inline std::vector<connection> drawn(const dictionary& spec, const node_set& sources, const node_set& targets) {
  return walked(parse_rule(spec, sources, targets, 1234, 1));
}

/// (chi2 - degrees of freedom) in standard deviations, for counts that should all be near their mean.
inline double excess(const std::vector<int>& counts, double expected) {
  double chi2 = 0;
  for (const int n : counts) chi2 += (n - expected) * (n - expected) / expected;
  const double freedom = static_cast<double>(counts.size()) - 1;
  return (chi2 - freedom) / std::sqrt(2 * freedom);
}

/// Variance of counts over their mean: 1 for Poisson, 1 - p for binomial counts.
inline double dispersion(const std::vector<int>& counts) {
  const double n = static_cast<double>(counts.size());
  const double mean = std::accumulate(counts.begin(), counts.end(), 0.0) / n;
  double sum = 0;
  for (const int c : counts) sum += (c - mean) * (c - mean);
  return sum / n / mean;
}

/// How many of all pairs have 0, 1, 2, ... connections.
inline std::vector<int> pair_histogram(const std::vector<connection>& all, std::uint64_t pairs) {
  std::map<std::pair<std::uint64_t, std::uint64_t>, int> count;
  for (const connection& c : all) ++count[{c.source, c.target}];
  std::vector<int> histogram(20);
  for (const auto& [pair, n] : count) ++histogram.at(static_cast<std::size_t>(n));
  histogram[0] = static_cast<int>(pairs - count.size());
  return histogram;
}

}  // namespace volley::runtime
