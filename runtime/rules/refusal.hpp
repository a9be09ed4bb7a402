// How Connect refuses what its rule cannot take.
#pragma once
#include <string>

#include "runtime/base/error.hpp"

namespace volley::runtime {

[[noreturn]] inline void refuse_connect(error_kind kind, const std::string& message) {
  throw api_error(kind, "Connect: " + message);
}

}  // namespace volley::runtime
