// The cohorts of one row. Segments of a cohort share its traces, and need not be neighbours: a spike moves the traces
// on once.
#pragma once
#include <cstdint>
#include <vector>

#include "runtime/connections/connection_store.hpp"

namespace volley::runtime {

class row_cohorts {
 public:
  /// Calls visit(k, cohort) for each cohort of `n` segments that begin with number `first` of the store, where segment
  /// k is the first of it.
  template <class Visit> void visit(connection_store& store, std::uint64_t first, std::size_t n, Visit&& visit) {
    first_of_.resize(n);
    for (std::uint32_t k = 0; k < n; ++k) {
      cohort& c = store.cohort_of(first + k);
      if (c.visited == 0) {
        visit(k, c);
        c.visited = k + 1;
      }
      first_of_[k] = c.visited - 1;
    }
    for (std::uint32_t k = 0; k < n; ++k) store.cohort_of(first + k).visited = 0;
  }
  /// After that: the first segment of the cohort of segment k.
  std::uint32_t first_of(std::size_t k) const { return first_of_[k]; }

 private:
  std::vector<std::uint32_t> first_of_;
};

}  // namespace volley::runtime
