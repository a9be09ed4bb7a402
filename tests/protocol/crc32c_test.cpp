#include "protocol/crc32c.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <string_view>
#include <vector>

namespace volley::protocol {
namespace {

std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

struct known_vector {
  std::vector<std::byte> data;
  std::uint32_t crc;
};

// RFC 3720, appendix B.4
std::vector<known_vector> known_vectors() {
  std::vector<std::byte> ascending(32), descending(32);
  for (int i = 0; i < 32; ++i) ascending[i] = std::byte(i), descending[i] = std::byte(31 - i);
  return {{std::vector<std::byte>(32, std::byte{0}), 0x8a9136aa},
          {std::vector<std::byte>(32, std::byte{0xff}), 0x62a8ab43},
          {ascending, 0x46dd794e},
          {descending, 0x113fdb5c}};
}

TEST(crc32c, known_vectors) {
  EXPECT_EQ(crc32c({}), 0u);
  EXPECT_EQ(crc32c(bytes_of("123456789")), 0xe3069283u);
  for (const auto& known : known_vectors()) EXPECT_EQ(crc32c(known.data), known.crc);
}

TEST(crc32c, table_gives_the_known_vectors_too) {
  EXPECT_EQ(crc32c_portable(bytes_of("123456789")), 0xe3069283u);
  for (const auto& known : known_vectors()) EXPECT_EQ(crc32c_portable(known.data), known.crc);
}

TEST(crc32c, instruction_and_table_agree_at_every_length_and_alignment) {
  std::mt19937 random(7);
  std::vector<std::byte> data(200);
  for (auto& b : data) b = std::byte(random());
  for (std::size_t from = 0; from < 9; ++from)
    for (std::size_t count = 0; from + count <= data.size(); ++count) {
      const auto part = std::span(data).subspan(from, count);
      ASSERT_EQ(crc32c(part), crc32c_portable(part)) << from << ' ' << count;
    }
}

TEST(crc32c, continues_from_a_seed) {
  const auto text = bytes_of("a checksum in two parts");
  EXPECT_EQ(crc32c(text.subspan(9), crc32c(text.first(9))), crc32c(text));
  EXPECT_EQ(crc32c_portable(text.subspan(9), crc32c_portable(text.first(9))), crc32c(text));
}

}  // namespace
}  // namespace volley::protocol
