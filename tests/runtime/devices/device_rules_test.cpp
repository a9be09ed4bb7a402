// Times of devices as they are given, kept and used, and what a device does when it is set during a run. Each on 1 and
// 3 VPs.
#include "runtime/devices/device_rules.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

using reals = std::vector<double>;
constexpr double infinity = std::numeric_limits<double>::infinity(), for_ever = std::numeric_limits<double>::max();

class device_rules : public testing::TestWithParam<int> {
 protected:
  solo_kernel k{GetParam()};
  const dictionary all{{"rule", "all_to_all"}};

  double real(const node_set& n, const std::string& key) { return (*k.get(n, key).get_if<reals>())[0]; }
  reals list(const node_set& n, const std::string& key) {
    return *(*k.get(n, key).get_if<std::vector<value>>())[0].get_if<reals>();
  }
  /// A meter of the generator's current, each step.
  node_set metered(const node_set& generator) {
    const auto m = k.create("multimeter", 1, {{"interval", 0.1}, {"record_from", std::vector<std::string>{"I"}}});
    k.connect(m, generator, all, {{"delay", 0.1}});
    return m;
  }
  /// What a meter recorded, by the step it is stamped with.
  std::map<step_t, double> currents(const node_set& meter) {
    const auto e = k.events(meter);
    const auto &times = *e.find("times")->get_if<reals>(), &values = *e.find("I")->get_if<reals>();
    std::map<step_t, double> by_step;
    for (std::size_t i = 0; i < times.size(); ++i) by_step[static_cast<step_t>(std::round(times[i] * 10))] = values[i];
    return by_step;
  }
  /// The message of a refused call; a failure when it is accepted or of another kind, or when it changed a value.
  std::string refusal(const node_set& n, dictionary values, error_kind kind) {
    const auto before = std::get<value>(k.call(api::get_node_values{n, {}}));
    try {
      k.set(n, values);
      ADD_FAILURE() << to_text(value(values)) << " was accepted";
    } catch (const api_error& e) {
      EXPECT_STREQ(to_string(e.kind()), to_string(kind)) << e.what();
      EXPECT_EQ(std::get<value>(k.call(api::get_node_values{n, {}})), before);
      return e.what();
    }
    return "";
  }
};

INSTANTIATE_TEST_SUITE_P(vps, device_rules, testing::Values(1, 3));

TEST_P(device_rules, times_are_told_as_they_are_used) {
  const auto g = k.create("noise_generator", 1,
                          {{"start", 0.30001}, {"stop", 2.0 - 1e-9}, {"origin", 0.1 + 0.2}, {"dt", 0.7000004}});
  EXPECT_EQ(real(g, "start"), 0.3);
  EXPECT_EQ(real(g, "stop"), 2.0);
  EXPECT_EQ(real(g, "origin"), 0.3);
  EXPECT_EQ(real(g, "dt"), 0.7);
  const auto m = k.create("multimeter", 1, {{"interval", 0.30000000000000004}, {"offset", 0.5000001}});
  EXPECT_EQ(real(m, "interval"), 0.3);
  EXPECT_EQ(real(m, "offset"), 0.5);
  const auto s = k.create(
      "step_current_generator", 1,
      {{"amplitude_times", reals{0.1 + 0.2, 0.71}}, {"amplitude_values", reals{1, 2}}, {"allow_offgrid_times", true}});
  EXPECT_EQ(list(s, "amplitude_times"), (reals{0.3, 0.8}));
  const auto t =
      k.create("spike_generator", 1, {{"spike_times", reals{0.1 + 0.2, 0.3, 0.71}}, {"allow_offgrid_times", true}});
  EXPECT_EQ(list(t, "spike_times"), (reals{0.3, 0.3, 0.8}));
}

TEST_P(device_rules, times_beyond_the_largest_are_for_ever_or_refused) {
  const auto g = k.create("dc_generator", 1, {{"stop", 1e300}});
  EXPECT_EQ(real(g, "stop"), for_ever);
  k.set(g, {{"start", infinity}, {"stop", infinity}});
  EXPECT_EQ(real(g, "start"), for_ever);
  k.set(g, {{"start", 0.0}, {"origin", 1e18}});
  refusal(g, {{"start", -infinity}}, error_kind::BadProperty);
  const auto m = k.create("multimeter"), n = k.create("noise_generator");
  for (const double ms : {1e18, 1e300, infinity, -infinity, -1e300}) {
    refusal(m, {{"interval", ms}}, error_kind::BadProperty);
    refusal(m, {{"offset", ms}}, error_kind::BadProperty);
    refusal(n, {{"dt", ms}}, error_kind::StepMultipleRequired);
  }
  const auto s = k.create("step_current_generator"), t = k.create("spike_generator");
  for (const bool allow : {false, true})
    for (const double ms : {1e18, 1e300, -1e300}) {
      refusal(s, {{"amplitude_times", reals{ms}}, {"amplitude_values", reals{1}}, {"allow_offgrid_times", allow}},
              error_kind::BadProperty);
      refusal(t, {{"spike_times", reals{ms}}, {"allow_offgrid_times", allow}}, error_kind::BadProperty);
    }
  k.connect(g, k.create("iaf_psc_alpha"));
  k.simulate(1.0);
}

