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

TEST(spike_batch, has_columns_from_the_first_spike_on_that_needs_them) {
  spike_batch batch;
  batch.add(4, 1, 0);
  batch.add(5, 1, 0);
  EXPECT_TRUE(batch.multiplicities.empty() && batch.offsets_ms.empty());
  batch.add(5, 1, 0.04);
  batch.add(6, 3, 0);
  EXPECT_EQ(batch.sources, (numbers{4, 5, 5, 6}));
  EXPECT_EQ(batch.multiplicities, (numbers{1, 1, 1, 3}));
  EXPECT_EQ(batch.offsets_ms, (std::vector<double>{0, 0, 0.04, 0}));
  const auto third = batch_view(batch).spike(2);
  EXPECT_EQ(third.source, 5u);
  EXPECT_EQ(third.multiplicity, 1u);
  EXPECT_EQ(third.offset_ms, 0.04);
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
  const spike_batch batch{{2, 1}, {4, 7, 5}, {1, 3, 1}, {0, 0.05, 0}};
  const auto same = object_of<spike_batch>(bytes_of(batch));
  EXPECT_EQ(same.counts, batch.counts);
  EXPECT_EQ(same.sources, batch.sources);
  EXPECT_EQ(same.multiplicities, batch.multiplicities);
  EXPECT_EQ(same.offsets_ms, batch.offsets_ms);
}

}  // namespace
}  // namespace volley::runtime
