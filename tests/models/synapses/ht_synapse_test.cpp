#include "models/synapses/ht_synapse.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/models/synapses/one_source.hpp"

namespace volley::synapses::tests {
namespace {

TEST(ht_synapse, takes_a_share_of_a_pool_that_recovers) {
  const double tau_P = 70, delta_P = 0.4;
  one_source source("ht_synapse", {{"tau_P", tau_P}, {"delta_P", delta_P}, {"P", 0.5}});
  double P = 0.5, last = 0;
  for (const double t : {30.0, 31.0, 31.0, 90.0, 900.0}) {
    P = 1 - (1 - P) * std::exp(-(t - last) / tau_P);
    last = t;
    EXPECT_NEAR(source.release(t), P, 1e-14) << t;
    P *= 1 - delta_P;
    EXPECT_NEAR(source["P"], P, 1e-14) << "right after the spike";
  }
}

TEST(ht_synapse, a_full_pool_stays_full_without_spikes) { EXPECT_EQ(one_source("ht_synapse").release(12345), 1); }

}  // namespace
}  // namespace volley::synapses::tests
