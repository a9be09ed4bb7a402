#include "runtime/values/node_columns.hpp"

#include <gtest/gtest.h>

#include "runtime/base/error.hpp"

namespace volley::runtime {
namespace {

using reals = std::vector<double>;
using integers = std::vector<std::int64_t>;

value list(std::initializer_list<value> entries) { return std::vector<value>(entries); }

TEST(node_columns, numbers_of_one_kind_become_typed_columns) {
  node_columns c(2, {});
  c.put("x", 1, 2.5);
  c.put("x", 0, 1.5);
  c.put("n", 0, 3);
  c.put("n", 1, 4);
  c.put("f", 0, true);
  c.put("f", 1, false);
  c.put("t", 0, "a");
  c.put("t", 1, "b");
  const auto all = c.take();
  EXPECT_EQ(*all.find("x"), value(reals{1.5, 2.5}));
  EXPECT_EQ(*all.find("n"), value(integers{3, 4}));
  EXPECT_EQ(*all.find("f"), value(booleans{{1, 0}}));
  EXPECT_EQ(*all.find("t"), list({"a", "b"}));
  EXPECT_EQ(all.begin()->first, "x") << "keys come in the order in which they were first put";
}

TEST(node_columns, rows_without_the_key_and_other_kinds_make_a_list) {
  node_columns c(3, {});
  c.put("gap", 1, true);
  c.put("mixed", 0, 1);
  c.put("mixed", 1, 2.5);
  c.put("mixed", 2, "text");
  const auto all = c.take();
  EXPECT_EQ(*all.find("gap"), list({value(), true, value()}));
  EXPECT_EQ(*all.find("mixed"), list({1, 2.5, "text"}));
}

TEST(node_columns, parts_come_from_columns_and_lists) {
  node_columns c(4, {});
  c.put(column_part{"x", {3, 1}, reals{30, 10}});
  c.put(column_part{"x", {0, 2}, list({0.0, 20.0})});
  EXPECT_EQ(*c.take().find("x"), value(reals{0, 10, 20, 30}));
}

TEST(node_columns, keep_wanted_keys_alone) {
  node_columns c(1, {"a", "b"});
  EXPECT_TRUE(c.wants("a"));
  EXPECT_FALSE(c.wants("c"));
  c.put("c", 0, 1);
  c.put(column_part{"c", {0}, integers{1}});
  c.put("a", 0, 1);
  const auto known = c.take_known();
  EXPECT_TRUE(known.contains("a"));
  EXPECT_EQ(known.size(), 1u);
  EXPECT_TRUE(node_columns(1, {}).wants("anything"));
}

TEST(node_columns, are_complete_when_every_row_has_every_wanted_key) {
  node_columns c(2, {"a", "b"});
  EXPECT_FALSE(c.complete());
  c.put("a", 0, 1);
  c.put("a", 0, 2);  // the same row again
  c.put("b", 0, 1);
  c.put("b", 1, 1);
  EXPECT_FALSE(c.complete());
  c.put("a", 1, 1);
  EXPECT_TRUE(c.complete());
  EXPECT_EQ(*c.take().find("a"), value(integers{2, 1}));

  node_columns all_keys(1, {});
  all_keys.put("a", 0, 1);
  EXPECT_FALSE(all_keys.complete()) << "there may be keys to come";
}

TEST(node_columns, a_wanted_key_that_no_row_has_is_an_error) {
  node_columns c(1, {"a", "b"}, "these connections");
  c.put("a", 0, 1);
  try {
    c.take();
    FAIL();
  } catch (const api_error& e) {
    EXPECT_EQ(e.kind(), error_kind::KeyErrorBuiltin);
    EXPECT_STREQ(e.what(), "get: 'b' is no key of these connections");
  }
}

TEST(node_columns, a_key_may_be_known_without_values) {
  node_columns c(2, {"x", "y"});
  c.note("x");
  c.note("unwanted");
  c.put("y", 0, 1.5);
  EXPECT_FALSE(c.complete());
  const auto all = c.take();
  EXPECT_EQ(*all.find("x"), list({value(), value()}));
  EXPECT_EQ(all.size(), 2u);
}

}  // namespace
}  // namespace volley::runtime
