#include "actors/own_card.hpp"

#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <memory>
#include <stdexcept>

#include "protocol/frame.hpp"
#include "protocol/release.hpp"

namespace volley::actors {

namespace {

struct free_digest {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

std::string hexadecimal(const unsigned char* bytes, unsigned size) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    text += digits[bytes[i] >> 4];
    text += digits[bytes[i] & 15];
  }
  return text;
}

}  // namespace

std::string build_of_program() {
  std::ifstream program("/proc/self/exe", std::ios::binary);
  const std::unique_ptr<EVP_MD_CTX, free_digest> context(EVP_MD_CTX_new());
  if (!program || !context || EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("this program's own file cannot be read");
  std::array<char, 1 << 16> part;
  do {
    program.read(part.data(), part.size());
    EVP_DigestUpdate(context.get(), part.data(), static_cast<std::size_t>(program.gcount()));
  } while (program);
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes;
  unsigned size = 0;
  EVP_DigestFinal_ex(context.get(), bytes.data(), &size);
  return hexadecimal(bytes.data(), size);
}

runtime::cluster::worker_card own_card(std::size_t lanes, std::uint64_t memory_limit) {
  runtime::cluster::worker_card card;
  card.protocol = protocol::version;
  card.release = protocol::release;
  card.build = build_of_program();
  card.digest = runtime::cluster::arithmetic_digest();
  card.lanes = static_cast<std::uint32_t>(lanes);
  card.memory = memory_limit;
  card.process = static_cast<std::uint32_t>(::getpid());
  return card;
}

}  // namespace volley::actors
