#include "models/devices/correlomatrix_detector.hpp"

#include "tests/models/devices/detecting.hpp"

namespace volley::runtime::tests {
namespace {

struct correlomatrix : detecting {
  correlomatrix() : detecting("correlomatrix_detector") {}
  using bins = std::vector<std::pair<std::size_t, double>>;
  bins covariance(const node_set& d, std::size_t i, std::size_t j) { return filled(numbers(d, "covariance", i, j)); }
};

INSTANTIATE_TEST_SUITE_P(vps, correlomatrix, testing::Values(1, 2, 3, 7));

TEST_P(correlomatrix, counts_pairs_by_channels_and_lag) {
  const auto d = create({{"N_channels", 3}});  // bins of 0.5 ms up to 5 ms
  connect(train({10.0, 12.0}), d, 0, 2.0);
  connect(train({10.1, 13.0}), d, 1, 3.0);
  k.simulate(20.0);
  // The later spike's channel first; a spike is a pair with itself; near lag 0 both orders.
  EXPECT_EQ(covariance(d, 0, 0), (bins{{0, 8}, {4, 4}}));
  EXPECT_EQ(covariance(d, 1, 1), (bins{{0, 18}, {6, 9}}));
  EXPECT_EQ(covariance(d, 1, 0), (bins{{0, 6}, {2, 6}, {6, 6}}));
  EXPECT_EQ(covariance(d, 0, 1), (bins{{0, 6}, {4, 6}}));
  EXPECT_EQ(covariance(d, 2, 2), bins{});
  EXPECT_EQ(numbers(d, "count_covariance", 1, 0).size(), 11u);
  EXPECT_EQ(filled(numbers(d, "count_covariance", 1, 0)), (bins{{0, 1}, {2, 1}, {6, 1}}));
  EXPECT_EQ(counts(d, "n_events"), (integers{2, 2, 0}));
}

TEST_P(correlomatrix, two_spikes_of_a_channel_count_both_ways_near_lag_0) {
  const auto d = create();
  connect(parrot({10.0, 10.2}), d, 0);
  k.simulate(20.0);
  EXPECT_EQ(covariance(d, 0, 0), (bins{{0, 4}})) << "each with itself, and the two in both orders";
}

TEST_P(correlomatrix, the_later_spike_of_a_pair_is_between_Tstart_and_Tstop) {
  const auto d = create({{"N_channels", 2}, {"Tstart", 10.0}, {"Tstop", 20.0}});
  connect(parrot({9.0, 20.0}), d, 0);
  connect(parrot({10.0, 20.1}), d, 1);
  k.simulate(30.0);
  EXPECT_EQ(covariance(d, 1, 0), (bins{{2, 1}}));
  EXPECT_EQ(covariance(d, 0, 1), bins{});
  EXPECT_EQ(counts(d, "n_events"), (integers{1, 1}));
}

TEST_P(correlomatrix, results_are_empty_before_a_first_run) {
  const auto d = create({{"N_channels", 2}});
  EXPECT_EQ(result(d, "covariance"), (value(std::vector<value>{matrix{2, 0, {}}, matrix{2, 0, {}}})));
  EXPECT_EQ(counts(d, "n_events"), (integers{0, 0}));
  const auto defaults = std::get<value>(k.call(api::get_defaults{"correlomatrix_detector"}));
  EXPECT_EQ(*defaults.get_if<dictionary>()->find("covariance"), value(std::vector<value>{matrix{1, 0, {}}}));
  EXPECT_EQ(*defaults.get_if<dictionary>()->find("n_events"), value(integers{0}));
}

TEST_P(correlomatrix, zero_clears_it) {
  const auto d = create();
  connect(train({10.0}), d, 0);
  k.simulate(20.0);
  expect_refused(error_kind::BadProperty, "n_events", [&] { k.set(d, {{"n_events", 1}}); });
  for (const auto& list : {integers{0}, integers{1}}) {
    expect_refused(error_kind::UnaccessedDictionaryEntry, "n_events", [&] { k.set(d, {{"n_events", list}}); });
    expect_refused(error_kind::UnaccessedDictionaryEntry, "n_events", [&] {
      k.call(api::set_defaults{"correlomatrix_detector", {{"n_events", list}}});
    });
  }
  EXPECT_EQ(counts(d, "n_events"), (integers{1}));
  k.set(d, {{"n_events", 0}});
  EXPECT_EQ(counts(d, "n_events"), (integers{0}));
  EXPECT_EQ(covariance(d, 0, 0), bins{});
}

TEST_P(correlomatrix, wrong_numbers_of_channels_and_bins_are_refused) {
  const auto d = create();
  for (const std::int64_t n : {0, -1})
    expect_refused(error_kind::BadProperty, "N_channels", [&] { k.set(d, {{"N_channels", n}}); });
  expect_refused(error_kind::TypeMismatch, "N_channels", [&] { k.set(d, {{"N_channels", 1.5}}); });
  for (const auto n : {std::int64_t{100000}, std::int64_t{1} << 40, std::numeric_limits<std::int64_t>::max()})
    expect_refused(error_kind::BadProperty, "numbers", [&] { create({{"N_channels", n}}); });
  expect_refused(error_kind::BadProperty, "odd multiple", [&] { k.set(d, {{"delta_tau", 0.2}}); });
  expect_refused(error_kind::StepMultipleRequired, "delta_tau", [&] { k.set(d, {{"delta_tau", 0.0}}); });
  expect_refused(error_kind::TimeMultipleRequired, "tau_max", [&] { k.set(d, {{"delta_tau", 3.0}}); });
  k.set(d, {{"N_channels", 2}, {"delta_tau", 0.3}, {"tau_max", 0.6}});
  connect(train({10.0}), d, 1);
  expect_refused(error_kind::BadProperty, "connected", [&] { k.set(d, {{"N_channels", 3}}); });
}

// ---- whole networks

std::pair<value, value> run_network(int vps, const reals& stretches, bool through_image = false) {
  solo_kernel k(vps);
  const dictionary all{{"rule", "all_to_all"}};
  const auto noise = k.create("poisson_generator", 1, {{"rate", 800.0}});
  const auto relays = k.create("parrot_neuron", 9);
  k.connect(noise, relays, all, {{"delay", 0.7}});
  const auto d = k.create("correlomatrix_detector", 1, {{"N_channels", 4}, {"delta_tau", 0.3}, {"tau_max", 3.0}});
  for (std::int64_t receptor = 0; receptor < 3; ++receptor)
    for (std::uint64_t i = 0; i < 3; ++i) {
      const auto id = relays.ranges[0].first + 3 * static_cast<std::uint64_t>(receptor) + i;
      k.connect({relays.generation, {{id, id, 1}}}, d, all,
                {{"receptor_type", receptor}, {"weight", 0.1 + 0.7 * static_cast<double>(id)}});
    }
  k.connect(noise, d, all, {{"receptor_type", 3}, {"weight", 1e7}});
  for (const double ms : stretches) {
    k.simulate(ms);
    if (through_image) k.load(k.save());
  }
  return {k.get(d, "covariance"), k.get(d, "count_covariance")};
}

TEST(correlomatrix_detector, no_layout_pause_or_image_changes_its_results) {
  const auto whole = run_network(1, {100.0});
  EXPECT_FALSE(whole.first == run_network(1, {99.0}).first);
  for (const int vps : {1, 2, 3, 7}) {
    EXPECT_TRUE(run_network(vps, {100.0}) == whole) << vps;
    EXPECT_TRUE(run_network(vps, {20.3, 0.1, 30.1, 49.5}) == whole) << vps;
    EXPECT_TRUE(run_network(vps, {20.3, 30.0, 49.7}, true) == whole) << vps;
  }
}

}  // namespace
}  // namespace volley::runtime::tests
