// The programs that trees become; what they compute is tested with expression_program.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "runtime/base/error.hpp"
#include "runtime/values/expression_program.hpp"

namespace volley::runtime {
namespace {

using step = instruction::step;

const term one{operation::constant, {}, {1}};

std::string refused(const std::vector<term>& terms) {
  try {
    expression_program program(terms);
  } catch (const api_error& e) {
    EXPECT_EQ(e.kind(), error_kind::BadParameter);
    return e.what();
  }
  return "";
}

std::vector<step> steps(const expression_program& program) {
  std::vector<step> all;
  for (const instruction& i : program.code()) all.push_back(i.what);
  return all;
}

TEST(expression_compiler, arguments_stand_before_their_user_in_order) {
  const expression_program program(std::vector<term>{
      {operation::uniform, {}, {2, 3}}, {operation::constant, {}, {5}}, {operation::add, {1, 0}, {}}});
  ASSERT_EQ(program.code().size(), 3u);
  EXPECT_EQ(program.code()[0].computes, operation::constant);
  EXPECT_EQ(program.code()[0].a, 5);
  EXPECT_EQ(program.code()[1].computes, operation::uniform);
  EXPECT_EQ(program.code()[1].a, 2);
  EXPECT_EQ(program.code()[1].b, 3);
  EXPECT_EQ(program.code()[2].computes, operation::add);
}

TEST(expression_compiler, a_shared_term_is_written_out_for_each_user) {
  EXPECT_EQ(expression_program(std::vector<term>{one, {operation::add, {0, 0}, {}}}).code().size(), 3u);
}

TEST(expression_compiler, unused_terms_cost_nothing) {
  EXPECT_EQ(expression_program(std::vector<term>{one, one, one}).code().size(), 1u);
}

TEST(expression_compiler, a_conditional_jumps_over_the_branch_not_taken) {
  const expression_program program(std::vector<term>{one, {operation::conditional, {0, 0, 0}, {}}});
  EXPECT_EQ(steps(program), (std::vector{step::compute, step::jump_if_zero, step::compute, step::jump, step::compute}));
  EXPECT_EQ(program.code()[1].to, 4u) << "to the value where the condition is zero";
  EXPECT_EQ(program.code()[3].to, 5u) << "behind it";
}

TEST(expression_compiler, a_redraw_starts_again_behind_its_beginning) {
  const expression_program program(
      std::vector<term>{{operation::uniform, {}, {0, 1}}, {operation::redraw, {0}, {0.25, 0.5}}});
  EXPECT_EQ(steps(program), (std::vector{step::redraw_begin, step::compute, step::compute}));
  EXPECT_EQ(program.code()[2].to, 1u);
  EXPECT_EQ(program.code()[2].a, 0.25);
  EXPECT_EQ(program.code()[2].b, 0.5);
}

TEST(expression_compiler, refuses_trees_that_grow_without_bound) {
  // Each term uses the one before twice: 2^40 when written out.
  std::vector<term> doubling{one};
  for (std::uint32_t i = 0; i < 40; ++i) doubling.push_back({operation::add, {i, i}, {}});
  EXPECT_EQ(refused(doubling), "Parameter: the expression has more than 65536 steps");

  std::vector<term> long_chain{one};
  for (std::uint32_t i = 0; i < expression_program::max_instructions; ++i)
    long_chain.push_back({operation::exp, {i}, {}});
  EXPECT_EQ(refused(long_chain), "Parameter: the expression has more than 65536 levels");
  long_chain.pop_back();
  EXPECT_EQ(refused(long_chain), "");
}

TEST(expression_compiler, refuses_trees_that_need_too_much_stack) {
  // 1 + (1 + (1 + ...)): every left operand waits.
  std::vector<term> terms{one};
  for (std::uint32_t i = 0; i < 2 * expression_program::max_stack; i += 2) {
    terms.push_back(one);
    terms.push_back({operation::add, {i + 1, i}, {}});
  }
  EXPECT_EQ(refused(terms), "Parameter: the expression has more than 256 values at once");
  terms.resize(2 * (expression_program::max_stack - 1) + 1);
  EXPECT_EQ(expression_program(terms).run({}), static_cast<double>(expression_program::max_stack));
}

TEST(expression_compiler, a_redraw_under_way_takes_a_place_on_the_stack) {
  std::vector<term> terms{one};
  for (std::uint32_t i = 0; i < expression_program::max_stack; ++i) terms.push_back({operation::redraw, {i}, {0, 2}});
  EXPECT_EQ(refused(terms), "Parameter: the expression has more than 256 values at once");
  terms.pop_back();
  EXPECT_EQ(expression_program(terms).run({}), 1);
}

}  // namespace
}  // namespace volley::runtime
