#include "runtime/connections/connection_names.hpp"

#include <gtest/gtest.h>

namespace volley::runtime {
namespace {

using row = connection_names::row;

TEST(connection_names, tell_only_what_counting_does_not) {
  row r;
  rename(r, std::vector<connection_name>{{4, 0, 0}, {4, 1, 0}, {6, 0, 0}}, std::vector<used_numbers>{{4, 2}, {6, 1}});
  EXPECT_TRUE(r.empty());
  rename(r, std::vector<connection_name>{{4, 1, 0}, {4, 0, 0}, {6, 0, 0}}, std::vector<used_numbers>{{4, 2}, {6, 1}});
  EXPECT_EQ(r.told, (std::vector<connection_name>{{4, 1, 0}, {4, 0, 0}}));
  EXPECT_TRUE(r.used.empty());
  rename(r, std::vector<connection_name>{{4, 0, 0}, {4, 1, 0}}, std::vector<used_numbers>{{4, 2}});
  EXPECT_TRUE(r.empty());
}

TEST(connection_names, numbers_of_connections_that_are_gone_are_used) {
  row r;
  rename(r, {}, std::vector<used_numbers>{{4, 1}});
  EXPECT_EQ(r.used, (std::vector<used_numbers>{{4, 1}}));
  EXPECT_EQ(next_number(&r, 4, 0), 1u);
  EXPECT_EQ(next_number(&r, 5, 0), 0u);
  EXPECT_EQ(next_number(nullptr, 4, 3), 3u);
  rename(r, std::vector<connection_name>{{4, 1, 7}}, std::vector<used_numbers>{{4, 2}});
  EXPECT_EQ(r.told, (std::vector<connection_name>{{4, 1, 7}}));
  EXPECT_TRUE(r.used.empty());
  EXPECT_EQ(next_number(&r, 4, 1), 2u);
  EXPECT_EQ(told_of(&r, 4).size(), 1u);
  EXPECT_TRUE(told_of(&r, 5).empty());
}

TEST(connection_names, other_targets_stay_in_order) {
  row r;
  rename(r, std::vector<connection_name>{{2, 5, 0}, {9, 6, 0}}, std::vector<used_numbers>{{2, 6}, {9, 9}});
  rename(r, std::vector<connection_name>{{4, 1, 0}, {4, 3, 0}}, std::vector<used_numbers>{{4, 4}, {7, 1}});
  EXPECT_EQ(r.told, (std::vector<connection_name>{{2, 5, 0}, {4, 1, 0}, {4, 3, 0}, {9, 6, 0}}));
  EXPECT_EQ(r.used, (std::vector<used_numbers>{{7, 1}, {9, 9}}));
}

TEST(connection_names, rows_without_anything_to_tell_are_not_kept) {
  connection_names names;
  connection_names::rows changed;
  changed[3].used.push_back({1, 1});
  changed[4];
  names.put(changed);
  EXPECT_TRUE(changed.empty());
  EXPECT_NE(names.find(3), nullptr);
  EXPECT_EQ(names.find(4), nullptr);
  changed[3];
  names.put(changed);
  EXPECT_TRUE(names.empty());
}

}  // namespace
}  // namespace volley::runtime
