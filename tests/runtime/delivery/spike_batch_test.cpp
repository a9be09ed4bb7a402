#include "runtime/delivery/spike_batch.hpp"

#include <gtest/gtest.h>

#include "runtime/base/snapshot.hpp"

namespace volley::runtime {
namespace {

using numbers = std::vector<std::uint32_t>;

template <class Column> numbers list(const Column& column) { return {column.begin(), column.end()}; }

TEST(spike_batch, is_seen_as_its_columns) {
  const spike_batch batch{{2, 1}, {4, 7, 5}, {1, 3, 1}};
  const batch_view view = batch;
  EXPECT_EQ(list(view.counts), (numbers{2, 1}));
  EXPECT_EQ(list(view.sources), (numbers{4, 7, 5}));
  EXPECT_EQ(list(view.multiplicities), (numbers{1, 3, 1}));
}

TEST(spike_batch, is_cleared_with_the_memory_that_it_has) {
  spike_batch batch{{2, 1}, {4, 7, 5}, {1, 3, 1}};
  const auto bytes = batch.bytes();
  EXPECT_EQ(bytes, 8 * sizeof(std::uint32_t));
  batch.clear();
  const batch_view view = batch;
  EXPECT_TRUE(view.counts.empty() && view.sources.empty() && view.multiplicities.empty());
  EXPECT_EQ(batch.bytes(), bytes);
}

TEST(spike_batch, goes_through_bytes) {
  const spike_batch batch{{2, 1}, {4, 7, 5}, {1, 3, 1}};
  const auto same = object_of<spike_batch>(bytes_of(batch));
  EXPECT_EQ(same.counts, batch.counts);
  EXPECT_EQ(same.sources, batch.sources);
  EXPECT_EQ(same.multiplicities, batch.multiplicities);
}

}  // namespace
}  // namespace volley::runtime
