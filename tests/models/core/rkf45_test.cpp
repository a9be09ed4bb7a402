#include "models/core/rkf45.hpp"

#include <gtest/gtest.h>

#include <boost/numeric/odeint/stepper/explicit_error_generic_rk.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_fehlberg78.hpp>
#include <cmath>
#include <vector>

#include "tests/models/core/lane_probe.hpp"

namespace volley::models::tests {
namespace {

/// A nonlinear oscillator (van der Pol).
template <class V> std::array<V, 2> van_der_pol(const std::array<V, 2>& y) {
  return {y[1], 3.0 * (1.0 - y[0] * y[0]) * y[1] - y[0]};
}

std::array<double, 2> integrate(std::array<double, 2> y, double h_ms, int steps, double tolerance) {
  double sub_step = 0;
  for (int i = 0; i < steps; ++i) rkf45(y, sub_step, h_ms, tolerance, van_der_pol<double>);
  return y;
}

/// The same by a method of order 8 of Odeint with small steps: exact for our purposes.
std::array<double, 2> odeint(std::array<double, 2> y, double duration_ms) {
  boost::numeric::odeint::runge_kutta_fehlberg78<std::array<double, 2>> stepper;
  const int steps = 20000;
  const auto system = [](const std::array<double, 2>& v, std::array<double, 2>& slope, double) {
    slope = van_der_pol(v);
  };
  for (int i = 0; i < steps; ++i) stepper.do_step(system, y, 0.0, duration_ms / steps);
  return y;
}

/// Odeint's error stepper with Fehlberg's tableau: the fifth-order result and the difference of the orders.
struct fehlberg_of_odeint {
  using state = std::array<double, 2>;
  using stepper_type = boost::numeric::odeint::explicit_error_generic_rk<6, 5, 5, 4, state>;
  template <std::size_t N> using row = boost::array<double, N>;

