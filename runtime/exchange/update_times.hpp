// How long the updates between two meetings of the VPs take by the clock on the wall, and how long they may.
#pragma once
#include <algorithm>
#include <limits>

namespace volley::runtime {

struct update_times {
  static constexpr double infinity = std::numeric_limits<double>::infinity();

  double limit_s = infinity;
  double shortest_s = infinity, longest_s = -infinity;  ///< so far

  /// One has taken so long. False where that is beyond the limit.
  bool add(double seconds) {
    shortest_s = std::min(shortest_s, seconds);
    longest_s = std::max(longest_s, seconds);
    return seconds <= limit_s;
  }
  /// What others took.
  void add(const update_times& other) {
    shortest_s = std::min(shortest_s, other.shortest_s);
    longest_s = std::max(longest_s, other.longest_s);
  }
  template <class Snapshot> void snapshot(Snapshot& s) { s(shortest_s, longest_s); }
};

}  // namespace volley::runtime
