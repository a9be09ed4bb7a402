#include "runtime/values/expression_program.hpp"

#include <gtest/gtest.h>

#include "runtime/base/error.hpp"

namespace volley::runtime {
namespace {

const term one{operation::constant, {}, {1}};

bool refused(const std::vector<term>& terms) {
  try {
    expression_program program(terms);
  } catch (const api_error& e) {
    return e.kind() == error_kind::BadParameter;
  }
  return false;
}

TEST(expression_program, long_chains_need_no_recursion) {
  std::vector<term> terms{one};
  for (std::uint32_t i = 0; i < 30000; ++i) terms.push_back({operation::maximum, {i}, {static_cast<double>(i)}});
  EXPECT_EQ(expression_program(terms).run({}), 29999);
}

TEST(expression_program, sums_of_many_terms_need_little_stack) {
  std::vector<term> terms{one};
  for (std::uint32_t i = 0; i < 1000; ++i) {
    terms.push_back(one);
    terms.push_back({operation::add, {2 * i, 2 * i + 1}, {}});
  }
  EXPECT_EQ(expression_program(terms).run({}), 1001);
}

TEST(expression_program, refuses_trees_that_grow_without_bound) {
  // Each term uses the one before twice: 2^40 when written out.
  std::vector<term> doubling{one};
  for (std::uint32_t i = 0; i < 40; ++i) doubling.push_back({operation::add, {i, i}, {}});
  EXPECT_TRUE(refused(doubling));

  std::vector<term> long_chain{one};
  for (std::uint32_t i = 0; i < expression_program::max_instructions; ++i)
    long_chain.push_back({operation::exp, {i}, {}});
  EXPECT_TRUE(refused(long_chain));
}

TEST(expression_program, refuses_trees_that_need_too_much_stack) {
  // 1 + (1 + (1 + ...)): every left operand waits.
  std::vector<term> terms{one};
  for (std::uint32_t i = 0; i < 2 * expression_program::max_stack; i += 2) {
    terms.push_back(one);
    terms.push_back({operation::add, {i + 1, i}, {}});
  }
  EXPECT_TRUE(refused(terms));
  terms.resize(2 * (expression_program::max_stack - 1) + 1);
  EXPECT_EQ(expression_program(terms).run({}), static_cast<double>(expression_program::max_stack));
}

TEST(expression_program, a_branch_not_taken_needs_no_stack) {
  // ((1 + (0 ? 1 : 1)) + (0 ? 1 : 1)) + ...
  std::vector<term> terms{one, {operation::constant, {}, {0}}, {operation::conditional, {1, 0, 0}, {}}};
  terms.push_back({operation::add, {0, 2}, {}});
  for (std::uint32_t i = 3; i < 1002; ++i) terms.push_back({operation::add, {i, 2}, {}});
  EXPECT_EQ(expression_program(terms).run({}), 1001);
}

TEST(expression_program, unused_terms_cost_nothing) {
  EXPECT_EQ(expression_program(std::vector<term>{one, one, one}).code().size(), 1u);
}

}  // namespace
}  // namespace volley::runtime
