// Random words as numbers of the unit interval, lane by lane. Same numbers as uniform01 of models/core/random.hpp.
#pragma once
#include "models/core/lanes.hpp"

namespace volley::models {

/// 53 bits in [0, 1); `high` and `low` are below 2^32 in every lane.
template <value_like V> V uniform01_lanes(typename ops<V>::words high, typename ops<V>::words low) {
  using O = ops<V>;
  const auto bits = ((high << 32) | low) >> 11;
  // Both halves of the 53 bits are put under an exponent and so become doubles exactly.
  const V upper = O::from_bits((bits >> 32) | (typename O::words{} + std::uint64_t{0x4530000000000000})) - 0x1p84;
  const V lower =
      O::from_bits((bits & std::uint64_t{0xffffffff}) | (typename O::words{} + std::uint64_t{0x4330000000000000})) -
      0x1p52;
  return (upper + lower) * 0x1p-53;
}

}  // namespace volley::models
