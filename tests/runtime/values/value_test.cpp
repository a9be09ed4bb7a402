#include "runtime/values/value.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "runtime/base/error.hpp"
#include "runtime/base/snapshot.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::runtime {
namespace {

TEST(value, dictionaries_keep_the_order_of_keys_but_equality_ignores_it) {
  dictionary d{{"b", 1}, {"a", 2.5}};
  d["c"] = "text";
  std::string order;
  for (const auto& [key, v] : d) order += key;
  EXPECT_EQ(order, "bac");
  EXPECT_EQ(d, (dictionary{{"c", "text"}, {"a", 2.5}, {"b", 1}}));
  EXPECT_FALSE(d == (dictionary{{"c", "text"}, {"a", 2.5}}));
  EXPECT_FALSE(d == (dictionary{{"c", "text"}, {"a", 2.5}, {"b", 1.0}}));  // int 1 is not float 1.0
}

TEST(value, dictionaries_find_and_erase) {
  dictionary d{{"x", 1}};
  EXPECT_EQ(d.find("y"), nullptr);
  ASSERT_NE(d.find("x"), nullptr);
  EXPECT_EQ(*d.find("x")->get_if<std::int64_t>(), 1);
  d["x"] = true;
  EXPECT_EQ(d.size(), 1u);
  EXPECT_TRUE(d.erase("x"));
  EXPECT_FALSE(d.erase("x"));
  EXPECT_TRUE(d.empty());
}

TEST(value, node_sets_count_index_and_contain) {
  const node_set nodes{0, {{3, 9, 3}, {20, 21, 1}}};
  EXPECT_EQ(nodes.size(), 5u);
  EXPECT_EQ(nodes[2], 9u);
  EXPECT_EQ(nodes[3], 20u);
  for (const std::uint64_t in : {3, 6, 9, 20, 21}) EXPECT_TRUE(nodes.contains(in)) << in;
  for (const std::uint64_t out : {0, 4, 10, 12, 22}) EXPECT_FALSE(nodes.contains(out)) << out;
}

TEST(value, node_sets_with_ranges_that_reach_no_end_are_not_read) {
  for (const node_range legal : {node_range{4, 4, 1}, {1, 9, 2}})
    EXPECT_EQ(object_of<node_set>(bytes_of(node_set{1, {legal}})), (node_set{1, {legal}}));
  for (const node_range wrong : {node_range{1, 9, 0}, {9, 1, 1}, {1, 8, 2}})
    EXPECT_THROW(object_of<node_set>(bytes_of(node_set{1, {wrong}})), std::invalid_argument);
}

TEST(value, text_is_as_python_spells_it) {
  EXPECT_EQ(to_text(0.1), "0.1");
  EXPECT_EQ(to_text(2.0), "2.0");
  EXPECT_EQ(to_text(-HUGE_VAL), "-inf");
  EXPECT_EQ(to_text(true), "True");
  EXPECT_EQ(to_text(3), "3");
  EXPECT_EQ(to_text("abc"), "\"abc\"");
  EXPECT_EQ(to_text({}), "None");
  EXPECT_EQ(to_text(std::vector<std::int64_t>{1, 2}), "[1, 2]");
  EXPECT_EQ(to_text(booleans{{1, 0}}), "[True, False]");
  EXPECT_EQ(to_text(dictionary{{"a", 1}, {"b", 2.5}}), "{\"a\": 1, \"b\": 2.5}");
  EXPECT_EQ(to_text(matrix{2, 2, {1, 2, 3, 4}}), "[[1.0, 2.0], [3.0, 4.0]]");
}

TEST(value, long_text_is_cut_between_characters) {
  EXPECT_LE(to_text(std::vector<double>(1000000, 0.5)).size(), 64u);
  std::string umlauts = "a";
  for (int i = 0; i < 100; ++i) umlauts += "\xc3\xa4";
  const std::string cut = to_text(umlauts);
  EXPECT_LE(cut.size(), 60u);
  EXPECT_TRUE(cut.ends_with("..."));
  EXPECT_EQ(static_cast<unsigned char>(cut[cut.size() - 4]), 0xa4);  // the second byte of a whole character
}

TEST(value, numbers_and_truth_values_are_numbers) {
  EXPECT_EQ(number_of(2.5), 2.5);
  EXPECT_EQ(number_of(3), 3.0);
  EXPECT_EQ(number_of(true), 1.0);
  for (const value& v : {value(), value("3"), value(std::vector<double>{3.0}), value(dictionary())})
    EXPECT_FALSE(number_of(v)) << to_text(v);
}

TEST(value, types_have_names) {
  EXPECT_STREQ(type_name(1), "int");
  EXPECT_STREQ(type_name(1.0), "float");
  EXPECT_STREQ(type_name(std::vector<double>{}), "list of float");
  EXPECT_STREQ(type_name(dictionary{}), "dict");
}

TEST(error, kinds_have_the_names_of_python) {
  EXPECT_STREQ(to_string(error_kind::BadProperty), "BadProperty");
  EXPECT_STREQ(to_string(error_kind::KeyErrorBuiltin), "builtins.KeyError");
  EXPECT_STREQ(to_string(error_kind::LayerExpected), "LayerExpected");
  EXPECT_STREQ(to_string(error_kind::DynamicModuleManagementError), "DynamicModuleManagementError");
}

}  // namespace
}  // namespace volley::runtime
