// Which one of many: small numbers of different kinds that do not turn into each other, or into plain numbers, unless
// somebody says so. Whoever swaps two arguments of different kinds is told by the compiler.
#pragma once
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

namespace volley::runtime {

/// The n-th of the things that Tag names. In registers and in images it is the number alone.
template <class Tag, class Rep = std::uint32_t> class ordinal {
 public:
  constexpr ordinal() = default;
  /// REQUIRES: Rep holds `index`.
  constexpr explicit ordinal(std::integral auto index) : index_(static_cast<Rep>(index)) {}
  /// No table is so long: for members that may have nothing to point to.
  static constexpr ordinal none() { return ordinal(static_cast<Rep>(-1)); }

  constexpr Rep index() const { return index_; }
  constexpr ordinal& operator++() {
    ++index_;
    return *this;
  }
  /// The n-th of those from here on.
  constexpr ordinal operator+(Rep n) const { return ordinal(index_ + n); }
  constexpr auto operator<=>(const ordinal&) const = default;

 private:
  Rep index_ = 0;
};

/// A span that the ordinals of its elements index.
template <class Ordinal, class T> class table_view {
 public:
  constexpr table_view() = default;
  constexpr table_view(std::span<T> all) : all_(all) {}
  /// A table of another kind stays one.
  template <class Other> constexpr table_view(table_view<Other, T>) = delete;
  constexpr std::size_t size() const { return all_.size(); }
  constexpr T& operator[](Ordinal at) const { return all_[at.index()]; }
  constexpr auto begin() const { return all_.begin(); }
  constexpr auto end() const { return all_.end(); }

 private:
  std::span<T> all_;
};

}  // namespace volley::runtime
