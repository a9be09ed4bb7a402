// By what a client that comes back knows the kernel it left.
#pragma once
#include <cstdint>

namespace volley::actors {

struct kernel_identity {
  std::uint64_t number = 0;  ///< drawn when the kernel was made
  bool is_lasting = false;   ///< it survives the death of its process
};

}  // namespace volley::actors
