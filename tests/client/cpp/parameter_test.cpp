#include "client/cpp/parameter.hpp"

#include <gtest/gtest.h>

#include "tests/client/cpp/fake_kernel.hpp"

namespace volley::client {
namespace {

using terms = std::vector<term>;

terms terms_of(const Parameter& p) { return {p.terms().begin(), p.terms().end()}; }

TEST(parameter, arithmetic_lists_arguments_before_their_user) {
  const auto sum = random::normal(1, 2) * 3.0 + random::uniform();
  EXPECT_EQ(terms_of(sum), (terms{{operation::normal, {}, {1, 2}},
                                  {operation::constant, {}, {3}},
                                  {operation::multiply, {0, 1}, {}},
                                  {operation::uniform, {}, {0, 1}},
                                  {operation::add, {2, 3}, {}}}));
}

TEST(parameter, arguments_of_a_joined_tree_move_with_it) {
  const auto product = random::uniform() * math::exp(random::normal());
  EXPECT_EQ(terms_of(product), (terms{{operation::uniform, {}, {0, 1}},
                                      {operation::normal, {}, {0, 1}},
                                      {operation::exp, {1}, {}},
                                      {operation::multiply, {0, 2}, {}}}));
}

TEST(parameter, numbers_stand_on_either_side) {
  EXPECT_TRUE((2.0 - random::uniform()).same_as(Parameter::constant(2) - random::uniform()));
  EXPECT_TRUE((-random::uniform()).same_as(Parameter::constant(-1) * random::uniform()));
}

TEST(parameter, one_parameter_used_twice_is_drawn_twice) {
  const auto x = random::uniform();
  EXPECT_EQ(
      terms_of(x - x),
      (terms{{operation::uniform, {}, {0, 1}}, {operation::uniform, {}, {0, 1}}, {operation::subtract, {0, 1}, {}}}));
}

TEST(parameter, comparisons_are_parameters) {
  EXPECT_EQ((random::uniform() == 1.0).terms().back(), (term{operation::equal, {0, 1}, {}}));
  EXPECT_EQ((random::uniform() >= 1.0).terms().back(), (term{operation::greater_equal, {0, 1}, {}}));
}

TEST(parameter, functions_carry_their_numbers) {
  EXPECT_EQ(math::redraw(random::normal(), -1, 1).terms().back(), (term{operation::redraw, {0}, {-1, 1}}));
  EXPECT_EQ(pow(random::uniform(), 2).terms().back(), (term{operation::power, {0}, {2}}));
  EXPECT_EQ(math::min(random::uniform(), 0.5).terms().back(), (term{operation::minimum, {0}, {0.5}}));
  EXPECT_EQ(logic::conditional(random::uniform() < 0.5, 1.0, 2.0).terms().back(),
            (term{operation::conditional, {2, 3, 4}, {}}));
}

TEST(parameter, knows_whether_it_is_spatial) {
  EXPECT_FALSE((random::uniform() * 2.0).is_spatial());
  EXPECT_TRUE((Parameter({{operation::distance, {}, {0}}}) * 2.0).is_spatial());
}

TEST(parameter, trees_that_are_none_are_refused) {
  EXPECT_EQ(kind_of_error([] { Parameter(terms{}); }), "BadParameter");
  EXPECT_EQ(kind_of_error([] { Parameter(terms{{operation::exp, {0}, {}}}); }), "BadParameter");
  EXPECT_EQ(kind_of_error([] {
              auto x = random::uniform();
              for (int doubling = 0; doubling < 40; ++doubling) x = x + x;
            }),
            "BadParameter");
}

TEST(parameter, operations_are_named_as_on_the_wire) {
  EXPECT_EQ(name_of(operation::uniform_int), "uniformInt");
  for (std::uint16_t i = 0; i < operation_count; ++i) {
    const auto what = static_cast<operation>(i);
    EXPECT_EQ(operation_named(name_of(what)), what);
  }
  EXPECT_FALSE(operation_named("modulo"));
}

}  // namespace
}  // namespace volley::client
