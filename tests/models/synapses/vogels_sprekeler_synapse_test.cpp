#include "models/synapses/vogels_sprekeler_synapse.hpp"

#include <gtest/gtest.h>

#include "tests/runtime/delivery/plastic_network.hpp"

namespace volley::synapses::tests {
namespace {

using P = vogels_sprekeler_synapse::params<double>;
using T = vogels_sprekeler_synapse::traces<double>;

const P p{.tau = 15, .eta = 0.1, .alpha = 0.5, .Wmax = 10};
const P inhibitory{.tau = 15, .eta = 0.1, .alpha = 0.5, .Wmax = -10};

TEST(vogels_sprekeler_synapse, pairs_in_both_orders_make_the_weight_larger) {
  EXPECT_DOUBLE_EQ(vogels_sprekeler_synapse::on_post(p, T{0.6}, 4.0), 4 + 0.1 * 0.6);
  EXPECT_DOUBLE_EQ(vogels_sprekeler_synapse::on_pre(p, T{}, 4.0, 0.8), 4 + 0.1 * 0.8 - 0.5 * 0.1);
}

TEST(vogels_sprekeler_synapse, weights_stay_between_zero_and_the_largest) {
  EXPECT_EQ(vogels_sprekeler_synapse::on_post(p, T{100}, 9.0), 10);
  EXPECT_DOUBLE_EQ(vogels_sprekeler_synapse::on_pre(p, T{}, 9.0, 100.0), 10 - 0.05);
  EXPECT_EQ(vogels_sprekeler_synapse::on_pre(p, T{}, 0.01, 0.0), 0);
}

TEST(vogels_sprekeler_synapse, inhibitory_weights_mirror_excitatory_ones) {
  EXPECT_EQ(vogels_sprekeler_synapse::on_post(inhibitory, T{0.6}, -4.0),
            -vogels_sprekeler_synapse::on_post(p, T{0.6}, 4.0));
  EXPECT_EQ(vogels_sprekeler_synapse::on_pre(inhibitory, T{}, -4.0, 0.8),
            -vogels_sprekeler_synapse::on_pre(p, T{}, 4.0, 0.8));
  EXPECT_NE(vogels_sprekeler_synapse::check(inhibitory, T{}, 0.5), nullptr);
  EXPECT_EQ(vogels_sprekeler_synapse::check(inhibitory, T{}, -0.5), nullptr);
}

TEST(vogels_sprekeler_synapse, the_default_weight_is_one_half) {
  EXPECT_EQ(runtime::tests::synapse("vogels_sprekeler_synapse").default_weight, 0.5);
}

TEST(vogels_sprekeler_synapse, rows_have_the_bits_of_the_functions) {
  runtime::tests::compare_all<vogels_sprekeler_synapse>();
}

}  // namespace
}  // namespace volley::synapses::tests
