#include "actors/proof.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/random.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace volley::actors {

std::string make_nonce() {
  std::string bytes(proof_bytes, '\0');
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    throw std::system_error(errno, std::generic_category(), "no random numbers");
  return bytes;
}

std::string prove(std::string_view secret, std::string_view words) {
  std::string bytes(proof_bytes, '\0');
  unsigned size = 0;
  if (::HMAC(::EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
             reinterpret_cast<const unsigned char*>(words.data()), words.size(),
             reinterpret_cast<unsigned char*>(bytes.data()), &size) == nullptr ||
      size != proof_bytes)
    throw std::runtime_error("no SHA-256 on this system");
  return bytes;
}

bool is_proof(std::string_view given, std::string_view secret, std::string_view words) {
  const auto right = prove(secret, words);
  return given.size() == right.size() && CRYPTO_memcmp(given.data(), right.data(), right.size()) == 0;
}

}  // namespace volley::actors
