// By what files are known: SHA-256 of what they hold.
#pragma once
#include <openssl/types.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace volley::actors {

class sha256 {
 public:
  /// Throws std::runtime_error where the library lacks it.
  sha256();
  void add(std::span<const std::byte> bytes);
  /// Of all that was added, as hexadecimal digits. Once.
  std::string digits();

 private:
  struct free_context {
    void operator()(EVP_MD_CTX* context) const;
  };
  std::unique_ptr<EVP_MD_CTX, free_context> context_;
};

}  // namespace volley::actors
