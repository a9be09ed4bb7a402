// Finds numbered things by their values, like the parameter sets of a store: a hash table of nothing but numbers.
#pragma once
#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

namespace volley::runtime {

class set_index {
 public:
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  std::uint32_t size() const { return size_; }
  void clear() {
    if (size_ > few) places_ = {};
    std::ranges::fill(places_, none);
    size_ = 0;
  }

  /// A number that was added for this hash and for which `is_same(number)` holds, or none.
  template <class IsSame> std::uint32_t find(std::uint64_t hash, IsSame&& is_same) const {
    if (places_.empty()) return none;
    for (auto at = first_place(hash); places_[at] != none; at = next(at))
      if (is_same(places_[at])) return places_[at];
    return none;
  }
  /// `hash_of(number)` is that of the number, and of each that was added before.
  template <class HashOf> void add(std::uint32_t number, HashOf&& hash_of) {
    if (2 * (std::size_t{size_} + 1) > places_.size()) {
      std::vector<std::uint32_t> old(places_.empty() ? 2 * few : 2 * places_.size(), none);
      old.swap(places_);
      for (const auto known : old)
        if (known != none) put(known, hash_of(known));
    }
    put(number, hash_of(number));
    ++size_;
  }

 private:
  static constexpr std::uint32_t few = 8;  ///< whose places are kept

  std::size_t first_place(std::uint64_t hash) const {
    return static_cast<std::size_t>(hash * 0x9e3779b97f4a7c15 >> (64 - std::countr_zero(places_.size())));
  }
  std::size_t next(std::size_t at) const { return (at + 1) & (places_.size() - 1); }
  void put(std::uint32_t number, std::uint64_t hash) {
    auto at = first_place(hash);
    while (places_[at] != none) at = next(at);
    places_[at] = number;
  }

  std::vector<std::uint32_t> places_;  // a power of two of them, at least half of them free
  std::uint32_t size_ = 0;
};

}  // namespace volley::runtime
