// A membrane without synapses of its own: events, the end of refractoriness and crossings where formulas tell them.
#include "models/core/precise_membrane.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "models/neurons/iaf_psc_alpha_ps.hpp"
#include "models/neurons/iaf_psc_delta_ps.hpp"
#include "models/neurons/iaf_psc_exp_ps.hpp"
#include "models/neurons/iaf_psc_exp_ps_lossless.hpp"

namespace volley::models::precise {
namespace {

using V = lanes<isa::one_of<isa::scalar>>;
template <class To, class From> To as(const From& from) { return std::bit_cast<To>(from); }

/// One cell of M.
template <class M> class driven {
 public:
  explicit driven(const typename M::template params<double>& p, resolution h = {0.1, 1000})
      : p_(as<typename M::template params<V>>(p)),
        d_(as<typename M::template derived<V>>(M::calibrate(p, h))),
        s_(as<typename M::template state<V>>(typename M::template state<double>())) {}

  void step(std::vector<timed_amount> within = {}, double at_end = 0, double current = 0) {
    const spike_outlet out{[](void* to, const sent_spike& s) { static_cast<driven*>(to)->spikes_.push_back(s); }, this};
    cell_step<V> now(within.data(), within.data() + within.size(), ++step_, 0, out);
    M::step(p_, d_, s_, input<V>{at_end, 0.0, current}, now);
  }
  /// Their times.
  std::vector<double> spikes() const {
    std::vector<double> ms;
    for (const auto& s : spikes_) ms.push_back(0.1 * static_cast<double>(s.stamp) - s.offset_ms);
    return ms;
  }
  double V_m() const { return s_.V_m.raw; }
  typename M::template state<V>& state() { return s_; }

 private:
  typename M::template params<V> p_;
  typename M::template derived<V> d_;
  typename M::template state<V> s_;
  std::int64_t step_ = 0;
  std::vector<sent_spike> spikes_;
};

using membrane = neurons::iaf_psc_delta_ps;

template <class M> void expect_exact_in_small_steps() {
  typename M::template params<double> p;
  p.I_e = 1000;  // to 40 mV
  p.V_th = 2000;
  driven<M> cell(p, {0x1p-13, 0x1p14});
  for (int i = 0; i < 5 << 13; ++i) cell.step();
  EXPECT_NEAR(cell.V_m(), 40 * -std::expm1(-0.5), 1e-13) << M::name;
}

TEST(precise_membrane, keeps_its_digits_in_many_small_steps) {
  expect_exact_in_small_steps<neurons::iaf_psc_alpha_ps>();
  expect_exact_in_small_steps<neurons::iaf_psc_delta_ps>();
  expect_exact_in_small_steps<neurons::iaf_psc_exp_ps>();
}

TEST(precise_membrane, spikes_when_the_solution_is_at_threshold) {
  membrane::params<double> p;
  p.I_e = 500;  // to 20 mV
  driven<membrane> cell(p);
  for (int i = 0; i < 200; ++i) cell.step();
  const double first = 10 * std::log(4);  // 20 (1 - exp(-t / 10)) = 15
  ASSERT_EQ(cell.spikes().size(), 1u);
  EXPECT_NEAR(cell.spikes()[0], first, 1e-12);
  EXPECT_NEAR(cell.V_m(), 20 * (1 - std::exp(-(20 - first - 2) / 10)), 1e-12) << "t_ref later it begins anew";
}

TEST(precise_membrane, decays_from_the_time_of_an_event) {
  driven<membrane> cell({});
  cell.step({{0, 0.03, 4}, {0, 0.03, 2}, {0, 0.01, -1}});
  EXPECT_NEAR(cell.V_m(), 6 * std::exp(-0.003) - std::exp(-0.001), 1e-14);
  cell.step({}, 5);
  EXPECT_NEAR(cell.V_m(), 6 * std::exp(-0.013) - std::exp(-0.011) + 5, 1e-14) << "at the step's end, nothing yet";
}

TEST(precise_membrane, a_jump_to_threshold_is_a_spike_at_its_time_and_others_are_lost_meanwhile) {
  driven<membrane> cell({});
  cell.step({{0, 0.04, 9}, {0, 0.04, 7}, {0, 0.02, 9}}, 9);
  for (int i = 1; i < 20; ++i) cell.step({}, 9);
  EXPECT_EQ(cell.V_m(), 0);
  EXPECT_NEAR(cell.spikes().at(0), 0.06, 1e-15);
  cell.step({{0, 0.05, 9}, {0, 0.04, 3}, {0, 0.02, 1}});
  EXPECT_NEAR(cell.V_m(), 3 * std::exp(-0.004) + std::exp(-0.002), 1e-14) << "from 2.06 ms on, and at it";
  EXPECT_EQ(cell.spikes().size(), 1u);
}

TEST(precise_membrane, one_that_is_above_threshold_spikes_at_once) {
  driven<membrane> cell({});
  cell.state().V_m = 20;
  cell.step();
  EXPECT_NEAR(cell.spikes().at(0), 0, 1e-15);
  EXPECT_LT(0.1 - cell.spikes()[0], 0.1 + 1e-16);
}

TEST(precise_membrane, is_never_below_its_lowest_potential) {
  membrane::params<double> p;
  p.V_min = -1;
  driven<membrane> cell(p);
  cell.step({{0, 0.05, -9}});
  EXPECT_NEAR(cell.V_m(), -std::exp(-0.005), 1e-15);
}

TEST(precise_membrane, currents_act_from_the_next_step_on) {
  driven<membrane> cell({});
  cell.step({}, 0, 250);
  EXPECT_EQ(cell.V_m(), 0);
  cell.step();
  EXPECT_NEAR(cell.V_m(), 10 * -std::expm1(-0.01), 1e-14);
}

TEST(precise_membrane, what_knows_its_peak_misses_no_spike_within_a_piece) {
  using lossless = neurons::iaf_psc_exp_ps_lossless;
  lossless::params<double> p;
  p.tau_syn_ex = p.tau_syn_in = 0.01;
  p.tau_m = 0.02;
  p.C_m = 1;
  driven<lossless> cell(p);
  // V = w tau_m tau_s / (C (tau_s - tau_m)) (exp(-t / tau_s) - exp(-t / tau_m)) is highest at t = ln(2) / 50.
  const double w = 15.001 / 0.005;
  cell.step({{0, 0.09, w}});
  EXPECT_NEAR(0.01 + 0.02 * std::log(2), cell.spikes().at(0), 2e-4);
  EXPECT_LT(cell.spikes()[0], 0.01 + 0.02 * std::log(2));
  driven<lossless> below(p);
  below.step({{0, 0.09, w * 0.999}});
  EXPECT_TRUE(below.spikes().empty());
}

}  // namespace
}  // namespace volley::models::precise
