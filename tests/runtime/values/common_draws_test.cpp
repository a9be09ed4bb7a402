#include "runtime/values/common_draws.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "runtime/base/error.hpp"

namespace volley::runtime {
namespace {

expression_program drawn(operation what, double a, double b) {
  return expression_program(std::vector<term>{{what, {}, {a, b}}});
}
expression_program redrawn(operation what, double a, double b, double least, double most) {
  return expression_program(std::vector<term>{{what, {}, {a, b}}, {operation::redraw, {0}, {least, most}}});
}

/// Sites of one target and many sources: more than one tile of draws.
struct many_sites {
  std::vector<std::uint32_t> sources, target{9}, multapse{0};
  many_sites() {
    for (std::uint32_t i = 0; i < 131; ++i) sources.push_back(3 * i + 1);
  }
  draw_sites at(std::uint32_t slot) const {
    return {connection_site(7, 3, 0, 0, 0, 0).key, {sources, target, multapse}, slot};
  }
  std::vector<double> column() const { return std::vector<double>(sources.size(), -99); }
};

void expect_values_of(const expression_program& program, const draw_sites& sites, const std::vector<double>& found) {
  for (std::size_t i = 0; i < found.size(); ++i) ASSERT_EQ(found[i], program.run(sites[i])) << "site " << i;
}

const std::vector<expression_program> common{
    drawn(operation::uniform, -1, 4), drawn(operation::normal, 1, 2), drawn(operation::lognormal, 0, 0.5),
    redrawn(operation::uniform, 0, 1, 0.75, 1), redrawn(operation::normal, 1, 2, 0.5, 1.5)};

TEST(common_draws, have_the_bits_of_the_program_at_each_site) {
  const many_sites many;
  for (const auto& program : common)
    for (const std::uint32_t slot : {2u, 3u}) {
      auto out = many.column();
      ASSERT_TRUE(draw_at_once(program, many.at(slot), out));
      expect_values_of(program, many.at(slot), out);
    }
}

TEST(common_draws, leave_other_programs_alone) {
  const many_sites many;
  const std::vector<term> sum{
      {operation::uniform, {}, {0, 1}}, {operation::constant, {}, {1}}, {operation::add, {0, 1}, {}}};
  for (const auto& program :
       {expression_program(std::vector<term>{{operation::constant, {}, {1}}}),
        expression_program(std::vector<term>{{operation::exponential, {}, {1}}}), expression_program(sum)}) {
    auto out = many.column();
    EXPECT_FALSE(draw_at_once(program, many.at(2), out));
    EXPECT_EQ(out, many.column());
  }
}

TEST(common_draws, of_two_slots_share_their_blocks_where_both_take_normals) {
  const many_sites many;
  for (const auto& even : {common[1], common[2], common[4]})
    for (const auto& odd : {common[1], common[2], common[4]}) {
      auto first = many.column(), second = many.column();
      ASSERT_TRUE(draw_both_at_once(even, odd, many.at(2), first, second));
      expect_values_of(even, many.at(2), first);
      expect_values_of(odd, many.at(3), second);
    }
  auto first = many.column(), second = many.column();
  EXPECT_FALSE(draw_both_at_once(common[0], common[1], many.at(2), first, second));
  EXPECT_FALSE(draw_both_at_once(common[1], common[3], many.at(2), first, second));
  EXPECT_EQ(first, many.column());
  EXPECT_EQ(second, many.column());
}

TEST(common_draws, give_up_as_the_program_does) {
  const many_sites many;
  auto out = many.column();
  try {
    draw_at_once(redrawn(operation::uniform, 0, 1, 2, 3), many.at(2), out);
    FAIL() << "no draw can be in that range";
  } catch (const api_error& e) {
    EXPECT_EQ(e.kind(), error_kind::KernelException);
  }
}

}  // namespace
}  // namespace volley::runtime
