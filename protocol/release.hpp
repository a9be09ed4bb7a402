// The release that hello and welcome announce, for messages to people. What must agree is protocol::version.
#pragma once

namespace volley::protocol {

inline constexpr const char* release = "0.1.0";

}  // namespace volley::protocol
