#include "models/core/groups.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "models/core/describe_neuron.hpp"
#include "tests/models/core/two_compartments.hpp"

namespace volley::models::tests {
namespace {

field row(std::string_view name) {
  const auto found = std::ranges::find(two_compartments::fields, name, &field::name);
  return found == two_compartments::fields.end() ? field{} : *found;
}

TEST(groups, have_a_row_each_and_one_for_each_member) {
  EXPECT_EQ(two_compartments::fields.size(), 2u + 2 * 6);
  EXPECT_EQ(row("soma").where, part::group);
  EXPECT_TRUE(row("soma").is_key);
  EXPECT_EQ(row("C_m.s").member, "C_m");
  EXPECT_EQ(row("C_m.d").group, "dendrite");
  EXPECT_EQ(row("C_m.d").range, bound::positive);
  EXPECT_FALSE(row("C_m.d").is_key);
  EXPECT_TRUE(row("V_m.d").is_recordable && row("hidden.s").is_recordable);
  EXPECT_TRUE(row("hidden.s").member.empty()) << "users do not see it in the dictionary";
}

TEST(groups, columns_are_those_of_the_whole_struct) {
  EXPECT_EQ(row("C_m.s").column, 1);
  EXPECT_EQ(row("C_m.d").column, 4);
  EXPECT_EQ(row("V_reset.d").column, 6);
  EXPECT_EQ(row("V_reset.d").below, 5);
  EXPECT_EQ(row("V_m.s").column, 1);
  EXPECT_EQ(row("hidden.d").column, 4);
  const auto defaults = values_of(two_compartments::P{});
  EXPECT_EQ(defaults[4], 6);
  EXPECT_EQ(defaults[5], 2);
}

TEST(receptor_names, tell_the_numbers_and_what_connections_show) {
  const auto m = describe_neuron<two_compartments>(0);
  EXPECT_EQ(m.numbers_receptors(), receptor_numbers::named);
  ASSERT_EQ(m.receptor_names.size(), 3u);
  EXPECT_EQ(m.receptor_names[1].name, "out");
  EXPECT_EQ(m.receptor_names[1].number, 3);
  EXPECT_EQ(m.shown_receptor(m.channels[0]), 0);
  EXPECT_EQ(m.shown_receptor(m.channels[1]), 1);
  EXPECT_EQ(m.shown_receptor(m.channels[2]), 0);
}

}  // namespace
}  // namespace volley::models::tests
