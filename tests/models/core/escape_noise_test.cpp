#include "models/core/escape_noise.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/models/core/one_node.hpp"

namespace volley::models::gif {
namespace {

using models::tests::entries_of_one_node;
using models::tests::one_node;

constexpr resolution tenth{0.1, 1000};

/// A neuron with two entries of each list, whose chances are drawn as `uniform`.
struct escape_noise : testing::Test {
  struct fixed_draw {
    double number;
    double uniform(bool) { return number; }
  };
  params<double> p;
  state<double> s;
  std::vector<one_node<sfa>::entry> gammas;
  std::vector<one_node<stc>::entry> etas;
  entries_of_one_node<sfa> threshold{one_node<sfa>{gammas}};
  entries_of_one_node<stc> current{one_node<stc>{etas}};

  escape_noise() {
    for (const auto& [tau, q] : {std::pair(10.0, 3.0), std::pair(50.0, 1.0)}) {
      gammas.push_back({{tau, q}, sfa::calibrate(p, {tau, q}, tenth), {}, {}});
      etas.push_back({{tau, q}, stc::calibrate(p, {tau, q}, tenth), {}, {}});
    }
  }
  void recover() { gif::recover<double>(p, s, threshold, current); }
  bool fires(double V_m, double uniform) {
    fixed_draw random{uniform};
    return fire<double>(p, calibrate(p, tenth), s, V_m, threshold, current, random);
  }
};

TEST_F(escape_noise, spikes_come_at_a_rate_that_grows_with_the_potential) {
  s.E_sfa = -35;
  const double at_threshold = 1 - std::exp(-1e-3 * 0.1), above = 1 - std::exp(-1e-3 * 0.1 * std::exp(2));
  EXPECT_TRUE(fires(-35, at_threshold * 0.999));
  s.refractory = 0;
  EXPECT_FALSE(fires(-35, at_threshold * 1.001));
  EXPECT_TRUE(fires(-34, above * 0.999));
  s.refractory = 0;
  EXPECT_FALSE(fires(-34, above * 1.001));
}

TEST_F(escape_noise, chances_saturate) {
  p.Delta_V = 1e-3;
  s.E_sfa = -35;
  EXPECT_FALSE(fires(-36, 0.0)) << "e^-1000 is no chance";
  EXPECT_TRUE(fires(-30, 0.999999999)) << "e^5000 is certain";
}

TEST_F(escape_noise, spikes_move_the_threshold_and_set_off_a_current) {
  recover();
  EXPECT_EQ(s.E_sfa, p.V_T_star);
  EXPECT_EQ(s.I_stc, 0);
  p.Delta_V = 1e-3;
  ASSERT_TRUE(fires(0, 0.5));
  recover();
  EXPECT_EQ(s.E_sfa, p.V_T_star + 4);
  EXPECT_EQ(s.I_stc, 4);
  recover();
  EXPECT_NEAR(s.I_stc, 3 * std::exp(-0.01) + std::exp(-0.002), 1e-12);
}

TEST_F(escape_noise, the_potential_is_reset_after_the_step_with_the_spike_and_rests) {
  p.Delta_V = 1e-3;
  p.t_ref = 0.2;
  recover();
  ASSERT_TRUE(fires(-10, 0.5));
  EXPECT_EQ(s.V_m, -10);
  for (int step = 0; step < 2; ++step) {
    EXPECT_FALSE(fires(-10, 0.0));
    EXPECT_EQ(s.V_m, -55);
  }
  EXPECT_TRUE(fires(-10, 0.0));
}

}  // namespace
}  // namespace volley::models::gif
