#include "runtime/base/unknown_keys.hpp"

#include <gtest/gtest.h>

namespace volley::runtime {
namespace {

using texts = std::vector<std::string>;

TEST(unknown_keys, are_errors_of_the_kind_that_is_named) {
  unknown_keys keys;
  EXPECT_TRUE(keys.are_errors());
  const auto kind_of = [&](auto... kind) {
    try {
      keys.add("model", "key", "no such key", kind...);
    } catch (const api_error& e) {
      EXPECT_STREQ(e.what(), "no such key");
      return e.kind();
    }
    return error_kind::InternalError;
  };
  EXPECT_EQ(kind_of(), error_kind::UnaccessedDictionaryEntry);
  EXPECT_EQ(kind_of(error_kind::TypeError), error_kind::TypeError);
  EXPECT_TRUE(keys.warnings().empty());
}

TEST(unknown_keys, are_told_of_once_for_each_owner_where_they_are_no_errors) {
  unknown_keys keys(false);
  EXPECT_FALSE(keys.are_errors());
  keys.add("a", "x", "a has no x");
  keys.add("a", "y", "a has no y");
  keys.add("b", "x", "b has no x");
  keys.add("a", "x", "again");
  EXPECT_EQ(keys.warnings(), (texts{"a has no x", "a has no y", "b has no x"}));
}

}  // namespace
}  // namespace volley::runtime
