#include "models/synapses/stdp_pl_synapse_hom.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/runtime/delivery/plastic_network.hpp"

namespace volley::synapses::tests {
namespace {

using P = stdp_pl_synapse_hom::params<double>;
using T = stdp_pl_synapse_hom::traces<double>;

const P p{.tau_plus = 15, .lambda = 0.1, .alpha = 0.5, .mu = 0.4};

TEST(stdp_pl_synapse_hom, grows_by_a_power_of_the_weight_and_shrinks_in_proportion) {
  EXPECT_NEAR(stdp_pl_synapse_hom::on_post(p, T{0.6}, 4.0), 4 + 0.1 * std::pow(4, 0.4) * 0.6, 1e-14);
  EXPECT_NEAR(stdp_pl_synapse_hom::on_pre(p, T{}, 4.0, 0.8), 4 - 0.1 * 0.5 * 4 * 0.8, 1e-14);
}

TEST(stdp_pl_synapse_hom, has_no_largest_weight_and_none_below_zero) {
  EXPECT_GT(stdp_pl_synapse_hom::on_post(p, T{1}, 1e6), 1e6);
  EXPECT_EQ(stdp_pl_synapse_hom::on_pre(p, T{}, 4.0, 100.0), 0);
}

TEST(stdp_pl_synapse_hom, the_trace_decays_and_jumps) {
  EXPECT_NEAR(stdp_pl_synapse_hom::decayed(p, T{2}, 15.0).Kplus, 2 / M_E, 1e-15);
  EXPECT_EQ(stdp_pl_synapse_hom::after_pre(p, T{0.25}).Kplus, 1.25);
}

TEST(stdp_pl_synapse_hom, rows_have_the_bits_of_the_functions) { runtime::tests::compare_all<stdp_pl_synapse_hom>(); }

}  // namespace
}  // namespace volley::synapses::tests
