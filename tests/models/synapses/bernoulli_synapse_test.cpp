#include "models/synapses/bernoulli_synapse.hpp"

#include <gtest/gtest.h>

#include "tests/models/synapses/one_source.hpp"

namespace volley::synapses::tests {
namespace {

TEST(bernoulli_synapse, transmits_where_a_number_is_below_the_probability) {
  one_source source("bernoulli_synapse", {{"p_transmit", 0.3}});
  EXPECT_EQ(source.walk(5, -2.5, {0.29}), -2.5);
  EXPECT_EQ(source.walk(6, -2.5, {0.3}), 0);
  EXPECT_EQ(source.walk(6, -2.5, {0.9}), 0);
}

TEST(bernoulli_synapse, always_and_never_are_certain) {
  EXPECT_EQ(one_source("bernoulli_synapse").walk(5, 1.5, {1 - 0x1p-53}), 1.5);
  EXPECT_EQ(one_source("bernoulli_synapse", {{"p_transmit", 0}}).walk(5, 1.5, {0}), 0);
}

TEST(bernoulli_synapse, a_spike_without_weight_is_transmitted_all_the_same) {
  EXPECT_TRUE(bernoulli_synapse::on_spike({1}, 0.0, {0.5}).has_value());
  EXPECT_FALSE(bernoulli_synapse::on_spike({0}, 0.0, {0.5}).has_value());
}

}  // namespace
}  // namespace volley::synapses::tests
