// What the clients of a server may do.
#pragma once
#include "runtime/kernel/request.hpp"

namespace volley::actors {

/// Each may do what those before it may.
enum class role {
  observe,   ///< read nodes, connections, recorded events, defaults and the kernel status
  simulate,  ///< build networks and run them
  admin,     ///< have recorded files replaced (overwrite_files) and modules loaded
};
inline constexpr int roles = 3;

/// "observe", ...
const char* to_string(role who);

/// True for calls after which a kernel is another than before, or after which files are there: done once, not again.
bool is_change(const runtime::api::request& call);

/// The least role that may make this call.
role least_role(const runtime::api::request& call);

}  // namespace volley::actors
