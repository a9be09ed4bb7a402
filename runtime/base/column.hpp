// One value for each cell of a population, stored once while it is the same for all.
#pragma once
#include <algorithm>
#include <bit>
#include <cassert>
#include <cstdint>

#include "runtime/base/column_view.hpp"
#include "runtime/base/pool.hpp"

namespace volley::runtime {

class column {
 public:
  static constexpr std::uint64_t line_bytes = 64;  ///< of a column while all cells have one value

  column(std::uint32_t cells, double value) : cells_(cells) { fill(value); }

  double operator[](std::uint32_t cell) const { return values_[cell & every_]; }
  bool is_uniform() const { return every_ == 0; }
  /// True when all cells have the same bits, however they are stored.
  bool is_alike() const {
    return is_uniform() ||
           std::all_of(values_.begin(), values_.begin() + cells_, [this](double v) { return same(v, values_[0]); });
  }
  std::uint64_t bytes() const { return values_.capacity() * sizeof(double); }
  column_view view() const { return {values_.data(), every_}; }

  /// The same value for all cells.
  void fill(double value) {
    values_.assign(line, value);
    every_ = 0;
  }
  void set(std::uint32_t cell, double value) {
    assert(cell < cells_);
    if (is_uniform()) {
      if (same(values_[0], value)) return;
      spread();
    }
    values_[cell] = value;
  }
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(every_, values_);
    if constexpr (Snapshot::loads)
      if (values_.size() != (is_uniform() ? line : array_size()) || (every_ != 0 && every_ != ~std::uint32_t{0}))
        s.refuse();
  }

  /// The values as an array of padded(cells), for loops that write it.
  double* array() {
    if (is_uniform()) spread();
    return values_.data();
  }

 private:
  static constexpr std::uint32_t line =
      line_bytes / sizeof(double);  // doubles in a cache line, and in the widest vector

  static bool same(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

  std::uint32_t array_size() const { return std::max(padded(cells_), line); }
  void spread() {
    const double value = values_[0];
    values_.assign(array_size(), value);
    every_ = ~std::uint32_t{0};
  }

  std::uint32_t cells_;
  std::uint32_t every_ = 0;
  pool<double> values_;
};

}  // namespace volley::runtime
