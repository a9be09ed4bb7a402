#include "runtime/base/error.hpp"

#include <gtest/gtest.h>

#include <new>
#include <set>
#include <vector>

#include "runtime/base/snapshot.hpp"

namespace volley::runtime {
namespace {

template <class E> refusal refused(const E& e) { return refusal_of(std::make_exception_ptr(e)); }

TEST(error, every_kind_has_a_name_of_its_own) {
  std::set<std::string> names;
  const int last = static_cast<int>(error_kind::ValueError);
  for (int kind = 0; kind <= last; ++kind) names.insert(to_string(static_cast<error_kind>(kind)));
  EXPECT_EQ(static_cast<int>(names.size()), last + 1);
  EXPECT_STREQ(to_string(error_kind::BadProperty), "BadProperty");
  EXPECT_STREQ(to_string(error_kind::KeyErrorBuiltin), "builtins.KeyError");
}

TEST(error, a_refusal_tells_what_a_mistake_tells_and_becomes_it_again) {
  const refusal why = refused(api_error(error_kind::BadDelay, "too short", 17));
  EXPECT_EQ(why.kind, error_kind::BadDelay);
  EXPECT_EQ(why.text, "too short");
  EXPECT_EQ(why.place, 17u);
  EXPECT_FALSE(why.no_memory);
  try {
    std::rethrow_exception(exception_of(why));
  } catch (const api_error& e) {
    EXPECT_EQ(e.kind(), error_kind::BadDelay);
    EXPECT_STREQ(e.what(), "too short");
    EXPECT_EQ(e.place(), 17u);
  }
}

TEST(error, memory_that_the_machine_has_not_is_told_as_such) {
  for (const refusal& why : {refused(std::bad_alloc()), refused(std::length_error("vector::reserve"))}) {
    EXPECT_EQ(why.kind, error_kind::MemoryError);
    EXPECT_TRUE(why.no_memory);
    EXPECT_EQ(why.place, api_error::nowhere);
  }
}

TEST(error, anything_else_is_a_fault_of_ours) {
  const refusal why = refused(std::runtime_error("a bug"));
  EXPECT_EQ(why.kind, error_kind::InternalError);
  EXPECT_EQ(why.text, "a bug");
  EXPECT_EQ(refused(42).kind, error_kind::InternalError);
  EXPECT_FALSE(refused(42).text.empty());
}

TEST(error, a_refusal_travels_as_bytes) {
  const refusal why{error_kind::ValueError, "why", 3, true};
  const auto same = object_of<refusal>(bytes_of(why));
  EXPECT_EQ(same.kind, why.kind);
  EXPECT_EQ(same.text, why.text);
  EXPECT_EQ(same.place, why.place);
  EXPECT_TRUE(same.no_memory);
  const refusal unknown{static_cast<error_kind>(static_cast<int>(error_kind::ValueError) + 1), "", 0, false};
  EXPECT_THROW(object_of<refusal>(bytes_of(unknown)), std::invalid_argument);
}

}  // namespace
}  // namespace volley::runtime
