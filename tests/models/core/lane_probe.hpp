// Lets a test call code that is templated on lanes, compiled for each instruction set.
#pragma once
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace volley::models::tests {

/// Functions over arrays whose length is a multiple of 8.
struct lane_probe {
  std::string_view isa;
  std::vector<double> (*exp)(const std::vector<double>&);
  std::vector<double> (*expm1)(const std::vector<double>&);
  std::vector<double> (*erfc)(const std::vector<double>&);
  std::vector<double> (*log)(const std::vector<double>&);
  std::vector<double> (*pow)(const std::vector<double>& x, const std::vector<double>& y);

  /// x where low < x <= high and x is not `except`, else -1; and the bitmap of those lanes, one bit an element.
  std::vector<double> (*between)(const std::vector<double>& x, double low, double high, double except);
  std::uint64_t (*bitmap_below)(const std::vector<double>& x, double limit);
  std::vector<double> (*magnitude)(const std::vector<double>&);

  /// Draw number `skipped` + 1 of each node at a step, where wanted[i] != 0.
  std::vector<double> (*uniform)(std::uint32_t seed, const std::vector<std::uint64_t>& nodes, std::uint64_t step,
                                 int skipped, const std::vector<double>& wanted);

  /// The first draw of each node at a step, where mean[i] or shape[i] > 0: a Poisson or a gamma variate.
  std::vector<double> (*count)(std::uint32_t seed, const std::vector<std::uint64_t>& nodes, std::uint64_t step,
                               const std::vector<double>& mean);
  std::vector<double> (*gamma)(std::uint32_t seed, const std::vector<std::uint64_t>& nodes, std::uint64_t step,
                               const std::vector<double>& shape);

  /// The second draw of each node at event number[i], where wanted[i] != 0: an exponential variate.
  std::vector<double> (*exponential)(std::uint32_t seed, const std::vector<std::uint64_t>& nodes,
                                     const std::vector<double>& number, const std::vector<double>& wanted);

  /// y' = rate (target - y) over `h_ms`, one element each; sub_step is in and out. Returns y.
  std::vector<double> (*relax)(std::vector<double> y, std::vector<double>& sub_step, const std::vector<double>& rate,
                               double h_ms, double tolerance);
  /// y' = y^2: infinite in finite time for large y.
  std::vector<double> (*explode)(std::vector<double> y, double h_ms);
};

template <class Isa> lane_probe make_probe();

/// The probes this processor can run.
std::vector<lane_probe> runnable_probes();

}  // namespace volley::models::tests
