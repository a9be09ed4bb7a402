// Proof that somebody knows a secret, without telling it.
#pragma once
#include <string>
#include <string_view>

namespace volley::actors {

inline constexpr std::size_t proof_bytes = 32;

/// 32 random bytes from the kernel. Throws std::system_error.
std::string make_nonce();

/// HMAC-SHA-256.
std::string prove(std::string_view secret, std::string_view words);
/// Compares without telling by its time how much was right.
bool is_proof(std::string_view given, std::string_view secret, std::string_view words);

}  // namespace volley::actors
