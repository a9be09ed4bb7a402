#include "models/synapses/tsodyks_synapse.hpp"

#include <gtest/gtest.h>

#include "tests/models/synapses/one_source.hpp"
#include "tests/models/synapses/resource_equations.hpp"

namespace volley::synapses::tests {
namespace {

using P = tsodyks_synapse::params<double>;
using T = tsodyks_synapse::traces<double>;

void expect_the_equations(const resource_equations& start) {
  auto expected = start;
  one_source source("tsodyks_synapse", {{"U", start.U},
                                        {"tau_psc", start.tau_psc},
                                        {"tau_rec", start.tau_rec},
                                        {"tau_fac", start.tau_fac},
                                        {"x", start.x},
                                        {"y", start.y},
                                        {"u", start.u}});
  double last = 0;
  for (const double t : {20.0, 21.5, 40.0, 40.0, 300.0, 1500.0}) {
    expected.wait(t - last);
    last = t;
    ASSERT_NEAR(source.release(t), expected.spike(), 1e-9) << t;
    ASSERT_NEAR(source["x"], expected.x, 1e-9);
    ASSERT_NEAR(source["y"], expected.y, 1e-9);
    ASSERT_NEAR(source["u"], expected.u, 1e-9);
  }
}

TEST(tsodyks_synapse, releases_what_the_equations_say) {
  expect_the_equations({.U = 0.5, .tau_psc = 3, .tau_rec = 800, .tau_fac = 0});
  expect_the_equations({.U = 0.04, .tau_psc = 2, .tau_rec = 100, .tau_fac = 1000});
  expect_the_equations({.U = 0.3, .tau_psc = 50, .tau_rec = 7, .tau_fac = 20});
}

TEST(tsodyks_synapse, time_passes_from_0_on_before_the_first_spike) {
  expect_the_equations({.U = 0.2, .tau_psc = 10, .tau_rec = 100, .tau_fac = 300, .x = 0.3, .y = 0.4, .u = 0.9});
}

TEST(tsodyks_synapse, equal_time_constants_are_no_special_case) {
  expect_the_equations({.U = 0.5, .tau_psc = 20, .tau_rec = 20, .tau_fac = 0});
  expect_the_equations({.U = 0.5, .tau_psc = 20, .tau_rec = 20 * (1 + 1e-9), .tau_fac = 0});
}

TEST(tsodyks_synapse, keeps_all_resources) {
  T k;
  for (int spike = 0; spike < 5; ++spike) {
    k = tsodyks_synapse::after_pre(P{}, tsodyks_synapse::decayed(P{}, k, 15.0));
    EXPECT_LE(k.x + k.y, 1);
    EXPECT_GE(k.x, 0);
  }
}

TEST(tsodyks_synapse, the_resources_are_at_most_one) {
  EXPECT_EQ(tsodyks_synapse::check(P{}, {.x = 0.75, .y = 0.25}, 1), nullptr);
  EXPECT_STREQ(tsodyks_synapse::check(P{}, {.x = 0.75, .y = 0.5}, 1), "x + y must be <= 1");
  EXPECT_EQ(tsodyks_synapse::check(P{}, {.x = -1, .y = 2}, -1), nullptr);
}

}  // namespace
}  // namespace volley::synapses::tests
