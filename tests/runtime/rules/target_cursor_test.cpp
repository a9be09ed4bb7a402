#include "runtime/rules/target_cursor.hpp"

#include <gtest/gtest.h>

#include "tests/runtime/rules/walked.hpp"

namespace volley::runtime {
namespace {

rule_spec rule(bool autapses) {
  rule_spec spec;
  spec.sources = nodes(3, 9, 3);  // 3, 6, 9
  spec.targets = nodes(2, 7);
  spec.allow_autapses = autapses;
  return spec;
}

TEST(target_cursor, visits_local_targets_with_their_positions) {
  const auto spec = rule(true);
  target_cursor at(spec, {1, 2});
  for (const std::uint64_t id : {3, 5, 7}) {
    ASSERT_TRUE(at.next());
    EXPECT_EQ(at.id(), id);
    EXPECT_EQ(at.position(), id - 2);
    EXPECT_EQ(at.banned(), std::nullopt);
    EXPECT_EQ(at.free_sources(), 3u);
  }
  EXPECT_FALSE(at.next());
}

TEST(target_cursor, bans_the_target_among_the_sources_where_autapses_are_forbidden) {
  const auto spec = rule(false);
  target_cursor at(spec, {0, 1});
  for (std::uint64_t id = 2; id <= 7; ++id) {
    ASSERT_TRUE(at.next());
    const auto expected = id % 3 == 0 ? std::optional<std::uint32_t>(id / 3 - 1) : std::nullopt;
    EXPECT_EQ(at.banned(), expected) << id;
    EXPECT_EQ(at.free_sources(), expected ? 2u : 3u);
  }
  EXPECT_EQ(at.sources().size(), 3u);
  EXPECT_FALSE(at.next());
}

}  // namespace
}  // namespace volley::runtime