TEST_P(device_rules, times_on_binary_grids_are_refused_beyond_the_largest_too) {
  k.set_status({{"resolution", 1.0}, {"tics_per_ms", 1024}});  // the lowest integer is a multiple of such a step
  const auto m = k.create("multimeter"), n = k.create("noise_generator");
  refusal(m, {{"interval", 1e25}}, error_kind::BadProperty);
  refusal(n, {{"dt", 1e25}}, error_kind::StepMultipleRequired);
  EXPECT_THROW(k.simulate(1e25), api_error);
}

TEST_P(device_rules, refused_times_are_told_with_the_grid) {
  const auto m = k.create("multimeter"), n = k.create("noise_generator");
  const auto says = [](const std::string& text, const std::string& part) {
    EXPECT_NE(text.find("ms must be " + part + " multiple of the resolution, 0.1 ms"), std::string::npos) << text;
  };
  says(refusal(m, {{"interval", 0.15}}, error_kind::BadProperty), "a positive");
  says(refusal(m, {{"interval", 0.0}}, error_kind::BadProperty), "a positive");
  says(refusal(m, {{"offset", -0.1}}, error_kind::BadProperty), "0 or a positive");
  says(refusal(n, {{"dt", 0.05}}, error_kind::StepMultipleRequired), "a positive");
  says(refusal(n, {{"start", 0.05}}, error_kind::BadProperty), "a");
}

TEST_P(device_rules, amplitude_times_must_be_ascending_steps) {
  const auto s = k.create("step_current_generator");
  const auto set = [&](reals times, bool allow = false) {
    const reals values(times.size(), 1.0);
    return refusal(s, {{"amplitude_times", times}, {"amplitude_values", values}, {"allow_offgrid_times", allow}},
                   error_kind::BadProperty);
  };
  set({1.0, 1.04});
  set({2.0, 1.0});
  set({1.0, 1.0});
  set({0.0, 1.0});
  set({-1.0, 1.0});
  set({1.05, 2.0});
  set({1.0, 1.0 + 1e-9});   // the same step
  set({1.01, 1.04}, true);  // both 1.1
  set({1.04, 1.1}, true);
  set({1e-9}, true);
}

TEST_P(device_rules, spike_times_of_one_step_may_come_in_any_order) {
  const auto t = k.create("spike_generator", 1, {{"spike_times", reals{0.1 + 0.2, 0.3}}});
  EXPECT_EQ(list(t, "spike_times"), (reals{0.3, 0.3}));
  EXPECT_NE(refusal(t, {{"spike_times", reals{-1.0}}}, error_kind::BadProperty).find("must be > 0"), std::string::npos);
  EXPECT_NE(refusal(t, {{"spike_times", reals{0.0}}}, error_kind::BadProperty).find("spike time cannot be set to 0"),
            std::string::npos);
}

TEST_P(device_rules, precise_times_are_kept_and_recorded_and_act_at_the_end_of_their_step) {
  const reals times{1.0, 1.05, 3.0001};
  const dictionary steps{{"time_in_steps", true}};
  for (const std::string model : {"spike_generator", "spike_train_injector"}) {
    const auto t = k.create(model, 1, {{"spike_times", times}, {"precise_times", true}, {"stop", 6.0}});
    EXPECT_EQ(list(t, "spike_times"), times);
    const auto in_ms = k.create("spike_recorder"), in_steps = k.create("spike_recorder", 1, steps);
    const auto parrot = k.create("parrot_neuron"), heard = k.create("spike_recorder");
    for (const auto& to : {in_ms, in_steps, parrot}) k.connect(t, to);
    k.connect(parrot, heard);
    k.simulate(10.0);
    EXPECT_EQ(k.times(in_ms).size(), 3u);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(k.times(in_ms)[i], times[i], 1e-14);
    const auto e = k.events(in_steps);
    EXPECT_EQ(*e.find("times"), value(std::vector<std::int64_t>{10, 11, 31}));
    const auto& offsets = *e.find("offsets")->get_if<reals>();
    for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(offsets[i], (reals{0, 0.05, 0.0999})[i], 1e-14);
    EXPECT_EQ(k.times(heard), (reals{2.0, 2.1, 4.1}));
    k.call(api::reset_kernel{});
  }
}

