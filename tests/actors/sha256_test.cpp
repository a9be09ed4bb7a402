#include "actors/sha256.hpp"

#include <gtest/gtest.h>

#include <span>
#include <string_view>

namespace volley::actors {
namespace {

// FIPS 180-4, the examples for one and two blocks.
TEST(sha256, is_that_of_the_standard) {
  const auto digits = [](std::string_view text) {
    sha256 digest;
    for (const char& one : text) digest.add(std::as_bytes(std::span(&one, 1)));
    return digest.digits();
  };
  EXPECT_EQ(digits("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(digits("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(digits(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

}  // namespace
}  // namespace volley::actors
