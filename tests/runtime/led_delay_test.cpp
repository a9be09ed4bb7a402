// Delays that need not be whole steps (cont_delay_synapse), on any number of VPs.
#include <gtest/gtest.h>

#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

using reals = std::vector<double>;

const dictionary all_to_all{{"rule", "all_to_all"}}, cont{{"synapse_model", "cont_delay_synapse"}};

class led_delays : public testing::TestWithParam<int> {
 protected:
  node_set train(reals times) {
    return k.create("spike_generator", 1, {{"spike_times", std::move(times)}, {"precise_times", true}});
  }
  node_set hear(const node_set& n) {
    const auto r = k.create("spike_recorder");
    k.connect(n, r);
    return r;
  }
  void expect_times(const node_set& recorder, const reals& expected) {
    const auto times = k.times(recorder);
    ASSERT_EQ(times.size(), expected.size());
    for (std::size_t i = 0; i < times.size(); ++i) EXPECT_NEAR(times[i], expected[i], 1e-12);
  }
  double delay(const node_set& from, const node_set& to) {
    const auto found = k.connections({from, to, "", {}});
    return (*std::get<value>(k.call(api::get_connection_values{found, {"delay"}}))
                 .get_if<dictionary>()
                 ->find("delay")
                 ->get_if<reals>())[0];
  }

  solo_kernel k{GetParam()};
};

INSTANTIATE_TEST_SUITE_P(vps, led_delays, testing::Values(1, 2, 3, 7));

TEST_P(led_delays, pass_between_nodes_that_keep_times) {
  k.call(api::set_defaults{"cont_delay_synapse", {{"delay", 1.73}}});
  const auto first = k.create("parrot_neuron_ps"), second = k.create("parrot_neuron_ps");
  const auto of_second = hear(second);
  k.connect(train({1.0, 2.034, 3.08, 4.07}), first, all_to_all, {{"delay", 1.0}});
  k.connect(first, second, all_to_all, cont);
  k.simulate(10.0);
  expect_times(of_second, {3.73, 4.764, 5.81, 6.8});
  EXPECT_NEAR(delay(first, second), 1.73, 1e-15);
}

TEST_P(led_delays, reach_nodes_of_the_grid_at_the_end_of_the_step) {
  k.call(api::set_defaults{"cont_delay_synapse", {{"delay", 1.73}}});
  const auto first = k.create("parrot_neuron_ps"), second = k.create("parrot_neuron");
  const auto of_second = hear(second);
  k.connect(train({1.0, 2.034, 3.08}), first, all_to_all, {{"delay", 1.0}});
  k.connect(first, second, all_to_all, cont);
  k.simulate(10.0);
  expect_times(of_second, {3.8, 4.8, 5.9});
}

TEST_P(led_delays, are_rounded_by_connect_and_kept_where_they_are_set) {
  const auto a = k.create("parrot_neuron_ps"), b = k.create("parrot_neuron_ps", 2), r = hear(b);
  auto given = cont;
  given["delay"] = 1.73;
  k.connect(a, b, all_to_all, given);
  EXPECT_DOUBLE_EQ(delay(a, b), 1.7);
  k.call(api::set_connection_values{k.connections({a, b, "", {}}), value(dictionary{{"delay", reals{2.46, 3.3}}})});
  EXPECT_NEAR(delay(a, b), 2.46, 1e-15);
  k.connect(train({1.05}), a, all_to_all, {{"delay", 1.0}});
  k.simulate(10.0);
  expect_times(r, {4.51, 5.35});
}

TEST_P(led_delays, count_as_the_steps_before_them_where_they_are_shortest) {
  const auto a = k.create("parrot_neuron_ps"), b = k.create("parrot_neuron_ps"), r = hear(b);
  k.call(api::set_defaults{"cont_delay_synapse", {{"delay", 0.15}}});
  k.connect(a, b, all_to_all, cont);
  k.connect(train({1.06}), a, all_to_all, {{"delay", 1.0}});
  k.simulate(5.0);
  EXPECT_EQ(k.status("min_delay"), value(0.1));
  expect_times(r, {2.21});
  EXPECT_THROW(k.call(api::set_defaults{"cont_delay_synapse", {{"delay", 0.05}}}), api_error);
}

}  // namespace
}  // namespace volley::runtime
