#include "actors/sha256.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

#include "actors/hexadecimal.hpp"

namespace volley::actors {

void sha256::free_context::operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }

sha256::sha256() : context_(EVP_MD_CTX_new()) {
  if (!context_ || EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("there is no SHA-256");
}

void sha256::add(std::span<const std::byte> bytes) { EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()); }

std::string sha256::digits() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes;
  unsigned size = 0;
  EVP_DigestFinal_ex(context_.get(), bytes.data(), &size);
  return hexadecimal(std::span(bytes).first(size));
}

}  // namespace volley::actors
