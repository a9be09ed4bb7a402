#include "actors/byte_body.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace volley::actors {
namespace {

TEST(byte_body, holds_any_number_of_bytes) {
  for (std::size_t size = 0; size < 20; ++size) {
    std::vector<std::byte> bytes(size);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i + 1);
    EXPECT_TRUE(std::ranges::equal(bytes_in(byte_body(bytes)), bytes)) << size;
  }
}

TEST(byte_body, holds_parts_one_after_the_other) {
  const std::vector<std::byte> all{std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4}, std::byte{5}};
  const std::span bytes(all);
  const std::vector<std::span<const std::byte>> more{bytes.subspan(1, 1), {}, bytes.subspan(2)};
  EXPECT_TRUE(std::ranges::equal(bytes_in(byte_body(bytes.first(1), more)), all));
}

TEST(byte_body, of_another_size_than_it_says_is_refused) {
  EXPECT_THROW(bytes_in(nullptr), protocol::malformed);
  for (const std::uint64_t says : {9, 17, 0}) {
    auto words = protocol::words::zeroed(2);
    words.view()[0] = says;
    EXPECT_THROW(bytes_in(std::make_shared<const protocol::words>(std::move(words))), protocol::malformed) << says;
  }
}

}  // namespace
}  // namespace volley::actors
