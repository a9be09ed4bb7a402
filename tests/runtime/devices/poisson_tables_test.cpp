#include "runtime/devices/poisson_tables.hpp"

#include <gtest/gtest.h>

namespace volley::runtime {
namespace {

TEST(poisson_tables, keep_as_many_as_are_used_at_a_time) {
  poisson_tables tables;
  for (int i = 0; i < 10000; ++i) {
    tables.of(0.001 * i, 5);
    EXPECT_LE(tables.size(), poisson_tables::least);
  }
  for (int i = 0; i < 200; ++i) tables.of(i, 200);
  const auto kept = tables.size();
  for (int i = 0; i < 200; ++i) tables.of(i, 200);
  EXPECT_LE(tables.size(), std::size_t{200});
  EXPECT_GE(tables.size(), kept);
}

TEST(poisson_tables, numbers_are_those_of_the_whole_table) {
  poisson_tables tables;
  for (const double mean : {0.0, 0.001, 0.5, 3.0, 40.0, 1e5}) {
    const models::poisson_table whole(mean);
    for (const std::uint32_t word : {0u, 1u, 77777u, 1u << 20, 1u << 31, 3000000000u, ~0u - 1000, ~0u})
      EXPECT_EQ(tables.number(mean, word, 1), whole(std::uint64_t{word} << 32)) << mean << " " << word;
  }
}

}  // namespace
}  // namespace volley::runtime
