// What a fuzz target holds to be true of every input.
#pragma once
#include <cstdlib>

namespace volley::protocol::fuzz {

/// Ends the program, which is a finding, when `holds` is false.
inline void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace volley::protocol::fuzz
