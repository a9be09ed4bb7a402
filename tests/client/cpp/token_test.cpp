#include "client/cpp/token.hpp"

#include <gtest/gtest.h>

#include "tests/client/cpp/fake_kernel.hpp"

namespace volley::client {
namespace {

TEST(token, digits_are_bytes) {
  std::string text = "00ff10Ab" + std::string(56, '7');
  const std::string bytes = token_bytes(text + "\n");
  ASSERT_EQ(bytes.size(), 32u);
  EXPECT_EQ(bytes.substr(0, 5), std::string("\x00\xff\x10\xab\x77", 5));
}

TEST(token, no_text_is_no_token) { EXPECT_EQ(token_bytes(" \n"), ""); }

TEST(token, another_text_is_refused_and_not_repeated) {
  for (const std::string& text : {std::string(63, 'a'), std::string(65, 'a'), std::string(63, 'a') + "g"}) {
    try {
      token_bytes(text);
      ADD_FAILURE() << text;
    } catch (const error& thrown) {
      EXPECT_EQ(thrown.kind(), "builtins.ValueError");
      EXPECT_EQ(std::string(thrown.what()).find("aaa"), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace volley::client
