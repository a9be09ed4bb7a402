#include "actors/proof.hpp"

#include <gtest/gtest.h>

namespace volley::actors {
namespace {

TEST(proof, is_right_for_its_secret_and_words_alone) {
  const auto proof = prove("secret", "words");
  EXPECT_EQ(proof.size(), proof_bytes);
  EXPECT_TRUE(is_proof(proof, "secret", "words"));
  EXPECT_FALSE(is_proof(proof, "Secret", "words"));
  EXPECT_FALSE(is_proof(proof, "secret", "word"));
  EXPECT_FALSE(is_proof(proof.substr(1), "secret", "words"));
  EXPECT_FALSE(is_proof("", "secret", "words"));
}

// RFC 4231, test case 2.
TEST(proof, is_hmac_sha_256) {
  const auto proof = prove("Jefe", "what do ya want for nothing?");
  EXPECT_EQ(static_cast<unsigned char>(proof[0]), 0x5b);
  EXPECT_EQ(static_cast<unsigned char>(proof[1]), 0xdc);
  EXPECT_EQ(static_cast<unsigned char>(proof[31]), 0x43);
}

TEST(proof, nonces_differ) {
  EXPECT_EQ(make_nonce().size(), proof_bytes);
  EXPECT_NE(make_nonce(), make_nonce());
}

}  // namespace
}  // namespace volley::actors
