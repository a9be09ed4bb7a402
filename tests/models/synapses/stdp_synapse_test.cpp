#include "models/synapses/stdp_synapse.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/runtime/delivery/plastic_network.hpp"

namespace volley::synapses::tests {
namespace {

using P = stdp_synapse::params<double>;
using T = stdp_synapse::traces<double>;

const P p{.tau_plus = 15, .lambda = 0.1, .alpha = 0.5, .mu_plus = 0.7, .mu_minus = 0.3, .Wmax = 10};

TEST(stdp_synapse, weights_move_by_powers_of_their_distance_from_the_bounds) {
  EXPECT_NEAR(stdp_synapse::on_post(p, T{0.6}, 4.0), 10 * (0.4 + 0.1 * std::pow(0.6, 0.7) * 0.6), 1e-14);
  EXPECT_NEAR(stdp_synapse::on_pre(p, T{}, 4.0, 0.8), 10 * (0.4 - 0.5 * 0.1 * std::pow(0.4, 0.3) * 0.8), 1e-14);
}

TEST(stdp_synapse, weights_stay_between_zero_and_the_largest) {
  EXPECT_EQ(stdp_synapse::on_post(p, T{100}, 9.0), 10);
  EXPECT_EQ(stdp_synapse::on_pre(p, T{}, 0.5, 100.0), 0);
}

TEST(stdp_synapse, inhibitory_weights_mirror_excitatory_ones) {
  P inhibitory = p;
  inhibitory.Wmax = -10;
  EXPECT_EQ(stdp_synapse::on_post(inhibitory, T{0.6}, -4.0), -stdp_synapse::on_post(p, T{0.6}, 4.0));
  EXPECT_EQ(stdp_synapse::on_pre(inhibitory, T{}, -4.0, 0.8), -stdp_synapse::on_pre(p, T{}, 4.0, 0.8));
  EXPECT_NE(stdp_synapse::check(inhibitory, T{}, 4.0), nullptr);
  EXPECT_EQ(stdp_synapse::check(inhibitory, T{}, -4.0), nullptr);
}

TEST(stdp_synapse, the_trace_decays_and_jumps) {
  EXPECT_NEAR(stdp_synapse::decayed(p, T{2}, 15.0).Kplus, 2 / M_E, 1e-15);
  EXPECT_EQ(stdp_synapse::after_pre(p, T{0.25}).Kplus, 1.25);
}

TEST(stdp_synapse, rows_have_the_bits_of_the_functions) { runtime::tests::compare_all<stdp_synapse>(); }

}  // namespace
}  // namespace volley::synapses::tests
