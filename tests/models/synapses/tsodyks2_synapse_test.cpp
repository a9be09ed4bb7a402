#include "models/synapses/tsodyks2_synapse.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/models/synapses/one_source.hpp"

namespace volley::synapses::tests {
namespace {

TEST(tsodyks2_synapse, goes_from_spike_to_spike) {
  for (const double tau_fac : {0.0, 300.0}) {
    const double U = 0.3, tau_rec = 120;
    one_source source("tsodyks2_synapse", {{"U", U}, {"u", U}, {"tau_rec", tau_rec}, {"tau_fac", tau_fac}});
    double R = 1, u = U, last = 20;
    EXPECT_DOUBLE_EQ(source.release(last), U) << "the first spike finds what there is";
    for (const double t : {25.0, 60.0, 61.0, 400.0}) {
      R = 1 + (R - R * u - 1) * std::exp(-(t - last) / tau_rec);
      u = U + u * (1 - U) * (tau_fac == 0 ? 0 : std::exp(-(t - last) / tau_fac));
      last = t;
      EXPECT_NEAR(source.release(t), R * u, 1e-14) << t;
      EXPECT_NEAR(source["x"], R, 1e-14);
      EXPECT_NEAR(source["u"], u, 1e-14);
    }
  }
}

TEST(tsodyks2_synapse, several_spikes_of_a_step_use_up_what_there_is) {
  one_source source("tsodyks2_synapse", {{"U", 0.5}});
  EXPECT_EQ(source.release(10), 0.5);
  EXPECT_EQ(source.release(10), 0.25);
  EXPECT_EQ(source.release(10), 0.125);
}

TEST(tsodyks2_synapse, the_first_spike_has_the_share_that_users_set) {
  one_source source("tsodyks2_synapse", {{"U", 0.5}, {"u", 0.9}, {"x", 0.2}});
  EXPECT_DOUBLE_EQ(source.release(1000), 0.18);
}

}  // namespace
}  // namespace volley::synapses::tests
