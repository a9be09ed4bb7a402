// What a shard gives out of its network.
#include "runtime/shard/saved_parts.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "runtime/base/contract.hpp"
#include "runtime/base/snapshot.hpp"
#include "runtime/connections/saved_rows.hpp"
#include "tests/runtime/shard/shards_of_a_kernel.hpp"

namespace volley::runtime::tests {
namespace {

using kind = saved_part::kind;

class saved_parts : public testing::Test {
 protected:
  saved_bytes part(std::size_t vp, const saved_part& what) { return part_of(made.k.shard_at(vp), what, 0); }
  saved_part rows(std::uint64_t first, std::uint64_t last) const {
    return {kind::rows, store_ordinal(made.model), first, last, {}};
  }
  shards_of_a_kernel made{2};
};

TEST_F(saved_parts, of_rows_are_those_of_some_sources) {
  const auto first = part(0, rows(0, 1));
  EXPECT_TRUE(first.more) << "there is source 2";
  const auto content = object_of<saved_rows>(first.bytes);
  EXPECT_EQ(content.sources, std::vector<std::uint32_t>{1});
  EXPECT_EQ(content.targets, (std::vector<std::uint32_t>{4, 4, 6})) << "of the first VP";
  EXPECT_EQ(content.weights, (std::vector<double>{70, 10, 50})) << "in the order of delays";
  const auto second = part(1, rows(2, 9));
  EXPECT_FALSE(second.more);
  EXPECT_EQ(object_of<saved_rows>(second.bytes).targets, std::vector<std::uint32_t>{5});
  EXPECT_TRUE(part(0, rows(3, 9)).bytes.empty());
}

TEST_F(saved_parts, of_what_all_have_is_the_same_on_all) {
  EXPECT_EQ(part(0, {}).bytes, part(1, {}).bytes);
  const auto common = object_of<saved_common>(part(0, {}).bytes);
  EXPECT_FALSE(common.prepared);
  EXPECT_EQ(common.recorders.size(), 1u);
  EXPECT_EQ(common.stores.size(), built_in_models().synapses.size());
}

TEST_F(saved_parts, of_events_are_empty_until_there_are_some) {
  EXPECT_TRUE(part(0, {kind::events, {}, 0, 0, recorder_ordinal(0)}).bytes.empty());
}

TEST_F(saved_parts, that_are_not_there_are_not_given) {
  EXPECT_THROW(part(0, {kind::rows, store_ordinal(1000), 0, 9, {}}), broken_contract);
  EXPECT_THROW(part(0, {kind::events, {}, 0, 0, recorder_ordinal(1)}), std::out_of_range);
}

}  // namespace
}  // namespace volley::runtime::tests
