#include "runtime/connections/made_entries.hpp"

#include <gtest/gtest.h>

#include "runtime/base/snapshot.hpp"

namespace volley::runtime {
namespace {

TEST(made_entries, are_counted_cell_by_cell_and_go_on_from_an_image) {
  const target_lookup::place one{block_ordinal(0), 3}, other{block_ordinal(2), 3};
  made_entries all;
  EXPECT_EQ(all.give(one), 0u);
  EXPECT_EQ(all.give(one), 1u);
  EXPECT_EQ(all.give(other), 0u);
  snapshot_writer saved;
  saved(all);
  const auto image = saved.take();
  made_entries again;
  snapshot_reader reader(image);
  reader(again);
  EXPECT_EQ(again.give(one), 2u);
  EXPECT_EQ(again.give(other), 1u);
  EXPECT_EQ(again.give({block_ordinal(1), 0}), 0u);
}

}  // namespace
}  // namespace volley::runtime
