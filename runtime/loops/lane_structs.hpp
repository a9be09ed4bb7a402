// A model's structs in registers. Included by the loops of instruction sets alone.
#pragma once
#include <array>
#include <bit>
#include <cstring>
#include <type_traits>

#include "models/core/lanes.hpp"

namespace volley::runtime {

template <class Struct, class V> constexpr std::size_t members = std::is_empty_v<Struct> ? 0
                                                                                         : sizeof(Struct) / sizeof(V);

/// A struct of vectors, member i at read(i).
template <class Struct, class V, class Read> [[gnu::always_inline]] inline Struct load_struct(Read&& read) {
  if constexpr (members<Struct, V> == 0) {
    return {};
  } else {
    Struct result;  // written member by member: g++ 12 takes a bit_cast apart into halves, which waits for stores
    for (std::size_t i = 0; i < members<Struct, V>; ++i) {
      const V value = read(i);
      std::memcpy(reinterpret_cast<char*>(&result) + i * sizeof(V), &value, sizeof(V));
    }
    return result;
  }
}

/// Member i of a struct of vectors to write(i, member).
template <class Struct, class V, class Write>
[[gnu::always_inline]] inline void store_struct(const Struct& from, Write&& write) {
  if constexpr (members<Struct, V> != 0) {
    const auto values = std::bit_cast<std::array<V, members<Struct, V>>>(from);
    for (std::size_t i = 0; i < values.size(); ++i) write(i, values[i]);
  }
}

}  // namespace volley::runtime
