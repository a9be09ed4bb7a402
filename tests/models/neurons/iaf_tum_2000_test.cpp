#include <gtest/gtest.h>

#include <cmath>

#include "runtime/base/error.hpp"
#include "tests/runtime/driven_population.hpp"

namespace volley::neurons::tests {
namespace {

using runtime::tests::driven_population;
using runtime::tests::neuron;

constexpr std::size_t ex = 0, in = 1, released = 4;  // members of the input

driven_population one(const runtime::dictionary& values) {
  return driven_population(neuron("iaf_tum_2000"), 1, values);
}

TEST(iaf_tum_2000, a_spike_carries_what_it_releases_of_resources_that_recover_and_facilitate) {
  auto p = one({{"I_e", 600.0}, {"x", 1.0}, {"U", 0.3}, {"tau_psc", 3.0}, {"tau_rec", 120.0}, {"tau_fac", 200.0}});
  p.run(1000, 10);
  ASSERT_GT(p.spikes().size(), 5u);
  double x = 1, y = 0, u = 0, last = 0;
  for (const auto& s : p.spikes()) {
    const double dt = 0.1 * (static_cast<double>(s.stamp) - last);
    const double z = (1 - x - y) * std::exp(-dt / 120) +
                     y * 120 / (120 - 3.0) * (std::exp(-dt / 120) - std::exp(-dt / 3));  // from eq. 3
    y *= std::exp(-dt / 3);
    u *= std::exp(-dt / 200);
    u += 0.3 * (1 - u);
    x = 1 - y - z;
    EXPECT_NEAR(s.offset_ms, u * x, 1e-12) << s.stamp;
    y += u * x;
    x -= u * x;
    last = static_cast<double>(s.stamp);
  }
  EXPECT_NEAR(p.value_of("x"), x, 1e-12);
  EXPECT_NEAR(p.value_of("y"), y, 1e-12);
  EXPECT_NEAR(p.value_of("u"), u, 1e-12);
}

TEST(iaf_tum_2000, nothing_is_facilitated_without_a_time_constant) {
  auto p = one({{"I_e", 600.0}, {"x", 1.0}, {"tau_fac", 0.0}, {"tau_rec", 1e-3}, {"tau_psc", 1e-3}});
  p.run(300, 10);
  ASSERT_GE(p.spikes().size(), 2u);
  for (const auto& s : p.spikes()) EXPECT_NEAR(s.offset_ms, 0.5, 1e-12);
}

TEST(iaf_tum_2000, what_arrives_released_drives_the_synapse_of_its_sign) {
  auto p = one({{"tau_syn_in", 5.0}});
  p.input(ex, 0, 0, 10.0);
  p.input(released, 0, 0, 30.0);
  p.input(in, 1, 0, -5.0);
  p.input(released, 1, 0, -20.0);
  p.run(1);
  EXPECT_EQ(p.nodes().recorded(*p.nodes().recordable("I_syn_ex"))[0], 40);
  p.run(1);
  EXPECT_EQ(p.nodes().recorded(*p.nodes().recordable("I_syn_in"))[0], -25);
}

TEST(iaf_tum_2000, has_no_more_resources_than_all) {
  auto p = one({});
  EXPECT_THROW(p.set({{"x", 0.6}, {"y", 0.5}}), runtime::api_error);
  EXPECT_NO_THROW(p.set({{"x", 0.6}, {"y", 0.4}}));
  EXPECT_THROW(p.set({{"x", 0.7}}), runtime::api_error);
}

}  // namespace
}  // namespace volley::neurons::tests
