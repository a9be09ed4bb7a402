#include "models/synapses/tsodyks_synapse_hom.hpp"

#include <gtest/gtest.h>

#include "tests/models/synapses/one_source.hpp"
#include "tests/models/synapses/resource_equations.hpp"

namespace volley::synapses::tests {
namespace {

TEST(tsodyks_synapse_hom, releases_what_the_equations_say) {
  resource_equations expected{.U = 0.1, .tau_psc = 4, .tau_rec = 90, .tau_fac = 500};
  one_source source("tsodyks_synapse_hom", {{"U", 0.1}, {"tau_psc", 4}, {"tau_rec", 90}, {"tau_fac", 500}});
  double last = 0;
  for (const double t : {20.0, 21.5, 40.0, 300.0}) {
    expected.wait(t - last);
    last = t;
    EXPECT_NEAR(source.release(t), expected.spike(), 1e-9) << t;
  }
}

TEST(tsodyks_synapse_hom, weight_and_parameters_belong_to_the_model) {
  const auto& model = one_source("tsodyks_synapse_hom").model;
  EXPECT_TRUE(model.common_parameters && model.common_weight);
  EXPECT_STREQ(tsodyks_synapse_hom::check({}, {.x = 1, .y = 0.5}, 1), "x + y must be <= 1");
}

}  // namespace
}  // namespace volley::synapses::tests
