#include <gtest/gtest.h>

#include <set>

#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

TEST(kernel, a_constant_current_makes_a_neuron_fire) {
  solo_kernel k;
  const auto n = k.create("iaf_psc_alpha", 1, {{"I_e", 1000.0}});
  const auto r = k.create("spike_recorder");
  k.connect(n, r);
  k.simulate(50.0);
  const auto times = k.times(r);
  ASSERT_GE(times.size(), 5u);
  EXPECT_NEAR(times[0], 4.8, 0.3);
}

TEST(kernel, a_spike_acts_a_delay_after_its_stamp) {
  solo_kernel k;
  const auto g = k.create("spike_generator", 1, {{"spike_times", std::vector<double>{1.0, 2.0}}});
  const auto p = k.create("parrot_neuron");
  const auto r = k.create("spike_recorder");
  k.connect(g, p, {{"rule", "all_to_all"}}, {{"delay", 1.0}});
  k.connect(p, r);
  k.simulate(10.0);
  EXPECT_EQ(k.times(r), (std::vector<double>{2.0, 3.0}));
}

TEST(kernel, a_poisson_generator_drives_each_target_on_its_own) {
  solo_kernel k;
  const auto g = k.create("poisson_generator", 1, {{"rate", 1000.0}});
  const auto p = k.create("parrot_neuron", 2);
  const auto r = k.create("spike_recorder");
  k.connect(g, p);
  k.connect(p, r);
  k.simulate(1000.0);
  const auto senders = k.senders(r);
  std::vector<std::int64_t> counts(4);
  for (const auto s : senders) ++counts[static_cast<std::size_t>(s)];
  EXPECT_NEAR(counts[2], 1000, 150);
  EXPECT_NEAR(counts[3], 1000, 150);
  const auto times = k.times(r);
  EXPECT_GT(std::set<double>(times.begin(), times.end()).size(), 1200u);
}

}  // namespace
}  // namespace volley::runtime
