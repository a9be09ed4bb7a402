#include "models/core/cell_step.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace volley::models {
namespace {

using V = lanes<isa::one_of<isa::scalar>>;

TEST(cell_step, hands_over_what_arrives_in_its_order_and_takes_spikes) {
  const timed_amount amounts[] = {{9, 0.07, 2}, {9, 0.02, -3}};
  std::vector<sent_spike> sent;
  const spike_outlet out{[](void* to, const sent_spike& s) { static_cast<decltype(sent)*>(to)->push_back(s); }, &sent};
  cell_step<V> now(amounts, amounts + 2, 41, 5, out);
  ASSERT_TRUE(now.expects_more());
  EXPECT_EQ(now.offset_ms().raw, 0.07);
  EXPECT_EQ(now.take().raw, 2);
  EXPECT_EQ(now.offset_ms().raw, 0.02);
  EXPECT_EQ(now.take().raw, -3);
  EXPECT_FALSE(now.expects_more());
  EXPECT_FALSE(now.spiked());
  now.spike(0.01);
  now.spike(0.0, 3.0);
  EXPECT_TRUE(now.spiked());
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(sent[0].stamp, 41);
  EXPECT_EQ(sent[0].cell, 5u);
  EXPECT_EQ(sent[0].multiplicity, 1u);
  EXPECT_EQ(sent[0].offset_ms, 0.01);
  EXPECT_EQ(sent[1].multiplicity, 3u);
}

TEST(cell_step, single_numbers_are_compared_in_conditions) {
  const V a = 1.0, b = 2.0;
  EXPECT_TRUE(a < b ? true : false);
  EXPECT_FALSE(a == b ? true : false);
}

}  // namespace
}  // namespace volley::models
