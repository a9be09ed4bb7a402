#include "protocol/crc32c.hpp"

#include <array>
#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace volley::protocol {
namespace {

constexpr std::uint32_t polynomial = 0x82f63b78;  // reflected

// tables[k][b]: the effect of byte b followed by k zero bytes, so that eight bytes are folded at once.
constexpr auto tables = [] {
  std::array<std::array<std::uint32_t, 256>, 8> t{};
  for (std::uint32_t b = 0; b < 256; ++b) {
    std::uint32_t crc = b;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (crc & 1 ? polynomial : 0);
    t[0][b] = crc;
  }
  for (std::size_t k = 1; k < 8; ++k)
    for (std::size_t b = 0; b < 256; ++b) t[k][b] = (t[k - 1][b] >> 8) ^ t[0][t[k - 1][b] & 0xff];
  return t;
}();

std::uint32_t fold_byte(std::uint32_t crc, std::byte b) {
  return (crc >> 8) ^ tables[0][(crc ^ std::to_integer<std::uint32_t>(b)) & 0xff];
}

std::uint32_t fold_eight(std::uint32_t crc, std::span<const std::byte, 8> bytes) {
  std::array<std::uint32_t, 8> b;
  for (std::size_t i = 0; i < 8; ++i) b[i] = std::to_integer<std::uint32_t>(bytes[i]);
  for (std::size_t i = 0; i < 4; ++i) b[i] ^= (crc >> (8 * i)) & 0xff;
  std::uint32_t folded = 0;
  for (std::size_t i = 0; i < 8; ++i) folded ^= tables[7 - i][b[i]];
  return folded;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t crc32c_sse42(std::span<const std::byte> data, std::uint32_t seed) {
  std::uint64_t crc = ~seed;
  while (data.size() >= 8) {
    std::uint64_t eight;
    std::memcpy(&eight, data.data(), 8);
    crc = _mm_crc32_u64(crc, eight);
    data = data.subspan(8);
  }
  auto narrow = static_cast<std::uint32_t>(crc);
  for (std::byte b : data) narrow = _mm_crc32_u8(narrow, std::to_integer<unsigned char>(b));
  return ~narrow;
}
#endif

}  // namespace

std::uint32_t crc32c_portable(std::span<const std::byte> data, std::uint32_t seed) {
  std::uint32_t crc = ~seed;
  while (data.size() >= 8) {
    crc = fold_eight(crc, data.first<8>());
    data = data.subspan(8);
  }
  for (std::byte b : data) crc = fold_byte(crc, b);
  return ~crc;
}

std::uint32_t crc32c(std::span<const std::byte> data, std::uint32_t seed) {
#if defined(__x86_64__)
  static const bool has_instruction = __builtin_cpu_supports("sse4.2");
  if (has_instruction) return crc32c_sse42(data, seed);
#endif
  return crc32c_portable(data, seed);
}

}  // namespace volley::protocol
