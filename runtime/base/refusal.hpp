// Why a shard did not do what it was told, as data.
#pragma once
#include <exception>
#include <string>

#include "runtime/base/error.hpp"

namespace volley::runtime {

struct refusal {
  error_kind kind = error_kind::InternalError;
  std::string message;
  bool no_memory = false;  ///< the machine had none left; the message is the standard library's
  template <class Snapshot> void snapshot(Snapshot& s) {
    s.enumerator(kind, error_kind::ValueError);
    s(message, no_memory);
  }
};

/// What an exception says. What is neither a user's mistake nor a lack of memory is an InternalError.
refusal refusal_of(std::exception_ptr reason);

/// The exception that users see.
std::exception_ptr error_of(const refusal& reason);

}  // namespace volley::runtime
