// Brings one row into canonical order: by (delay, form), stable in creation.
#pragma once
#include <algorithm>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "runtime/connection_store.hpp"

namespace volley::runtime {

class row_sorter {
 public:
  /// Permutes the slots from `begin` on together with their delays, weights and (where not empty) parameter sets.
  /// `form_of(slot)` is the second key.
  template <class FormOf>
  void sort(slot_column& slots, std::uint64_t begin, std::span<std::uint32_t> delays, std::span<double> weights,
            std::span<std::uint32_t> sets, FormOf&& form_of) {
    const auto n = delays.size();
    keys_.resize(n);
    for (std::size_t i = 0; i < n; ++i) keys_[i] = std::uint64_t{delays[i]} << 2 | form_of(slots[begin + i]);
    if (std::is_sorted(keys_.begin(), keys_.end())) return;
    order(n);
    slots_.resize(n);
    for (std::size_t i = 0; i < n; ++i) slots_[i] = slots[begin + order_[i]];
    for (std::size_t i = 0; i < n; ++i) slots.set(begin + i, slots_[i]);
    permute(delays, words_);
    permute(weights, doubles_);
    permute(sets, words_);
  }

 private:
  void order(std::size_t n) {
    const auto [low, high] = std::minmax_element(keys_.begin(), keys_.end());
    const std::uint64_t range = *high - *low + 1;
    order_.resize(n);
    if (range > 4 * n + 4096) {
      std::iota(order_.begin(), order_.end(), 0u);
      std::stable_sort(order_.begin(), order_.end(), [&](auto a, auto b) { return keys_[a] < keys_[b]; });
      return;
    }
    const auto first = *low;
    counts_.assign(range + 1, 0);
    for (const auto key : keys_) ++counts_[key - first + 1];
    for (std::size_t i = 1; i < counts_.size(); ++i) counts_[i] += counts_[i - 1];
    for (std::size_t i = 0; i < n; ++i) order_[counts_[keys_[i] - first]++] = static_cast<std::uint32_t>(i);
  }

  template <class T>
  void permute(std::span<T> column, std::vector<T>& buffer) {
    if (column.empty()) return;
    buffer.resize(column.size());
    for (std::size_t i = 0; i < column.size(); ++i) buffer[i] = column[order_[i]];
    std::copy(buffer.begin(), buffer.end(), column.begin());
  }

  std::vector<std::uint64_t> keys_;
  std::vector<std::uint32_t> order_, counts_, slots_, words_;
  std::vector<double> doubles_;
};

}  // namespace volley::runtime
