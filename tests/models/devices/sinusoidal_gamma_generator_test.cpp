#include "models/devices/sinusoidal_gamma_generator.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "tests/models/devices/heard_trains.hpp"

namespace volley::runtime {
namespace {

using namespace tests;

constexpr const char* model = "sinusoidal_gamma_generator";

class sinusoidal_gamma : public testing::TestWithParam<int> {};

INSTANTIATE_TEST_SUITE_P(vps, sinusoidal_gamma, testing::Values(1, 3));

TEST_P(sinusoidal_gamma, intervals_are_gamma_distributed) {
  heard_trains t(GetParam(), model, {{"rate", 50.0}, {"order", 6.25}}, 20);
  t.k.simulate(5000.0);
  const auto intervals = intervals_of(t.trains());
  EXPECT_NEAR(mean_of(intervals), 20, 5 * 8 / std::sqrt(5000));
  EXPECT_NEAR(cv_of(intervals), 0.4, 0.03);
  EXPECT_NE(t.trains()[0], t.trains()[1]);
}

TEST_P(sinusoidal_gamma, trains_follow_the_sine) {
  heard_trains t(GetParam(), model,
                 {{"rate", 200.0}, {"order", 2.0}, {"amplitude", 200.0}, {"frequency", 10.0}, {"phase", 90.0}}, 10);
  t.k.simulate(2000.0);
  const auto trains = t.trains();
  const auto all = static_cast<double>(count_of(trains));
  EXPECT_NEAR(all, 4000, 5 * std::sqrt(4000));
  double high = 0;
  for (const auto& train : trains)
    high += static_cast<double>(std::ranges::count_if(train, [](double ms) { return std::fmod(ms + 24, 100) < 50; }));
  EXPECT_NEAR(high / all, 0.5 + 1 / M_PI, 0.04);
}

TEST_P(sinusoidal_gamma, a_train_for_all_is_the_same_for_all_and_their_recorders) {
  solo_kernel k(GetParam());
  k.set_status({{"min_delay", 0.5}, {"max_delay", 5.0}});
  k.call(api::copy_model{model, "one_for_all", {{"individual_spike_trains", false}}});
  const auto g = k.create("one_for_all", 1, {{"rate", 500.0}, {"order", 3.0}});
  const auto parrots = k.create("parrot_neuron", 6);
  const auto r = k.create("spike_recorder"), direct = k.create("spike_recorder");
  std::vector<node_set> each;
  for (std::uint64_t i = 0; i < 6; ++i)
    each.push_back({parrots.generation, {{parrots.ranges[0].first + i, parrots.ranges[0].first + i, 1}}});
  for (std::size_t i = 0; i < 6; ++i)  // some of them later, with other delays
    if (i < 3) k.connect(g, each[i], {{"rule", "all_to_all"}}, {{"delay", 1.0 + 0.5 * static_cast<double>(i)}});
  k.connect(parrots, r);
  k.connect(g, direct);
  k.simulate(20.3);
  for (std::size_t i = 3; i < 6; ++i)
    k.connect(g, each[i], {{"rule", "all_to_all"}}, {{"delay", 1.0 + 0.5 * static_cast<double>(i)}});
  k.simulate(200.0);
  auto sent = k.times(direct);
  EXPECT_NEAR(static_cast<double>(sent.size()), 110, 40);
  const auto times = k.times(r);
  const auto senders = k.senders(r);
  for (std::size_t i = 0; i < 6; ++i) {
    const double delay = 1.0 + 0.5 * static_cast<double>(i);
    reals expected, heard;
    for (const double ms : sent)
      if (ms + delay < 220.35 && (i < 3 || ms > 20.35)) expected.push_back(ms + delay);
    for (std::size_t j = 0; j < times.size(); ++j)
      if (senders[j] == static_cast<std::int64_t>(each[i].ranges[0].first)) heard.push_back(times[j]);
    ASSERT_EQ(heard.size(), expected.size()) << i;
    for (std::size_t j = 0; j < heard.size(); ++j) EXPECT_NEAR(heard[j], expected[j], 1e-9) << i;
  }
}

TEST_P(sinusoidal_gamma, rests_outside_its_window_and_begins_there) {
  heard_trains t(GetParam(), model, {{"rate", 100.0}, {"order", 400.0}}, 5);
  t.k.set(t.generator, {{"start", 30.0}, {"stop", 76.0}});
  t.k.simulate(100.0);
  for (const auto& train : t.trains()) {  // as good as a clock
    ASSERT_EQ(train.size(), 4u);
    for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(train[i], 41 + 10.0 * static_cast<double>(i), 4);
  }
}

TEST_P(sinusoidal_gamma, whose_trains_they_are_belongs_to_the_model) {
  solo_kernel k(GetParam());
  const dictionary shared{{"individual_spike_trains", false}};
  EXPECT_THROW(k.create(model, 1, shared), api_error);
  EXPECT_THROW(k.set(k.create(model), shared), api_error);
}

TEST_P(sinusoidal_gamma, a_meter_shows_the_rate) {
  solo_kernel k(GetParam());
  const auto g = k.create(model, 1, {{"rate", 40.0}, {"amplitude", 30.0}, {"frequency", 10.0}, {"phase", 20.0}});
  const auto m = k.create("multimeter", 1, {{"interval", 0.5}, {"record_from", std::vector<std::string>{"rate"}}});
  k.connect(m, g);
  k.simulate(30.0);
  const auto e = k.events(m);
  const auto &times = *e.find("times")->get_if<reals>(), &rates = *e.find("rate")->get_if<reals>();
  ASSERT_GT(times.size(), 50u);
  for (std::size_t i = 0; i < times.size(); ++i)
    EXPECT_NEAR(rates[i], 40 + 30 * std::sin(2 * M_PI * 0.01 * times[i] + 20 * M_PI / 180), 1e-9) << times[i];
}

TEST_P(sinusoidal_gamma, refuses_what_has_no_such_trains_and_changes_nothing) {
  solo_kernel k(GetParam());
  const auto g = k.create(model, 1, {{"rate", 40.0}, {"amplitude", 30.0}, {"order", 2.0}});
  const double infinite = std::numeric_limits<double>::infinity();
  for (const double rate : {-1.0, 29.0, 1e5, infinite}) EXPECT_THROW(k.set(g, {{"rate", rate}}), api_error) << rate;
  for (const double a : {-1.0, 41.0, infinite}) EXPECT_THROW(k.set(g, {{"amplitude", a}}), api_error) << a;
  for (const double order : {0.0, 0.99, infinite}) EXPECT_THROW(k.set(g, {{"order", order}}), api_error) << order;
  EXPECT_EQ(k.get(g, "rate"), value(reals{40}));
  EXPECT_EQ(k.get(g, "order"), value(reals{2}));
  k.set(g, {{"rate", 5000.0}, {"amplitude", 5000.0}, {"order", 1e300}});
}

}  // namespace
}  // namespace volley::runtime