TEST_P(device_rules, precise_times_ascend_and_exclude_the_other_ways_off_the_grid) {
  const auto t = k.create("spike_generator");
  for (const char* other : {"allow_offgrid_times", "shift_now_spikes"})
    EXPECT_NE(refusal(t, {{"precise_times", true}, {other, true}}, error_kind::BadProperty)
                  .find("Option precise_times cannot be set to true when either"),
              std::string::npos);
  for (const reals& times : {reals{1.05, 1.04}, {0.0}, {-1.0}, {1e18}})
    refusal(t, {{"precise_times", true}, {"spike_times", times}}, error_kind::BadProperty);
  k.set(t, {{"precise_times", true}, {"spike_times", reals{1.05, 1.05}}});
  refusal(t, {{"precise_times", false}}, error_kind::BadProperty);
}

TEST_P(device_rules, a_spike_of_now_moves_a_whole_step_on) {
  k.simulate(0.2);
  const auto t = k.create("spike_generator", 1, {{"spike_times", reals{0.2, 0.5}}, {"shift_now_spikes", true}});
  EXPECT_EQ(list(t, "spike_times"), (reals{0.3, 0.5}));  // 0.2 + 0.1 is another number
}

TEST_P(device_rules, a_new_list_leaves_the_current_as_it_is_until_its_first_time) {
  const auto s = k.create("step_current_generator", 1,
                          {{"amplitude_times", reals{0.1, 0.3, 5.0}}, {"amplitude_values", reals{1, 0, 7}}});
  const auto m = metered(s);
  const auto n = k.create("iaf_psc_alpha");
  k.connect(s, n, all, {{"delay", 1.0}});
  k.simulate(10.0);
  k.set(s, {{"amplitude_times", reals{12.0, 14.0}}, {"amplitude_values", reals{-3, 2}}});
  k.simulate(1.0);
  k.set(s, {{"amplitude_times", reals{13.0}}, {"amplitude_values", reals{4}}});  // again before the first
  k.simulate(4.0);
  k.set(s, {{"amplitude_times", reals{}}, {"amplitude_values", reals{}}});
  k.simulate(5.0);
  const auto I = currents(m);
  for (const auto& [step, current] : std::map<step_t, double>{
           {1, 1}, {3, 0}, {49, 0}, {50, 7}, {100, 7}, {101, 7}, {120, 7}, {129, 7}, {130, 4}, {151, 4}, {180, 4}})
    EXPECT_EQ(I.at(step), current) << step;
  const double driven = real(n, "V_m");

  // The neuron sees what is recorded.
  k.call(api::reset_kernel{});
  const auto one = k.create("step_current_generator", 1,
                            {{"amplitude_times", reals{0.1, 0.3, 5.0, 13.0}}, {"amplitude_values", reals{1, 0, 7, 4}}});
  const auto other = k.create("iaf_psc_alpha");
  k.connect(one, other, all, {{"delay", 1.0}});
  k.simulate(20.0);
  EXPECT_EQ(real(other, "V_m"), driven);
}

TEST_P(device_rules, a_change_for_the_past_acts_at_once) {
  const auto s = k.create("step_current_generator");
  const auto m = metered(s);
  k.simulate(10.0);
  k.set(s, {{"amplitude_times", reals{5.0, 12.0}}, {"amplitude_values", reals{500, -1000}}});
  k.simulate(5.0);
  const auto I = currents(m);
  for (const auto& [step, current] :
       std::map<step_t, double>{{100, 0}, {101, 500}, {119, 500}, {120, -1000}, {130, -1000}})
    EXPECT_EQ(I.at(step), current) << step;
}

TEST_P(device_rules, a_new_generator_has_no_current_before_its_list) {
  const auto list = [](double ms, double pA) {
    return dictionary{{"amplitude_times", reals{ms}}, {"amplitude_values", reals{pA}}};
  };
  k.call(api::set_defaults{"step_current_generator", list(1.0, 100.0)});
  k.simulate(10.0);
  k.call(api::set_defaults{"step_current_generator", list(12.0, 50.0)});
  const auto a = k.create("step_current_generator"), b = k.create("step_current_generator", 1, list(13.0, 20.0));
  const auto m = metered(a), o = metered(b);
  k.simulate(5.0);
  EXPECT_EQ(currents(m).at(115), 0.0);
  EXPECT_EQ(currents(m).at(125), 50.0);
  EXPECT_EQ(currents(o).at(125), 0.0);
  EXPECT_EQ(currents(o).at(135), 20.0);
}

