#include "models/devices/ac_generator.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

using reals = std::vector<double>;

class ac_generator : public testing::TestWithParam<int> {
 protected:
  solo_kernel k{GetParam()};
  const dictionary all{{"rule", "all_to_all"}}, soon{{"delay", 0.1}};

  node_set metered(const node_set& generator) {
    const auto m = k.create("multimeter", 1, {{"interval", 0.1}, {"record_from", std::vector<std::string>{"I"}}});
    k.connect(m, generator, all, soon);
    return m;
  }
  double real(const node_set& n, const char* key) { return (*k.get(n, key).get_if<reals>())[0]; }
};

INSTANTIATE_TEST_SUITE_P(vps, ac_generator, testing::Values(1, 3));

double sine(double amplitude, double offset, double hz, double degrees, double ms) {
  return offset + amplitude * std::sin(2 * M_PI * hz / 1000 * ms + degrees * M_PI / 180);
}

TEST_P(ac_generator, is_a_sine_of_the_time_inside_its_window) {
  const dictionary sine_with_offset{{"amplitude", 150.0}, {"offset", 40.0}, {"frequency", 35.0}, {"phase", 60.0}};
  const auto g = k.create("ac_generator", 1, sine_with_offset);
  k.set(g, {{"start", 7.0}, {"stop", 44.0}});
  const auto m = metered(g);
  k.simulate(60.0);
  const auto e = k.events(m);
  const auto &times = *e.find("times")->get_if<reals>(), &currents = *e.find("I")->get_if<reals>();
  ASSERT_GT(times.size(), 550u);
  for (std::size_t i = 0; i < times.size(); ++i) {
    const bool active = times[i] > 6.95 && times[i] < 43.95;  // a current reaches the state a step later
    EXPECT_NEAR(currents[i], active ? sine(150, 40, 35, 60, times[i]) : 0.0, 1e-9) << times[i];
  }
}

TEST_P(ac_generator, drives_what_it_is_connected_to) {
  const auto g = k.create("ac_generator", 1, {{"offset", 200.0}});
  const auto d = k.create("dc_generator", 1, {{"amplitude", 200.0}});
  const auto n = k.create("iaf_psc_alpha", 2);
  k.connect(g, {n.generation, {{n.ranges[0].first, n.ranges[0].first, 1}}});
  k.connect(d, {n.generation, {{n.ranges[0].last, n.ranges[0].last, 1}}});
  k.simulate(50.0);
  const auto V = *k.get(n, "V_m").get_if<reals>();
  EXPECT_GT(V[0], -69.0);
  EXPECT_EQ(V[0], V[1]);
}

TEST_P(ac_generator, a_change_acts_from_now_on_as_if_it_always_had_been_so) {
  const auto g = k.create("ac_generator", 1, {{"amplitude", 100.0}, {"frequency", 20.0}});
  const auto m = metered(g);
  k.simulate(10.0);
  k.set(g, {{"frequency", 50.0}, {"amplitude", 30.0}});
  k.simulate(10.0);
  const auto e = k.events(m);
  const auto &times = *e.find("times")->get_if<reals>(), &currents = *e.find("I")->get_if<reals>();
  for (std::size_t i = 0; i < times.size(); ++i) {
    const bool before = times[i] < 10.05;
    EXPECT_NEAR(currents[i], sine(before ? 100 : 30, 0, before ? 20 : 50, 0, times[i]), 1e-9) << times[i];
  }
}

TEST_P(ac_generator, y_0_and_y_1_tell_where_the_sine_is) {
  const auto g = k.create("ac_generator", 1, {{"amplitude", 3.0}, {"frequency", 10.0}, {"phase", 30.0}});
  EXPECT_EQ(real(g, "y_1"), 0.0);
  k.simulate(25.0);
  EXPECT_NEAR(real(g, "y_1"), sine(3, 0, 10, 30, 25), 1e-12);
  EXPECT_NEAR(real(g, "y_0"), sine(3, 0, 10, 120, 25), 1e-12);
}

}  // namespace
}  // namespace volley::runtime
