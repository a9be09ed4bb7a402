#include "runtime/connections/row_index.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace volley::runtime {
namespace {

row_index of(const std::vector<std::uint64_t>& sources) {
  row_index rows;
  std::uint64_t begin = 10;
  for (const auto source : sources) {
    rows.add(source, begin, source + 1);
    begin += source + 1;
  }
  rows.finish();
  return rows;
}

TEST(row_index, finds_the_row_of_each_source_and_no_other) {
  const std::vector<std::uint64_t> sources{0, 3, 63, 64, 65, 700, 701, 4096};
  const auto rows = of(sources);
  EXPECT_EQ(rows.limit(), 4097u);
  std::uint64_t begin = 10;
  for (std::uint64_t source = 0, next = 0; source < 5000; ++source) {
    const auto row = rows[source];
    if (next < sources.size() && sources[next] == source) {
      EXPECT_EQ(row.begin, begin) << source;
      EXPECT_EQ(row.end, begin + source + 1) << source;
      begin = row.end;
      ++next;
    } else {
      EXPECT_EQ(row.begin, row.end) << source;
    }
  }
}

TEST(row_index, lets_one_row_move_and_leaves_the_others) {
  auto rows = of({3, 64, 65});
  rows.move(64, 5000, 2);
  EXPECT_EQ(rows[64].begin, 5000u);
  EXPECT_EQ(rows[64].end, 5002u);
  EXPECT_EQ(rows[3].begin, 10u);
  EXPECT_EQ(rows[3].end, 14u);
  EXPECT_EQ(rows[65].begin, 10u + 4 + 65);
  rows.move(64, 0, 0);
  EXPECT_EQ(rows[64].begin, rows[64].end);
}

TEST(row_index, visits_the_sources_in_order) {
  const std::vector<std::uint64_t> sources{1, 2, 64, 1000, 1001};
  std::vector<std::uint64_t> visited;
  of(sources).for_each([&](std::uint64_t source) { visited.push_back(source); });
  EXPECT_EQ(visited, sources);
}

TEST(row_index, of_nothing_has_no_rows) {
  const row_index rows;
  EXPECT_EQ(rows.limit(), 0u);
  EXPECT_EQ(rows[7].begin, rows[7].end);
}

TEST(row_index, costs_a_quarter_of_a_byte_for_a_source_without_a_row) {
  const auto one = of({5}), far = of({5, 5 + 64'000});
  EXPECT_LE(far.bytes() - one.bytes(), 64'000 / 4 + 24);
}

}  // namespace
}  // namespace volley::runtime
