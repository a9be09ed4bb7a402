#include "models/core/glif.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "models/core/glif_exact.hpp"
#include "tests/models/core/one_node.hpp"

namespace volley::models::glif {
namespace {

using models::tests::entries_of_one_node;
using models::tests::one_node;

constexpr resolution tenth{0.1, 1000};

TEST(glif, has_five_levels) {
  const auto legal = [](bool spikes, bool currents, bool follows) {
    params<double> p;
    p.spike_dependent_threshold = spikes;
    p.after_spike_currents = currents;
    p.adapting_threshold = follows;
    return check(p) == nullptr;
  };
  EXPECT_TRUE(legal(false, false, false) && legal(true, false, false) && legal(false, true, false) &&
              legal(true, true, false) && legal(true, true, true));
  EXPECT_FALSE(legal(false, false, true) || legal(true, false, true) || legal(false, true, true));
}

TEST(glif, what_a_level_does_not_read_may_be_anything) {
  params<double> p;
  p.th_spike_decay = p.th_voltage_decay = -1e6;
  p.voltage_reset_fraction = 3;
  EXPECT_EQ(check(p), nullptr);
  EXPECT_EQ(calibrate(p, tenth).decay_spike, 1);
  p.spike_dependent_threshold = 1;
  EXPECT_NE(check(p), nullptr);
  p.th_spike_decay = 0.1;
  EXPECT_NE(check(p), nullptr);
  p.voltage_reset_fraction = 0.5;
  EXPECT_EQ(check(p), nullptr);
  p.after_spike_currents = p.adapting_threshold = 1;
  EXPECT_NE(check(p), nullptr);
  p.th_voltage_decay = 0.1;
  EXPECT_EQ(check(p), nullptr);
}

struct currents_after_spikes : testing::Test {
  params<double> p;
  state<double> s;
  std::vector<one_node<asc>::entry> all;
  entries_of_one_node<asc> currents{one_node<asc>{all}};

  currents_after_spikes() {
    p.after_spike_currents = 1;
    const asc::params<double> e{5, 0.5, -9, 0.25};
    all.push_back({e, asc::calibrate(p, e, tenth), {}, {}});
  }
};

TEST_F(currents_after_spikes, begin_as_told_and_decay) {
  flow<double>(p, s, currents);
  EXPECT_NEAR(s.ASCurrents_sum, 5 * -std::expm1(-0.05) / 0.05, 1e-12) << "their mean over the step";
  EXPECT_NEAR(all[0].state.I, 5 * std::exp(-0.05), 1e-12);
  flow<double>(p, s, currents);
  EXPECT_NEAR(all[0].state.I, 5 * std::exp(-0.1), 1e-12);
}

TEST_F(currents_after_spikes, stand_still_while_the_neuron_rests) {
  flow<double>(p, s, currents);
  const double before = all[0].state.I, sum = s.ASCurrents_sum;
  s.refractory = 2;
  flow<double>(p, s, currents);
  EXPECT_EQ(all[0].state.I, before);
  EXPECT_EQ(s.ASCurrents_sum, sum);
}

TEST_F(currents_after_spikes, a_spike_leaves_a_share_and_adds) {
  all[0].state.I = 8;
  s.V_m = 100;
  EXPECT_TRUE(fire<double>(p, calibrate(p, tenth), s, 0.0, false, currents));
  EXPECT_NEAR(all[0].state.I, -9 + 0.25 * 8 * std::exp(-0.5 * p.t_ref), 1e-12);
  EXPECT_EQ(s.V_m, p.V_reset);
}

}  // namespace
}  // namespace volley::models::glif
