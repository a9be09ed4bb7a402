#include "models/synapses/static_synapse.hpp"

#include <gtest/gtest.h>

#include "tests/runtime/delivery/plastic_network.hpp"

namespace volley::synapses::tests {
namespace {

TEST(static_synapse, has_a_weight_for_each_connection) {
  const models::synapse_model& model = runtime::tests::synapse("static_synapse");
  EXPECT_FALSE(model.plastic);
  EXPECT_EQ(model.common_weight, false);
  EXPECT_TRUE(model.fields.empty());
}

}  // namespace
}  // namespace volley::synapses::tests
