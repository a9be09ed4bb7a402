#include "models/devices/correlospinmatrix_detector.hpp"

#include "tests/models/devices/detecting.hpp"

namespace volley::runtime::tests {
namespace {

struct correlospinmatrix : detecting {
  correlospinmatrix() : detecting("correlospinmatrix_detector") {}
  reals covariance(const node_set& d, std::size_t i, std::size_t j) { return numbers(d, "count_covariance", i, j); }
};

INSTANTIATE_TEST_SUITE_P(vps, correlospinmatrix, testing::Values(1, 2, 3, 7));

const integers up_and_down{2, 1};

TEST_P(correlospinmatrix, counts_the_steps_in_which_both_are_up) {
  const auto d = create({{"N_channels", 2}, {"tau_max", 0.3}});
  connect(parrot({10.0, 10.5}, up_and_down), d, 0);  // steps 100 to 104
  connect(parrot({10.2, 10.4}, up_and_down), d, 1);  // steps 102 and 103
  connect(parrot({20.0}), d, 0);                     // a spike after their ends
  k.simulate(30.0);
  EXPECT_EQ(covariance(d, 0, 0), (reals{2, 3, 4, 5, 4, 3, 2}));
  EXPECT_EQ(covariance(d, 1, 1), (reals{0, 0, 1, 2, 1, 0, 0}));
  // By how many steps channel 1 was up before: 99 to 102 and so on.
  EXPECT_EQ(covariance(d, 0, 1), (reals{1, 2, 2, 2, 2, 1, 0}));
  EXPECT_EQ(covariance(d, 1, 0), (reals{0, 1, 2, 2, 2, 2, 1}));
}

TEST_P(correlospinmatrix, lags_are_multiples_of_delta_tau) {
  const auto d = create({{"delta_tau", 0.3}, {"tau_max", 0.9}});
  connect(train({10.0, 10.5, 20.0}, {2, 1, 2}), d, 0);
  k.simulate(30.0);
  EXPECT_EQ(covariance(d, 0, 0), (reals{0, 0, 2, 5, 2, 0, 0}));
}

TEST_P(correlospinmatrix, an_up_counts_when_a_spike_comes_after_its_end) {
  const auto d = create({{"tau_max", 0.1}});
  connect(parrot({10.0, 10.5, 20.0}, {2, 1, 2}), d, 0);
  k.simulate(15.0);
  EXPECT_EQ(covariance(d, 0, 0), (reals{0, 0, 0}));
  k.simulate(10.0);
  EXPECT_EQ(covariance(d, 0, 0), (reals{4, 5, 4}));
}

TEST_P(correlospinmatrix, two_spikes_of_a_generator_at_a_time_are_an_up) {
  const auto d = create({{"tau_max", 0.1}});
  connect(train({10.0, 10.0, 10.5, 20.0}), d, 0);
  k.simulate(30.0);
  EXPECT_EQ(covariance(d, 0, 0), (reals{4, 5, 4}));
}

TEST_P(correlospinmatrix, other_numbers_of_spikes_say_nothing) {
  const auto d = create({{"tau_max", 0.1}});
  connect(train({9.0, 10.0, 10.1, 10.2, 10.5, 20.0}, {1, 2, 3, 2, 1, 4}), d, 0);
  k.simulate(30.0);
  EXPECT_EQ(covariance(d, 0, 0), (reals{4, 5, 4}));
}

TEST_P(correlospinmatrix, Tstart_and_Tstop_have_no_effect) {
  const auto d = create({{"tau_max", 0.1}, {"Tstart", 15.0}, {"Tstop", 16.0}});
  connect(parrot({10.0, 10.5, 20.0}, {2, 1, 2}), d, 0);
  k.simulate(30.0);
  EXPECT_EQ(covariance(d, 0, 0), (reals{4, 5, 4}));
}

TEST_P(correlospinmatrix, wrong_values_are_refused) {
  const auto d = create();
  using row = std::pair<dictionary, error_kind>;
  for (const auto& [values, kind] :
       {row{{{"delta_tau", -1.0}}, error_kind::BadProperty},
        row{{{"delta_tau", 0.0}}, error_kind::StepMultipleRequired},
        row{{{"delta_tau", 0.11}}, error_kind::StepMultipleRequired},
        row{{{"delta_tau", 3.0}}, error_kind::TimeMultipleRequired}, row{{{"tau_max", -1.0}}, error_kind::BadProperty},
        row{{{"Tstart", -1.0}}, error_kind::BadProperty}, row{{{"Tstop", -1.0}}, error_kind::BadProperty},
        row{{{"N_channels", 0}}, error_kind::BadProperty},
        row{{{"n_events", 0}}, error_kind::UnaccessedDictionaryEntry}})
    expect_refused(kind, values.begin()->first, [&, values = values] { k.set(d, values); });
}

TEST_P(correlospinmatrix, lags_are_steps) {
  const auto own = [this](const char* key) {
    return *std::get<value>(k.call(api::get_defaults{"correlospinmatrix_detector"})).get_if<dictionary>()->find(key);
  };
  EXPECT_EQ(own("delta_tau"), value(0.1));
  EXPECT_EQ(own("tau_max"), value(1.0));
  k.set_status({{"resolution", 0.5}});
  EXPECT_EQ(own("delta_tau"), value(0.5));
  EXPECT_EQ(own("tau_max"), value(1.0));
  k.set_status({{"resolution", 0.3}});
  EXPECT_EQ(own("tau_max"), value(3.0));
  k.set(create(), {{"delta_tau", 0.6}});  // even numbers, too
}

TEST(correlospinmatrix_detector, keeps_no_more_than_may_matter) {
  using D = devices::correlospinmatrix_detector;
  D::params p;
  p.N_channels = 2;
  const auto steps = D::calibrate(p, {});
  auto s = D::begin(steps);
  for (step_t stamp = 100; stamp < 10000; stamp += 10) {
    D::hear(steps, s, {stamp, 0, 2, 2.0});
    D::hear(steps, s, {stamp + 5, 0, 1, 1.0});
    D::forget(steps, s, stamp + 9);
    EXPECT_LT(s.over.size(), 4u);
  }
  D::hear(steps, s, {10000, 1, 2, 2.0});  // as long as it is up, all may matter
  for (step_t stamp = 10010; stamp < 10100; stamp += 10) {
    D::hear(steps, s, {stamp, 0, 2, 2.0});
    D::hear(steps, s, {stamp + 5, 0, 1, 1.0});
    D::forget(steps, s, stamp + 9);
  }
  EXPECT_GE(s.over.size(), 8u);
  D::hear(steps, s, {10100, 1, 1, 1.0});
  D::hear(steps, s, {10101, 1, 2, 2.0});
  EXPECT_EQ(s.counts[1 * 21 + 10], 45) << "channel 0 was up in 45 of the 100 steps";
}

// ---- whole networks

value run_network(int vps, const reals& stretches, bool through_image = false) {
  solo_kernel k(vps);
  const dictionary all{{"rule", "all_to_all"}};
  const auto cells = k.create("ginzburg_neuron", 7, {{"tau_m", 2.0}});
  k.connect(cells, cells, all, {{"weight", -0.5}, {"delay", 0.7}});
  const auto d = k.create("correlospinmatrix_detector", 1, {{"N_channels", 7}});
  for (std::uint64_t i = 0; i < 7; ++i) {
    const auto id = cells.ranges[0].first + i;
    k.connect({cells.generation, {{id, id, 1}}}, d, all, {{"receptor_type", static_cast<std::int64_t>(i)}});
  }
  for (const double ms : stretches) {
    k.simulate(ms);
    if (through_image) k.load(k.save());
  }
  return k.get(d, "count_covariance");
}

TEST(correlospinmatrix_detector, no_layout_pause_or_image_changes_its_results) {
  const auto whole = run_network(1, {100.0});
  EXPECT_FALSE(whole == run_network(1, {90.0}));
  for (const int vps : {1, 2, 3, 7}) {
    EXPECT_TRUE(run_network(vps, {100.0}) == whole) << vps;
    EXPECT_TRUE(run_network(vps, {20.3, 0.1, 30.1, 49.5}) == whole) << vps;
    EXPECT_TRUE(run_network(vps, {20.3, 30.0, 49.7}, true) == whole) << vps;
  }
}

}  // namespace
}  // namespace volley::runtime::tests
