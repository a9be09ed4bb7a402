// The one exception that reading bytes from outside may end in, and the one that writing may.
#pragma once
#include <stdexcept>

namespace volley::protocol {

/// Bytes that are no frame or no message of this protocol. The connection they came from is to be closed.
struct malformed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Content that no message can carry: a column of 512 MiB or more, a list of 2^29 entries.
struct oversized : std::length_error {
  using std::length_error::length_error;
};

}  // namespace volley::protocol
