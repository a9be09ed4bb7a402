#include "client/cpp/sonata/files.hpp"

#include <gtest/gtest.h>

#include "tests/client/cpp/sonata/scratch_folder.hpp"

namespace volley::client::sonata {
namespace {

class a_table : public testing::Test {
 protected:
  std::string file(const std::string& text) const { return folder.write("table.csv", text); }
  tests::scratch_folder folder;
};

TEST_F(a_table, has_cells_between_white_space) {
  const auto t = read_table(file("id  name\tvalue\r\n\n1 \"two words\" 2.5\r\n2 b NULL\n"));
  EXPECT_EQ(t.columns, (std::vector<std::string>{"id", "name", "value"}));
  ASSERT_EQ(t.rows.size(), 2u);
  EXPECT_EQ(t.rows[0], (std::vector<std::string>{"1", "two words", "2.5"}));
  EXPECT_EQ(t.column("value"), 2u);
  EXPECT_FALSE(t.has("other"));
  EXPECT_EQ(read_table(file("a,b\n1,2\n"), " ,").rows[0], (std::vector<std::string>{"1", "2"}));
}

TEST_F(a_table, gives_types_the_cells_that_have_a_value) {
  const auto types = read_types(file("id model weight n\n7 nest:a -1.5 3\n8 b NULL nan\n"), "id");
  EXPECT_EQ(types.at(7), (Dictionary{{"model", "nest:a"}, {"weight", -1.5}, {"n", 3}}));
  EXPECT_EQ(types.at(8), (Dictionary{{"model", "b"}}));
}

TEST_F(a_table, is_refused_where_it_contradicts_itself) {
  for (const char* text : {"id a\n1\n", "a b\n1 2\n", "id a\n1 x\n1 y\n", "id a\nx 1\n", ""})
    EXPECT_EQ(tests::kind_of([&] { read_types(file(text), "id"); }), "builtins.ValueError") << text;
  EXPECT_EQ(tests::kind_of([&] { read_types(folder / "none.csv", "id"); }), "builtins.FileNotFoundError");
}

TEST(number_of, tells_integers_from_others) {
  EXPECT_EQ(number_of("-12"), Value(-12));
  EXPECT_EQ(number_of("+3.5e2"), Value(350.0));
  EXPECT_EQ(number_of("1_000"), Value());
  EXPECT_EQ(number_of(""), Value());
  EXPECT_EQ(number_of("1 "), Value());
}

}  // namespace
}  // namespace volley::client::sonata
