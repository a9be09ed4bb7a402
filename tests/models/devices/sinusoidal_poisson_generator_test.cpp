#include "models/devices/sinusoidal_poisson_generator.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

using reals = std::vector<double>;
constexpr const char* model = "sinusoidal_poisson_generator";

using trains = std::map<std::int64_t, reals>;  // times by sender

class sinusoidal_poisson : public testing::TestWithParam<int> {
 protected:
  solo_kernel k{GetParam()};
  const dictionary all{{"rule", "all_to_all"}};

  trains recorded(const node_set& recorder) {
    trains by_sender;
    const auto times = k.times(recorder);
    const auto senders = k.senders(recorder);
    for (std::size_t i = 0; i < times.size(); ++i) by_sender[senders[i]].push_back(times[i]);
    return by_sender;
  }
  /// What `n` parrots repeat of a generator, and what a recorder hears of it.
  std::pair<trains, trains> run(const dictionary& parameters, std::int64_t n, double ms) {
    const auto g = k.create(model, 1, parameters);
    const auto parrots = k.create("parrot_neuron", n);
    const auto r = k.create("spike_recorder"), direct = k.create("spike_recorder");
    k.connect(g, parrots);
    k.connect(parrots, r);
    k.connect(g, direct);
    k.simulate(ms);
    return {recorded(r), recorded(direct)};
  }
};

INSTANTIATE_TEST_SUITE_P(vps, sinusoidal_poisson, testing::Values(1, 3));

TEST(sinusoidal_poisson_generator, counts_follow_the_rate_and_are_never_negative) {
  devices::sinusoidal_poisson_generator::params p;
  p.rate = 40;
  p.amplitude = 60;
  p.frequency = 10;
  const auto d = devices::sinusoidal_poisson_generator::calibrate(p, {});
  const auto mean = [&](step_t stamp) { return devices::sinusoidal_poisson_generator::mean_count(p, d, stamp); };
  EXPECT_NEAR(mean(250), 100 * 1e-4, 1e-15);  // a quarter of the period of 100 ms
  EXPECT_NEAR(mean(500), 40 * 1e-4, 1e-15);
  EXPECT_EQ(mean(750), 0);
  p.frequency = std::numeric_limits<double>::infinity();
  EXPECT_EQ(mean(750), 0);
}

TEST_P(sinusoidal_poisson, every_target_has_a_train_of_its_own_with_the_rate_of_the_moment) {
  const auto [parrots, direct] = run({{"rate", 400.0}, {"amplitude", 400.0}, {"frequency", 10.0}}, 6, 2000.0);
  ASSERT_EQ(parrots.size(), 6u);
  EXPECT_NE(parrots.begin()->second, parrots.rbegin()->second);
  EXPECT_EQ(direct.size(), 1u);
  std::size_t total = 0, rising = 0;
  for (const auto& [sender, times] : parrots)
    for (const double ms : times) {
      ++total;
      rising += std::fmod(ms - 1.0, 100.0) < 50;  // the delay is 1 ms
    }
  EXPECT_NEAR(static_cast<double>(total), 4800, 5 * std::sqrt(4800));
  EXPECT_NEAR(static_cast<double>(rising) / static_cast<double>(total), 0.5 + 1 / M_PI, 0.03);
}

TEST_P(sinusoidal_poisson, a_train_for_all_is_the_same_for_all) {
  k.call(api::set_defaults{model, {{"individual_spike_trains", false}}});
  const auto [parrots, direct] = run({{"rate", 2000.0}, {"amplitude", 1000.0}, {"frequency", 10.0}}, 6, 500.0);
  ASSERT_EQ(parrots.size(), 6u);
  ASSERT_GT(parrots.begin()->second.size(), 800u);
  for (const auto& [sender, times] : parrots) EXPECT_EQ(times, parrots.begin()->second);
  reals sent = direct.begin()->second;
  std::erase_if(sent, [](double ms) { return ms > 499.05; });  // these are on their way
  const auto& heard = parrots.begin()->second;
  ASSERT_EQ(sent.size(), heard.size());
  for (std::size_t i = 0; i < sent.size(); ++i) EXPECT_NEAR(sent[i] + 1.0, heard[i], 1e-9);
}

TEST(sinusoidal_poisson_generator, no_layout_changes_its_trains) {
  for (const bool individual : {true, false}) {
    std::vector<reals> potentials;
    for (const int vps : {1, 3, 4}) {
      solo_kernel k(vps);
      k.call(api::copy_model{model, "mine", {{"individual_spike_trains", individual}}});
      const auto g = k.create("mine", 2, {{"rate", 3000.0}, {"amplitude", 2000.0}, {"frequency", 30.0}});
      const auto n = k.create("iaf_psc_alpha", 7, {{"V_th", 1e9}});
      k.connect(g, n, {{"rule", "all_to_all"}}, {{"weight", 20.0}, {"delay", 0.7}});
      k.connect(g, n, {{"rule", "all_to_all"}}, {{"weight", -5.0}, {"delay", 1.3}});
      k.simulate(20.3);
      k.set(g, {{"rate", 1000.0}});
      k.simulate(30.0);
      potentials.push_back(*k.get(n, "V_m").get_if<reals>());
    }
    EXPECT_EQ(potentials[0], potentials[1]) << individual;
    EXPECT_EQ(potentials[0], potentials[2]) << individual;
    EXPECT_EQ(potentials[0][0] == potentials[0][1], !individual);
  }
}

TEST_P(sinusoidal_poisson, whose_trains_they_are_belongs_to_the_model) {
  const dictionary shared{{"individual_spike_trains", false}};
  EXPECT_THROW(k.create(model, 1, shared), api_error);
  const auto g = k.create(model);
  EXPECT_THROW(k.set(g, shared), api_error);
  k.call(api::copy_model{model, "one_for_all", shared});
  const auto defaults = std::get<value>(k.call(api::get_defaults{"one_for_all"}));
  EXPECT_EQ(*defaults.get_if<dictionary>()->find("individual_spike_trains"), value(false));
}

TEST_P(sinusoidal_poisson, a_meter_shows_the_rate_and_nothing_else) {
  const auto g = k.create(model, 1, {{"rate", 40.0}, {"amplitude", 30.0}, {"frequency", 10.0}, {"phase", 20.0}});
  k.set(g, {{"start", 5.0}});
  const auto meter = [&](const char* quantity) {
    return k.create("multimeter", 1, {{"interval", 0.5}, {"record_from", std::vector<std::string>{quantity}}});
  };
  EXPECT_THROW(k.connect(meter("I"), g), api_error);
  const auto m = meter("rate");
  k.connect(m, g);
  k.simulate(30.0);
  const auto e = k.events(m);
  const auto &times = *e.find("times")->get_if<reals>(), &rates = *e.find("rate")->get_if<reals>();
  ASSERT_GT(times.size(), 50u);
  for (std::size_t i = 0; i < times.size(); ++i)
    EXPECT_NEAR(rates[i], 40 + 30 * std::sin(2 * M_PI * 0.01 * times[i] + 20 * M_PI / 180), 1e-9) << times[i];
}

TEST_P(sinusoidal_poisson, refuses_a_rate_that_cannot_be_counted) {
  const auto g = k.create(model);
  for (const char* key : {"rate", "amplitude"}) EXPECT_THROW(k.set(g, {{key, 3e13}}), api_error) << key;
  EXPECT_THROW(k.set(g, {{"amplitude", -3e13}}), api_error);
  k.set(g, {{"rate", -1.0}});
}

}  // namespace
}  // namespace volley::runtime
