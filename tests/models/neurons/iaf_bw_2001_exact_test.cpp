// NMDA synapses come with connections: tests/runtime/payload_network_test.cpp.
#include <gtest/gtest.h>

#include <cmath>

#include "runtime/base/error.hpp"
#include "tests/runtime/driven_population.hpp"

namespace volley::neurons::tests {
namespace {

using runtime::tests::driven_population;
using runtime::tests::neuron;

constexpr std::size_t AMPA = 0, GABA = 1, current = 2;  // members of the input

TEST(iaf_bw_2001_exact, conductances_jump_by_what_arrives_and_decay) {
  driven_population p(neuron("iaf_bw_2001_exact"), 1, {{"V_th", 0.0}});
  p.input(AMPA, 0, 0, 3.0);
  p.input(GABA, 0, 0, 4.0);
  p.run(31, 10);
  EXPECT_NEAR(p.value_of("s_AMPA"), 3 * std::exp(-3 / 2.0), 1e-6);
  EXPECT_NEAR(p.value_of("s_GABA"), 4 * std::exp(-3 / 5.0), 1e-6);
  EXPECT_EQ(p.nodes().recorded(p.nodes().recordable("s_NMDA").value())[0], 0);
}

TEST(iaf_bw_2001_exact, does_what_iaf_bw_2001_does_where_there_are_no_NMDA_synapses) {
  driven_population exact(neuron("iaf_bw_2001_exact"), 1), summed(neuron("iaf_bw_2001"), 1);
  for (auto* p : {&exact, &summed}) {
    for (int step = 0; step < 400; ++step) p->input(current, step, 0, 700.0);
    p->input(AMPA, 30, 0, 5.0);
    p->input(GABA, 90, 0, 9.0);
    p->run(400, 10);
  }
  ASSERT_FALSE(exact.spikes().empty());
  ASSERT_EQ(exact.spikes().size(), summed.spikes().size());
  for (std::size_t i = 0; i < exact.spikes().size(); ++i)
    EXPECT_EQ(exact.spikes()[i].stamp, summed.spikes()[i].stamp) << i;
  EXPECT_NEAR(exact.value_of("V_m"), summed.value_of("V_m"), 1e-3);
}

TEST(iaf_bw_2001_exact, nobody_sets_what_connections_make) {
  driven_population p(neuron("iaf_bw_2001_exact"), 1);
  EXPECT_THROW(p.set({{"s_NMDA", 1.0}}), runtime::api_error);
}

}  // namespace
}  // namespace volley::neurons::tests
