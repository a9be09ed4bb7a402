#include "models/synapses/stdp_synapse_hom.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/runtime/delivery/plastic_network.hpp"

namespace volley::synapses::tests {
namespace {

using P = stdp_synapse_hom::params<double>;
using T = stdp_synapse_hom::traces<double>;

const P p{.tau_plus = 15, .lambda = 0.1, .alpha = 0.5, .mu_plus = 0.7, .mu_minus = 0.3, .Wmax = 10};

TEST(stdp_synapse_hom, weights_move_by_powers_of_their_distance_from_the_bounds) {
  EXPECT_NEAR(stdp_synapse_hom::on_post(p, T{0.6}, 4.0), 10 * (0.4 + 0.1 * std::pow(0.6, 0.7) * 0.6), 1e-14);
  EXPECT_NEAR(stdp_synapse_hom::on_pre(p, T{}, 4.0, 0.8), 10 * (0.4 - 0.5 * 0.1 * std::pow(0.4, 0.3) * 0.8), 1e-14);
  EXPECT_EQ(stdp_synapse_hom::on_post(p, T{100}, 9.0), 10);
  EXPECT_EQ(stdp_synapse_hom::on_pre(p, T{}, 0.5, 100.0), 0);
}

TEST(stdp_synapse_hom, parameters_belong_to_the_model_and_take_any_sign) {
  const auto& model = runtime::tests::synapse("stdp_synapse_hom");
  EXPECT_TRUE(model.common_parameters);
  EXPECT_EQ(stdp_synapse_hom::check(p, T{-1}, -4.0), nullptr);
}

TEST(stdp_synapse_hom, rows_have_the_bits_of_the_functions) { runtime::tests::compare_all<stdp_synapse_hom>(); }

}  // namespace
}  // namespace volley::synapses::tests
