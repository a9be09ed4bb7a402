#include "models/synapses/static_synapse_hom_w.hpp"

#include <gtest/gtest.h>

#include "tests/runtime/delivery/plastic_network.hpp"

namespace volley::synapses::tests {
namespace {

TEST(static_synapse_hom_w, has_one_weight_for_all_of_the_model) {
  const models::synapse_model& model = runtime::tests::synapse("static_synapse_hom_w");
  EXPECT_FALSE(model.plastic);
  EXPECT_EQ(model.common_weight, true);
  EXPECT_TRUE(model.fields.empty());
}

}  // namespace
}  // namespace volley::synapses::tests
