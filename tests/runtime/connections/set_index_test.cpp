#include "runtime/connections/set_index.hpp"

#include <gtest/gtest.h>

namespace volley::runtime {
namespace {

/// Hashes of which many are equal.
std::uint64_t hash_of(std::uint32_t number) { return number / 3; }

std::uint32_t found(const set_index& index, std::uint32_t number) {
  return index.find(hash_of(number), [number](std::uint32_t other) { return other == number; });
}

TEST(set_index, finds_what_was_added_among_equal_hashes) {
  set_index index;
  EXPECT_EQ(found(index, 0), set_index::none);
  for (std::uint32_t n = 0; n < 1000; n += 2) index.add(n, hash_of);
  EXPECT_EQ(index.size(), 500u);
  for (std::uint32_t n = 0; n < 1000; ++n) EXPECT_EQ(found(index, n), n % 2 == 0 ? n : set_index::none) << n;
}

TEST(set_index, forgets_all) {
  for (const std::uint32_t some : {5u, 500u}) {
    set_index index;
    for (std::uint32_t n = 0; n < some; ++n) index.add(n, hash_of);
    index.clear();
    EXPECT_EQ(index.size(), 0u);
    EXPECT_EQ(found(index, 3), set_index::none);
    index.add(3, hash_of);
    EXPECT_EQ(found(index, 3), 3u);
  }
}

}  // namespace
}  // namespace volley::runtime
