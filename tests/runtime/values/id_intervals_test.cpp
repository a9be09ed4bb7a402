#include "runtime/values/id_intervals.hpp"

#include <gtest/gtest.h>

namespace volley::runtime {
namespace {

TEST(id_intervals, know_what_was_added) {
  id_intervals all;
  all.add({0, {{5, 9, 1}}});
  all.add({0, {{20, 30, 5}}});
  all.add({0, {{10, 12, 1}, {3, 4, 1}}});
  std::vector<std::uint64_t> known;
  for (std::uint64_t id = 1; id < 40; ++id)
    if (all.shared_with({0, {{id, id, 1}}})) known.push_back(id);
  EXPECT_EQ(known, (std::vector<std::uint64_t>{3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 20, 25, 30}));
}

TEST(id_intervals, name_an_id_that_is_in_both) {
  id_intervals all;
  EXPECT_FALSE(all.shared_with({0, {{1, 100, 1}}}));
  all.add({0, {{5, 9, 1}}});
  EXPECT_EQ(all.shared_with({0, {{9, 20, 1}}}), 9u);
  EXPECT_EQ(all.shared_with({0, {{1, 5, 1}}}), 5u);
  EXPECT_EQ(all.shared_with({0, {{1, 4, 1}, {6, 7, 1}}}), 7u);
  EXPECT_EQ(all.shared_with({0, {{2, 12, 10}}}), std::nullopt);
  EXPECT_EQ(all.shared_with({0, {{2, 12, 5}}}), 7u);
  EXPECT_FALSE(all.shared_with({0, {{1, 4, 1}, {10, 20, 1}}}));
}

}  // namespace
}  // namespace volley::runtime
