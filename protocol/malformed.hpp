// The one exception that reading bytes from outside may end in.
#pragma once
#include <stdexcept>

namespace volley::protocol {

/// Bytes that are no frame or no message of this protocol. The connection they came from is to be closed.
struct malformed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace volley::protocol
