// Which neighbouring connections of one delay and form share a weight.
#pragma once
#include <cstddef>
#include <span>

namespace volley::runtime {

/// Connections of equal weight in a segment share it from this length on, where others of the segment have their own.
inline constexpr std::size_t shared_stretch = 16;

/// Cuts `weights` into stretches and calls visit(from, to, shared) for each: equal weights are shared from
/// `worth_a_segment` neighbours on, weights between such stretches stay together.
template <class Visit>
void for_each_weight_stretch(std::span<const double> weights, std::size_t worth_a_segment, Visit&& visit) {
  std::size_t repeats = 0, begin = 0;
  for (std::size_t i = 1; i < weights.size(); ++i) repeats += weights[i] == weights[i - 1];
  if (repeats + 1 >= worth_a_segment) {
    for (std::size_t i = 0, end = 0; i < weights.size(); i = end) {
      for (end = i + 1; end < weights.size() && weights[end] == weights[i];) ++end;
      if (end - i < worth_a_segment) continue;
      if (begin != i) visit(begin, i, false);
      visit(i, end, true);
      begin = end;
    }
  }
  if (begin != weights.size()) visit(begin, weights.size(), false);
}

}  // namespace volley::runtime
