#include "models/synapses/jonke_synapse.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/runtime/delivery/plastic_network.hpp"

namespace volley::synapses::tests {
namespace {

using P = jonke_synapse::params<double>;
using T = jonke_synapse::traces<double>;

const P p{.tau_plus = 15, .lambda = 0.1, .alpha = 0.5, .beta = 0.2, .mu_plus = -0.3, .mu_minus = 0.1, .Wmax = 10};

TEST(jonke_synapse, weights_move_by_exponentials_of_themselves_less_an_offset) {
  EXPECT_NEAR(jonke_synapse::on_post(p, T{0.6}, 4.0), 4 + 0.1 * (std::exp(-1.2) * 0.6 - 0.2), 1e-14);
  EXPECT_NEAR(jonke_synapse::on_pre(p, T{}, 4.0, 0.8), 4 - 0.1 * (0.5 * std::exp(0.4) * 0.8 + 0.2), 1e-14);
}

TEST(jonke_synapse, weights_stay_between_zero_and_the_largest) {
  EXPECT_EQ(jonke_synapse::on_post(p, T{1e4}, 9.0), 10);
  EXPECT_EQ(jonke_synapse::on_post(p, T{0}, 0.01), 0);
  EXPECT_EQ(jonke_synapse::on_pre(p, T{}, 0.5, 100.0), 0);
}

TEST(jonke_synapse, the_trace_decays_and_jumps) {
  EXPECT_NEAR(jonke_synapse::decayed(p, T{2}, 15.0).Kplus, 2 / M_E, 1e-15);
  EXPECT_EQ(jonke_synapse::after_pre(p, T{0.25}).Kplus, 1.25);
}

TEST(jonke_synapse, rows_have_the_bits_of_the_functions) { runtime::tests::compare_all<jonke_synapse>(); }

}  // namespace
}  // namespace volley::synapses::tests
