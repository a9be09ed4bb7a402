#include "client/cpp/sonata/json.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "tests/client/cpp/sonata/scratch_folder.hpp"

namespace volley::client::sonata {
namespace {

Value read(std::string_view text) { return parse_json(text, "here"); }

TEST(json, values_of_all_kinds) {
  EXPECT_EQ(read("{}"), Value(Dictionary()));
  EXPECT_EQ(read(R"( {"a": 1, "b" : [true, null], "c": {"d": -2.5e3}} )"),
            Value(Dictionary{{"a", 1}, {"b", std::vector<Value>{true, Value()}}, {"c", Dictionary{{"d", -2500.0}}}}));
  EXPECT_EQ(read("false"), Value(false));
  EXPECT_EQ(read("12"), Value(12));
  EXPECT_EQ(read("12.0"), Value(12.0));
  EXPECT_EQ(read("-9223372036854775808"), Value(std::numeric_limits<std::int64_t>::min()));
  EXPECT_EQ(read("9223372036854775808"), Value(9223372036854775808.0)) << "no integer of ours";
}

TEST(json, numbers_in_a_row_are_columns) {
  EXPECT_EQ(read("[1, 2]"), Value(Column<std::int64_t>{1, 2}));
  EXPECT_EQ(read("[1, 2.5]"), Value(Column<double>{1, 2.5}));
  EXPECT_EQ(read("[]"), Value(EmptyVector{}));
  EXPECT_EQ(read("[1, 9223372036854775808]"), Value(Column<double>{1.0, 9223372036854775808.0}));
  EXPECT_EQ(read(R"(["a", 1])"), Value(std::vector<Value>{"a", 1}));
}

TEST(json, keys_keep_their_order_and_the_last_of_equal_ones_counts) {
  std::string keys;
  const auto content = read(R"({"b": 1, "c": 2, "a": 3, "b": 4})");
  for (const auto& [key, v] : content.as<Dictionary>()) keys += key;
  EXPECT_EQ(keys, "bca");
  EXPECT_EQ(content.as<Dictionary>().at("b"), Value(4));
}

TEST(json, texts_with_escapes) {
  EXPECT_EQ(read(R"("a\"\\\/\n\u00e9\u20AC\ud83d\ude00")"), Value("a\"\\/\n\u00e9\u20ac\U0001f600"));
}

TEST(json, wrong_texts_are_refused_with_their_line) {
  for (const char* text : {"", "{", "[1,]", "{\"a\" 1}", "{a: 1}", "\"a", "\"\\x\"", "\"\\u12\"", "1 2", "tru", "1.2.3",
                           "{\"a\": }", "\"\\", "\"\\ud83d\\u\"", "NaN", "-Infinity", "1e999", "\"\xff\""})
    EXPECT_EQ(tests::kind_of([&] { read(text); }), "builtins.ValueError") << text;
  EXPECT_EQ(tests::kind_of([] { read(std::string(10'000, '[')); }), "builtins.ValueError");
  try {
    read("{\n\"a\": 1,\n\"b\": x}");
    FAIL();
  } catch (const error& e) {
    EXPECT_TRUE(std::string(e.what()).starts_with("here: parse error at line 3, column 6: ")) << e.what();
  }
}

TEST(json, files_hold_objects) {
  const tests::scratch_folder folder;
  EXPECT_EQ(read_json(folder.write("a.json", "{\"a\": 1}")), (Dictionary{{"a", 1}}));
  EXPECT_EQ(tests::kind_of([&] { read_json(folder.write("a.json", "[1]")); }), "builtins.ValueError");
  EXPECT_EQ(tests::kind_of([&] { read_json(folder / "b.json"); }), "builtins.FileNotFoundError");
}

}  // namespace
}  // namespace volley::client::sonata
