// Defaults that are times, on every grid.
#include "runtime/kernel/model_registry.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

dictionary defaults(solo_kernel& k, const std::string& model) {
  return *std::get<value>(k.call(api::get_defaults{model})).get_if<dictionary>();
}
double told(solo_kernel& k, const std::string& model, const std::string& key) {
  return *defaults(k, model).find(key)->get_if<double>();
}

TEST(model_registry, defaults_that_are_times_follow_the_resolution) {
  struct trial {
    double resolution, delay, interval, dt;
  };
  for (const auto& [resolution, delay, interval, dt] : {trial{0.01, 1, 1, 1},
                                                        {0.1, 1, 1, 1},
                                                        {0.25, 1, 1, 1},
                                                        {0.3, 1.2, 1.2, 3},
                                                        {1, 1, 1, 1},
                                                        {2, 2, 2, 20},
                                                        {10, 10, 10, 100}}) {
    solo_kernel k;
    for (const double via : {resolution, 3.0, resolution})
      k.set_status({{"resolution", via}});  // whatever it was before
    for (const char* synapse : {"static_synapse", "stdp_synapse", "static_synapse_hom_w", "stdp_pl_synapse_hom"})
      EXPECT_DOUBLE_EQ(told(k, synapse, "delay"), delay) << resolution;
    EXPECT_DOUBLE_EQ(told(k, "voltmeter", "interval"), interval) << resolution;
    EXPECT_DOUBLE_EQ(told(k, "multimeter", "interval"), interval) << resolution;
    EXPECT_DOUBLE_EQ(told(k, "noise_generator", "dt"), dt) << resolution;
    k.call(api::reset_kernel{});
    EXPECT_EQ(told(k, "voltmeter", "interval"), 1.0);
  }
}

TEST(model_registry, a_change_of_defaults_is_told) {
  solo_kernel k;
  const auto log = [&](double resolution) {
    auto next = k.get().call(api::set_kernel_status{{{"resolution", resolution}}});
    const auto& lines = std::get<api::answer>(next).log;
    return lines.empty() ? std::string() : lines[0].text;
  };
  EXPECT_EQ(log(0.2), "");
  const auto text = log(0.3);
  for (const char* part :
       {"0.3 ms", "noise_generator.dt = 3", "voltmeter.interval = 1.2", "static_synapse.delay = 1.2"})
    EXPECT_NE(text.find(part), std::string::npos) << text;
}

TEST(model_registry, what_a_model_tells_can_be_set_on_any_grid) {
  for (const double resolution : {0.001, 0.1, 0.3, 0.7, 1.024, 2.0, 3.0, 10.0, 30000.0, 1e9})
    for (const auto& kind : device_kinds()) {
      solo_kernel k;
      k.set_status({{"resolution", resolution}});
      const std::string name(kind.name);
      const auto first = defaults(k, name);
      for (const auto& field : names_of(kind.defaults)) {
        const auto* v = first.find(field);
        if (!v->is<double>()) continue;
        k.call(api::set_defaults{name, {{field, *v}}});
        EXPECT_EQ(*defaults(k, name).find(field), *v) << name << " " << field;
      }
    }
}

class every_grid : public testing::TestWithParam<double> {};

INSTANTIATE_TEST_SUITE_P(resolutions, every_grid, testing::Values(0.1, 0.3, 2.0, 3.0, 10.0, 1000.0, 30000.0));

TEST_P(every_grid, the_default_times_are_used_as_they_are_told) {
  const double h = GetParam();
  solo_kernel k(2);
  k.set_status({{"resolution", h}});
  const auto neurons = k.create("iaf_psc_alpha", 2, {{"I_e", 300.0}});
  const auto meter = k.create("voltmeter"), noise = k.create("noise_generator", 1, {{"std", 10.0}});
  const dictionary all{{"rule", "all_to_all"}}, plastic{{"synapse_model", "stdp_synapse"}};
  k.connect(meter, neurons);
  k.connect(noise, neurons);
  k.connect(neurons, neurons);
  k.connect(neurons, neurons, all, plastic);
  k.simulate(60 * h);

  const double interval = (*k.get(meter, "interval").get_if<std::vector<double>>())[0];
  const auto times = k.times(meter);
  ASSERT_GE(times.size(), 6u);
  for (std::size_t i = 2; i < times.size(); i += 2) EXPECT_NEAR(times[i] - times[i - 2], interval, 1e-9 * h);
  const auto steps = (*k.get(noise, "dt").get_if<std::vector<double>>())[0] / h;
  EXPECT_NEAR(steps, std::round(steps), 1e-9);
  const auto delays =
      *std::get<value>(k.call(api::get_connection_values{k.connections({neurons, neurons, "", {}}), {"delay"}}))
           .get_if<dictionary>()
           ->find("delay")
           ->get_if<std::vector<double>>();
  EXPECT_EQ(delays, std::vector<double>(8, told(k, "static_synapse", "delay")));
}

TEST(model_registry, a_default_delay_that_is_set_is_told_as_it_is_used) {
  solo_kernel k;
  k.call(api::set_defaults{"static_synapse", {{"delay", 1.26}}});
  EXPECT_EQ(told(k, "static_synapse", "delay"), 1.3);
  k.call(api::copy_model{"static_synapse", "copy", {{"delay", 0.149}}});
  EXPECT_EQ(told(k, "copy", "delay"), 0.1);
  try {
    k.set_status({{"resolution", 0.3}});
    ADD_FAILURE() << "times of models are those of the grid they were set on";
  } catch (const api_error& e) {
    EXPECT_EQ(e.kind(), error_kind::KernelException) << e.what();
  }
}

TEST(model_registry, a_default_delay_of_too_many_steps_is_refused_where_it_is_used) {
  solo_kernel k;
  k.set_status({{"resolution", 1e-7}, {"tics_per_ms", 10000000}});
  const auto n = k.create("parrot_neuron", 2);
  try {
    k.connect(n, n);
    ADD_FAILURE() << "accepted";
  } catch (const api_error& e) {
    EXPECT_EQ(e.kind(), error_kind::BadDelay);
    EXPECT_NE(std::string(e.what()).find("delay = 1"), std::string::npos) << e.what();
  }
}

}  // namespace
}  // namespace volley::runtime
