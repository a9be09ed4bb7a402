#include "models/synapses/cont_delay_synapse.hpp"

#include <gtest/gtest.h>

#include "tests/runtime/delivery/plastic_network.hpp"

namespace volley::synapses::tests {
namespace {

TEST(cont_delay_synapse, keeps_by_how_much_its_delay_is_shorter_than_whole_steps) {
  const models::synapse_model& model = runtime::tests::synapse("cont_delay_synapse");
  EXPECT_TRUE(models::is_static(model));
  EXPECT_TRUE(models::has_sets(model));
  EXPECT_TRUE(model.fields.empty()) << "no user sees it";
  EXPECT_EQ(model.lead, 0);
  EXPECT_EQ(runtime::tests::synapse("cont_delay_synapse_lbl").lead, 0);
  EXPECT_LT(runtime::tests::synapse("static_synapse").lead, 0);
}

}  // namespace
}  // namespace volley::synapses::tests
