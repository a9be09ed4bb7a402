// What Create and set give to nodes, from one dictionary, lists, or one dictionary a node.
#include "runtime/values/node_values.hpp"

#include <gtest/gtest.h>

#include "runtime/base/error.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::runtime {
namespace {

using reals = std::vector<double>;
using integers = std::vector<std::int64_t>;
using texts = std::vector<std::string>;

value list(std::initializer_list<value> entries) { return std::vector<value>(entries); }

const value uniform = parameter::make({{operation::uniform, {}, {1.0, 2.0}}});

template <class Call> error_kind kind_of(Call&& call) {
  try {
    call();
  } catch (const api_error& refusal) {
    return refusal.kind();
  }
  ADD_FAILURE() << "accepted";
  return error_kind::InternalError;
}

TEST(node_values, lists_have_entries_and_scalars_none) {
  const matrix rows{2, 3, {1, 2, 3, 4, 5, 6}};
  for (const value& v : {value(reals{1, 2}), value(integers{1, 2}), value(texts{"a", "b"}), value(booleans{{1, 0}}),
                         list({1, 2}), value(rows)}) {
    EXPECT_TRUE(is_list(v)) << to_text(v);
    EXPECT_EQ(list_length(v), 2u) << to_text(v);
  }
  EXPECT_EQ(entry_of(rows, 1), value(reals{4, 5, 6}));
  EXPECT_EQ(entry_of(booleans{{1, 0}}, 1), value(false));
  EXPECT_TRUE(is_list(empty_vector{}));
  for (const value& v :
       {value(1.0), value("text"), value(dictionary()), value(node_set{0, {{1, 5, 1}}}), uniform, value()})
    EXPECT_FALSE(is_list(v)) << to_text(v);
}

TEST(node_values, dictionaries_of_single_nodes_leave_gaps) {
  const auto given = read_values(list({dictionary{{"a", 1}}, dictionary{{"b", 2}}, dictionary()}), 3, "set");
  EXPECT_TRUE(given.one_a_node);
  EXPECT_EQ(*given.by_key.find("a"), list({1, value(), value()}));
  EXPECT_EQ(*given.by_key.find("b"), list({value(), 2, value()}));
  EXPECT_FALSE(read_values(list({dictionary{{"a", 1}}}), 3, "set").one_a_node) << "one dictionary is for all";
  EXPECT_EQ(kind_of([] { read_values(list({dictionary(), dictionary()}), 3, "set"); }), error_kind::BadParameter);
  EXPECT_EQ(kind_of([] { read_values(list({dictionary(), 1}), 2, "set"); }), error_kind::TypeError);
  EXPECT_EQ(kind_of([] {
              read_values(list({dictionary{{"a", value()}}, dictionary()}), 2, "set");
            }),
            error_kind::TypeMismatch);
  EXPECT_EQ(kind_of([] { read_values(1.0, 2, "set"); }), error_kind::TypeError);
}

TEST(node_values, a_list_is_shared_out_where_the_parameter_is_none) {
  const auto share = [](const value& v, const value& present, std::uint64_t i) {
    return share_of("set", "key", v, present, i, 2);
  };
  EXPECT_EQ(share(reals{1, 2}, 0.0, 1), value(2.0));
  EXPECT_EQ(share(3.0, 0.0, 1), value(3.0));
  EXPECT_EQ(share(texts{"a", "b", "c"}, texts{}, 1), value(texts{"a", "b", "c"})) << "the parameter is a list itself";
  EXPECT_EQ(share(list({reals{1}, reals{2, 3}}), reals{}, 1), value(reals{2, 3}));
  EXPECT_EQ(share(matrix{2, 1, {1, 2}}, reals{}, 1), value(reals{2}));
  EXPECT_EQ(kind_of([&] { share(reals{1}, 0.0, 0); }), error_kind::IndexError);
  EXPECT_EQ(kind_of([&] { share(reals{1, 2, 3}, 0.0, 0); }), error_kind::ValueError);
  EXPECT_EQ(kind_of([&] { share(empty_vector{}, 0.0, 0); }), error_kind::IndexError);
  EXPECT_EQ(kind_of([&] { share(list({reals{1}}), reals{}, 0); }), error_kind::IndexError);
}

TEST(node_values, columns_get_the_type_that_all_entries_have) {
  EXPECT_EQ(typed_column(list({1, 2})), value(integers{1, 2}));
  EXPECT_EQ(typed_column(list({1, 2.5})), value(reals{1, 2.5}));
  EXPECT_EQ(typed_column(list({true, false})), value(booleans{{1, 0}}));
  EXPECT_EQ(typed_column(list({1, value()})), list({1, value()}));
}

}  // namespace
}  // namespace volley::runtime
