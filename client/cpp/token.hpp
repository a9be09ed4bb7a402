// The token that a TCP server asks for, as people handle it and as it crosses the wire.
#pragma once
#include <string>

namespace volley::client {

/// The 32 bytes of a token of 64 hexadecimal digits; white space around it is skipped, no text is no token. Throws
/// error("builtins.ValueError"), whose message does not contain the token.
std::string token_bytes(const std::string& text);

}  // namespace volley::client