  static stepper_type make() {
    const boost::fusion::vector<row<1>, row<2>, row<3>, row<4>, row<5>> a(
        row<1>{{1.0 / 4}}, row<2>{{3.0 / 32, 9.0 / 32}}, row<3>{{1932.0 / 2197, -7200.0 / 2197, 7296.0 / 2197}},
        row<4>{{439.0 / 216, -8, 3680.0 / 513, -845.0 / 4104}},
        row<5>{{-8.0 / 27, 2, -3544.0 / 2565, 1859.0 / 4104, -11.0 / 40}});
    const row<6> fifth{{16.0 / 135, 0, 6656.0 / 12825, 28561.0 / 56430, -9.0 / 50, 2.0 / 55}};
    const row<6> fourth{{25.0 / 216, 0, 1408.0 / 2565, 2197.0 / 4104, -1.0 / 5, 0}};
    row<6> difference;
    for (std::size_t i = 0; i < 6; ++i) difference[i] = fifth[i] - fourth[i];
    return stepper_type(a, fifth, difference, row<6>{{0, 1.0 / 4, 3.0 / 8, 12.0 / 13, 1, 1.0 / 2}});
  }
};

TEST(rkf45, one_step_and_its_error_are_those_of_odeints_error_stepper) {
  auto stepper = fehlberg_of_odeint::make();
  const auto system = [](const std::array<double, 2>& v, std::array<double, 2>& slope, double) {
    slope = van_der_pol(v);
  };
  for (const double h : {0.01, 0.1, 0.5}) {
    std::array<double, 2> y{1.2, -0.4}, error{};
    const auto ours = detail::fehlberg_step(y, h, van_der_pol<double>);
    stepper.do_step(system, y, 0.0, h, error);
    EXPECT_NEAR(ours.y[0], y[0], 1e-14);
    EXPECT_NEAR(ours.y[1], y[1], 1e-14);
    EXPECT_NEAR(ours.error, std::max(std::abs(error[0]), std::abs(error[1])), 1e-14);
  }
}

TEST(rkf45, agrees_with_odeint_within_the_tolerance_and_better_with_a_smaller_one) {
  const std::array<double, 2> start{2, 0};
  const auto exact = odeint(start, 10);
  double last = 1;
  for (const double tolerance : {1e-3, 1e-6, 1e-9}) {
    const auto y = integrate(start, 0.1, 100, tolerance);
    const double error = std::abs(y[0] - exact[0]);
    EXPECT_LT(error, 20 * tolerance);
    EXPECT_LT(error, last + 1e-12);
    last = error;
  }
}

TEST(rkf45, one_step_is_of_fifth_order_with_an_error_estimate_of_order_five) {
  const std::array<double, 2> start{1.2, -0.4};
  double previous_error = 0, previous_estimate = 0;
  for (const double h : {0.2, 0.1, 0.05}) {
    const auto step = detail::fehlberg_step(start, h, van_der_pol<double>);
    const double error = std::abs(step.y[0] - odeint(start, h)[0]);
    if (previous_error != 0) {
      EXPECT_GT(previous_error / error, 40);          // 2^6 in the limit
      EXPECT_GT(previous_estimate / step.error, 20);  // 2^5
    }
    previous_error = error;
    previous_estimate = step.error;
  }
}

TEST(rkf45, lanes_keep_their_own_step_and_do_not_disturb_each_other) {
  const std::vector<double> rate = {0.01, 0.1, 1, 10, 50, 100, 300, 1000};
  for (const auto& probe : runnable_probes()) {
    std::vector<double> sub_step(8, 0.0);
    const auto y = probe.relax(std::vector<double>(8, 0.0), sub_step, rate, 0.5, 1e-6);
    for (std::size_t i = 0; i < rate.size(); ++i) {
      std::array<double, 1> alone{0};
      double alone_step = 0;
      rkf45(alone, alone_step, 0.5, 1e-6,
            [&](const std::array<double, 1>& v) { return std::array<double, 1>{rate[i] * (1.0 - v[0])}; });
      EXPECT_EQ(y[i], alone[0]) << probe.isa << " lane " << i;
      EXPECT_EQ(sub_step[i], alone_step) << probe.isa << " lane " << i;
      EXPECT_NEAR(y[i], 1 - std::exp(-rate[i] * 0.5), 1e-5);
    }
    EXPECT_GT(sub_step[0], sub_step[7]);
  }
}

TEST(rkf45, continues_with_the_sub_step_it_found) {
  std::array<double, 2> y{2, 0};
  double sub_step = 0;
  rkf45(y, sub_step, 10.0, 1e-6, van_der_pol<double>);
  EXPECT_GT(sub_step, 0);
  EXPECT_LT(sub_step, 5.0);
}

constexpr auto nothing_between = [](const auto&, const auto&) {};

/// The oscillator with its unknowns in memory.
template <class Control, class After>
std::array<double, 2> integrate_in_memory(std::array<double, 2> y, double& sub_step, int steps, const Control& control,
                                          const After& after) {
  std::vector<double> room(open_scratch * y.size());
  const auto slope = [](std::span<double> at, std::span<double> to) {
    const auto d = van_der_pol<double>({at[0], at[1]});
    std::ranges::copy(d, to.begin());
  };
  for (int i = 0; i < steps; ++i)
    rkf45(std::span<double>(y), std::span<double>(room), sub_step, 0.1, control, slope, after);
  return y;
}

TEST(rkf45, unknowns_in_memory_get_the_same_bits) {
  double sub_step = 0, in_memory = 0;
  std::array<double, 2> y{2, 0};
  for (int i = 0; i < 50; ++i) rkf45(y, sub_step, 0.1, 1e-6, van_der_pol<double>);
  EXPECT_EQ(integrate_in_memory({2, 0}, in_memory, 50, absolute_control{1e-6}, nothing_between), y);
  EXPECT_EQ(in_memory, sub_step);
}

TEST(rkf45, a_tolerance_of_each_lane_is_the_same_control) {
  double a = 0, b = 0;
  const auto one = integrate_in_memory({2, 0}, a, 50, absolute_control{1e-6}, nothing_between);
  const auto own = integrate_in_memory({2, 0}, b, 50, own_control<double>{1e-6}, nothing_between);
  EXPECT_NEAR(one[0], own[0], 1e-12);
  EXPECT_NEAR(a, b, 1e-6);
}

TEST(rkf45, a_steep_slope_tolerates_a_larger_error) {
  double small = 0, large = 0;
  const auto run = [&](double& sub_step, const auto& control) {
    std::array<double, 1> y{0};
    rkf45(
        y, sub_step, 1.0, control, [](const std::array<double, 1>& v) { return std::array{1e4 - 50 * v[0]}; },
        nothing_between);
    return y[0];
  };
  EXPECT_NEAR(run(small, own_control<double>{1e-6}), 200 * (1 - std::exp(-50)), 1e-4);
  EXPECT_NEAR(run(large, slope_control<double>{1e-6}), 200 * (1 - std::exp(-50)), 1e-2);
  EXPECT_GT(large, small);
  const std::array<double, 2> errors{3e-6, 1e-6}, slopes{20, 0};
  EXPECT_DOUBLE_EQ(slope_control<double>{1e-6}.ratio(errors, 0.1, slopes), 1) << "3e-6 of 1e-6 (1 + 0.1 20), and 1";
}

TEST(rkf45, what_follows_a_sub_step_may_change_the_unknowns) {
  // A line of slope 10 that is taken back by 0.25 where it got there.
  int resets = 0, calls = 0;
  double sub_step = 0.005;
  std::array<double, 1> y{0};
  rkf45(
      y, sub_step, 0.1, own_control<double>{1e-6}, [](const std::array<double, 1>&) { return std::array{10.0}; },
      [&](std::array<double, 1>& v, bool accepted) {
        calls += accepted;
        if (!accepted || v[0] < 0.25) return;
        v[0] -= 0.25;
        ++resets;
      });
  EXPECT_EQ(calls, 3) << "each five times the one before";
  EXPECT_NEAR(y[0] + 0.25 * resets, 1, 1e-12);
  EXPECT_EQ(resets, 2);
}

TEST(rkf45, ends_when_the_unknowns_become_no_numbers_between_sub_steps) {
  std::array<double, 1> y{0};
  double sub_step = 1e-3;
  int calls = 0;
  rkf45(
      y, sub_step, 1.0, own_control<double>{1e-6}, [](const std::array<double, 1>& v) { return std::array{-v[0]}; },
      [&](std::array<double, 1>& v, bool) {
        ++calls;
        v[0] = std::nan("");
      });
  EXPECT_LT(calls, 30);
  EXPECT_TRUE(std::isnan(y[0]));
}

// y0' = -2 sinh(y0) makes stages of a long sub-step infinite, and what they add up to no number; y1' = 1 does not.
TEST(rkf45, tries_again_where_one_of_the_unknowns_is_no_number) {
  const auto check = [](const std::array<double, 2>& y) {
    EXPECT_NEAR(y[0], 2 * std::atanh(std::tanh(4) * std::exp(-2)), 1e-2);
    EXPECT_NEAR(y[1], 1, 1e-12);
  };
  const auto slope = [](const std::array<double, 2>& y) { return std::array{-2 * std::sinh(y[0]), 1.0}; };
  std::array<double, 2> y{8, 0};
  double sub_step = 0;
  rkf45(y, sub_step, 1.0, 1e-3, slope);
  check(y);
  y = {8, 0}, sub_step = 0;
  const auto nothing = [](const auto&, bool) {};
  rkf45(y, sub_step, 1.0, slope_control<double>{1e-3}, slope, nothing);
  check(y);
  y = {8, 0}, sub_step = 0;
  std::array<double, 2 * open_scratch> scratch{};
  const auto to_memory = [&](std::span<const double> from, std::span<double> to) {
    std::ranges::copy(slope({from[0], from[1]}), to.begin());
  };
  rkf45<double>(y, scratch, sub_step, 1.0, absolute_control{1e-3}, to_memory, [](std::span<double>, bool) {});
  check(y);
}

TEST(rkf45, ends_when_the_solution_does_not_exist) {
  const double infinity = std::numeric_limits<double>::infinity();
  for (const auto& probe : runnable_probes()) {
    const auto y = probe.explode({1e-3, 1e9, 1, infinity, std::nan(""), -1, 0, 1e300}, 0.1);
    EXPECT_NEAR(y[0], 1e-3 / (1 - 1e-4), 1e-9) << probe.isa;
    EXPECT_NEAR(y[2], 1 / 0.9, 1e-3) << probe.isa;
    EXPECT_EQ(y[3], infinity) << probe.isa;
    EXPECT_TRUE(std::isnan(y[4])) << probe.isa;
    EXPECT_EQ(y[6], 0) << probe.isa;
  }
}

}  // namespace
}  // namespace volley::models::tests