TEST_P(device_rules, a_new_mean_acts_from_the_next_value_on) {
  const auto g = k.create("noise_generator", 1, {{"mean", 250.0}});
  const auto n = k.create("iaf_psc_alpha", 1, {{"I_e", 622.2}});
  const auto m = metered(g);
  k.connect(g, n);
  k.simulate(1.4);
  k.set(g, {{"mean", 103.43}});
  k.simulate(2.0);
  EXPECT_NEAR(real(n, "V_m"), -60.94514774386098, 1e-9);  // measured on the reference
  const auto I = currents(m);
  EXPECT_EQ(I.at(14), 250.0);
  EXPECT_EQ(I.at(20), 250.0);
  EXPECT_EQ(I.at(21), 103.43);
}

TEST_P(device_rules, other_changes_of_noise_act_from_the_next_value_on) {
  struct trial {
    dictionary before, change;
  };
  const dictionary modulated{{"std", 60.0}, {"std_mod", 50.0}, {"frequency", 100.0}};
  for (const auto& [before, change] : {trial{{{"std", 60.0}}, {{"std", 20.0}}},
                                       {modulated, {{"frequency", 37.0}}},
                                       {modulated, {{"phase", 90.0}}},
                                       {modulated, {{"std_mod", 0.0}}},
                                       {{{"std", 60.0}}, {{"dt", 0.5}}}}) {
    std::map<bool, std::map<double, double>> V;
    for (const bool changes : {false, true}) {
      k.call(api::reset_kernel{});
      const auto g = k.create("noise_generator", 1, before);
      const auto n = k.create("iaf_psc_alpha", 1, {{"V_th", 1e9}});
      k.connect(g, n, all, {{"delay", 0.1}});
      k.simulate(1.4);
      if (changes) k.set(g, change);
      for (const double ms : {0.8, 2.0}) {
        k.simulate(ms);
        V[changes][ms] = real(n, "V_m");
      }
    }
    EXPECT_EQ(V[true][0.8], V[false][0.8]) << to_text(value(change));  // 2.2 ms: what was drawn at 1.0 arrived
    EXPECT_NE(V[true][2.0], V[false][2.0]) << to_text(value(change));
  }
}

TEST_P(device_rules, noise_that_is_set_to_what_it_is_goes_on_with_the_same_bits) {
  std::vector<double> V;
  for (const bool sets : {false, true}) {
    k.call(api::reset_kernel{});
    const auto g = k.create("noise_generator", 1, {{"mean", 10.0}, {"std", 60.0}, {"start", 0.5}});
    const auto n = k.create("iaf_psc_alpha", 2, {{"V_th", 1e9}});
    k.connect(g, n, all, {{"delay", 1.0}});
    for (int i = 0; i < 20; ++i) {
      k.simulate(0.7);
      if (sets) k.set(g, {{"mean", 10.0}, {"label", "again"}});
    }
    V.push_back(real(n, "V_m"));
  }
  EXPECT_EQ(V[0], V[1]);
}

TEST_P(device_rules, y_0_and_y_1_tell_the_angle_of_the_modulation) {
  const auto g = k.create("noise_generator", 2,
                          {{"std", 2.0}, {"std_mod", reals{0.0, 1.0}}, {"frequency", 10.0}, {"phase", 30.0}});
  const auto y = [&](const char* key) { return *k.get(g, key).get_if<reals>(); };
  EXPECT_EQ(y("y_0"), (reals{0, 0}));
  k.set(g, {{"y_0", 0.25}});
  EXPECT_EQ(y("y_0"), (reals{0.25, 0.25}));
  k.simulate(20.0);
  k.simulate(5.0);
  const double at_prepare = 2 * M_PI * 0.01 * 20 + M_PI / 6, at_end = 2 * M_PI * 0.01 * 25 + M_PI / 6;
  EXPECT_NEAR(y("y_0")[0], std::cos(at_prepare), 1e-12);  // without a modulation it stays
  EXPECT_NEAR(y("y_1")[0], std::sin(at_prepare), 1e-12);
  EXPECT_NEAR(y("y_0")[1], std::cos(at_end), 1e-12);
  EXPECT_NEAR(y("y_1")[1], std::sin(at_end), 1e-12);
}

TEST_P(device_rules, a_rate_that_cannot_be_counted_is_refused) {
  const auto g = k.create("poisson_generator");
  for (const double rate : {3e13, 1e300, infinity}) refusal(g, {{"rate", rate}}, error_kind::BadProperty);
  EXPECT_NE(refusal(g, {{"rate", 3e13}}, error_kind::BadProperty).find("at a resolution of 0.1 ms"), std::string::npos);
  k.set(g, {{"rate", 1e12}});
  k.connect(g, k.create("iaf_psc_alpha"));
  k.simulate(1.0);
}

}  // namespace
}  // namespace volley::runtime
