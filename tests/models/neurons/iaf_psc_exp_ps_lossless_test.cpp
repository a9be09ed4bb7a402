#include <gtest/gtest.h>

#include <cmath>

#include "runtime/base/error.hpp"
#include "tests/runtime/driven_population.hpp"

namespace volley::neurons::tests {
namespace {

using runtime::tests::driven_population;
using runtime::tests::neuron;

const runtime::dictionary quick{{"tau_m", 0.02}, {"tau_syn_ex", 0.01}, {"tau_syn_in", 0.01}, {"C_m", 1.0}};

TEST(iaf_psc_exp_ps_lossless, spikes_though_the_potential_is_below_threshold_at_the_end_of_the_step) {
  driven_population lossless(neuron("iaf_psc_exp_ps_lossless"), 1, quick), other(neuron("iaf_psc_exp_ps"), 1, quick);
  for (auto* p : {&lossless, &other}) {
    p->input_within(0, 0, 0.09, 4000.0);
    p->run(1);
  }
  EXPECT_EQ(other.spikes().size(), 0u);
  ASSERT_EQ(lossless.spikes().size(), 1u);
  const double t = 0.09 - lossless.spikes()[0].offset_ms;
  EXPECT_NEAR(4000 * 0.02 * (std::exp(-t / 0.02) - std::exp(-t / 0.01)), 15, 1e-10);
  EXPECT_LT(t, 0.02 * std::log(2)) << "before the peak";
  EXPECT_EQ(lossless.value_of("offset"), lossless.spikes()[0].offset_ms);
}

TEST(iaf_psc_exp_ps_lossless, shows_the_synaptic_current) {
  driven_population p(neuron("iaf_psc_exp_ps_lossless"), 1);
  p.input(0, 0, 0, 30.0);
  p.input(1, 0, 0, -10.0);
  p.run(1);
  EXPECT_EQ(p.value_of("I_syn"), 20);
  EXPECT_EQ(p.nodes().recorded(*p.nodes().recordable("I_syn"))[0], 20);
}

TEST(iaf_psc_exp_ps_lossless, has_one_synaptic_time_constant_that_is_not_the_membranes) {
  driven_population p(neuron("iaf_psc_exp_ps_lossless"), 1);
  EXPECT_THROW(p.set({{"tau_syn_ex", 3.0}}), runtime::api_error);
  EXPECT_THROW(p.set({{"tau_syn_ex", 10.0}, {"tau_syn_in", 10.0}}), runtime::api_error);
  EXPECT_NO_THROW(p.set({{"tau_syn_ex", 3.0}, {"tau_syn_in", 3.0}}));
}

}  // namespace
}  // namespace volley::neurons::tests
