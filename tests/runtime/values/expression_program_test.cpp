#include "runtime/values/expression_program.hpp"

#include <gtest/gtest.h>

namespace volley::runtime {
namespace {

const term one{operation::constant, {}, {1}};

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

TEST(expression_program, a_branch_not_taken_needs_no_stack) {
  // ((1 + (0 ? 1 : 1)) + (0 ? 1 : 1)) + ...
  std::vector<term> terms{one, {operation::constant, {}, {0}}, {operation::conditional, {1, 0, 0}, {}}};
  terms.push_back({operation::add, {0, 2}, {}});
  for (std::uint32_t i = 3; i < 1002; ++i) terms.push_back({operation::add, {i, 2}, {}});
  EXPECT_EQ(expression_program(terms).run({}), 1001);
}

}  // namespace
}  // namespace volley::runtime
