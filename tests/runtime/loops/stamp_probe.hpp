// Lets a test search stamps as each instruction set does.
#pragma once
#include <cstdint>
#include <string_view>

#include "runtime/loops/stamp_search.hpp"

namespace volley::runtime::tests {

struct stamp_probe {
  std::string_view isa;
  /// Of 16 stamps, which start at a cache line.
  std::uint32_t (*upto)(const std::int32_t* stamps, std::int32_t x);
};

template <class Isa> stamp_probe make_stamp_probe();

}  // namespace volley::runtime::tests
