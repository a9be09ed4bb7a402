#include "models/devices/correlation_detector.hpp"

#include "runtime/values/parameter.hpp"
#include "tests/models/devices/detecting.hpp"

namespace volley::runtime::tests {
namespace {

struct correlation : detecting {
  correlation() : detecting("correlation_detector") {}
  using bins = std::vector<std::pair<std::size_t, double>>;
};

INSTANTIATE_TEST_SUITE_P(vps, correlation, testing::Values(1, 2, 3, 7));

TEST_P(correlation, counts_pairs_by_their_lag) {
  const auto d = create();  // bins of 0.5 ms up to 5 ms
  connect(train({10.0}), d, 0, 2.0);
  connect(train({9.0, 10.0, 10.3, 12.0, 15.2, 15.3}), d, 1, 3.0);
  k.simulate(20.0);
  const bins pairs{{8, 6}, {10, 6}, {11, 6}, {14, 6}, {20, 6}};
  EXPECT_EQ(filled(numbers(d, "histogram")), pairs) << "a lag of 5.25 ms and more is too long";
  EXPECT_EQ(filled(numbers(d, "count_histogram")), (bins{{8, 1}, {10, 1}, {11, 1}, {14, 1}, {20, 1}}));
  EXPECT_EQ(filled(numbers(d, "histogram_correction")), bins{});
  EXPECT_EQ(counts(d, "n_events"), (integers{1, 6}));
  EXPECT_EQ(numbers(d, "histogram").size(), 21u);
}

TEST_P(correlation, hears_nodes_when_their_spikes_are_delivered_and_generators_at_once) {
  const auto of_nodes = create(), of_generators = create();
  connect(parrot({10.2}), of_nodes, 0);
  connect(parrot({10.5}), of_nodes, 1);
  connect(train({10.2}), of_generators, 0);
  connect(train({10.5}), of_generators, 1);
  k.simulate(11.0);
  EXPECT_EQ(counts(of_nodes, "n_events"), (integers{0, 0})) << "of an interval that is not over";
  EXPECT_EQ(counts(of_generators, "n_events"), (integers{1, 1}));
  k.simulate(0.1);
  for (const auto& d : {of_nodes, of_generators}) {
    EXPECT_EQ(counts(d, "n_events"), (integers{1, 1}));
    EXPECT_EQ(filled(numbers(d, "histogram")), (bins{{11, 1}}));
  }
}

TEST_P(correlation, delays_do_not_matter_and_weights_are_those_of_the_time) {
  const auto d = create();
  const auto a = parrot({5.0, 15.0}), b = parrot({5.0, 15.0});
  k.connect(a, d, all, {{"receptor_type", 0}, {"delay", 3.0}, {"weight", 2.0}});
  connect(b, d, 1);
  k.simulate(10.0);
  EXPECT_EQ(filled(numbers(d, "histogram")), (bins{{10, 2}}));
  k.call(api::set_connection_values{k.connections({a, d, "", {}}), dictionary{{"weight", 5.0}}});
  k.simulate(10.0);
  EXPECT_EQ(filled(numbers(d, "histogram")), (bins{{10, 7}}));
}

TEST_P(correlation, a_multiplicity_is_one_event_of_so_much_weight) {
  const auto d = create();
  connect(train({10.0}, {3}), d, 0, 2.0);
  connect(train({10.0, 10.0}), d, 1);  // the same: two spikes of one time
  connect(parrot({20.0}, {4}), d, 0);
  connect(parrot({20.0}), d, 1);
  k.simulate(30.0);
  EXPECT_EQ(filled(numbers(d, "histogram")), (bins{{10, 3 * 2 * 2 + 4}}));
  EXPECT_EQ(filled(numbers(d, "count_histogram")), (bins{{10, 2}}));
  EXPECT_EQ(counts(d, "n_events"), (integers{2, 2}));
}

TEST_P(correlation, the_later_spike_of_a_pair_is_between_Tstart_and_Tstop) {
  const auto d = create({{"Tstart", 10.0}, {"Tstop", 20.0}});
  connect(parrot({9.9, 20.0}), d, 0);
  connect(parrot({9.9, 10.0, 20.0, 20.1}), d, 1);
  k.simulate(30.0);
  EXPECT_EQ(filled(numbers(d, "histogram")), (bins{{10, 2}}));
  EXPECT_EQ(counts(d, "n_events"), (integers{1, 2}));
}

TEST_P(correlation, a_detector_that_is_not_active_hears_nothing) {
  const auto d = create({{"start", 10.0}, {"stop", 20.0}}), frozen = create({{"frozen", true}});
  for (const auto& to : {d, frozen}) {
    connect(parrot({10.0, 10.1, 20.0, 20.1}), to, 0);
    connect(train({10.0, 10.1, 20.0, 20.1}), to, 1);
  }
  k.simulate(30.0);
  EXPECT_EQ(counts(d, "n_events"), (integers{2, 2}));
  EXPECT_EQ(filled(numbers(d, "histogram")), (bins{{10, 2}}));
  EXPECT_EQ(counts(frozen, "n_events"), (integers{0, 0}));
}

TEST_P(correlation, results_are_empty_before_a_first_run) {
  const auto d = create();
  EXPECT_EQ(numbers(d, "histogram"), reals{});
  EXPECT_EQ(counts(d, "n_events"), (integers{0, 0}));
  const auto defaults = std::get<value>(k.call(api::get_defaults{"correlation_detector"}));
  EXPECT_EQ(*defaults.get_if<dictionary>()->find("count_histogram"), value(reals{}));
  EXPECT_EQ(*defaults.get_if<dictionary>()->find("n_events"), value(integers{0, 0}));
  EXPECT_FALSE(defaults.get_if<dictionary>()->contains("events"));
  k.simulate(1.0);
  EXPECT_EQ(numbers(d, "histogram"), reals(21));
}

TEST_P(correlation, zeros_clear_it_and_so_do_other_bins) {
  const auto d = create();
  connect(train({10.0, 20.0, 30.0}), d, 0);
  connect(train({10.0, 20.0, 30.0}), d, 1);
  k.simulate(15.0);
  for (const auto& wrong : {value(integers{1, 1}), value(integers{0}), value(integers{0, 0, 0}), value(1)})
    expect_refused(error_kind::BadProperty, "n_events", [&] { k.set(d, {{"n_events", wrong}}); });
  for (const auto& wrong : {value(0.5), value("no"), value(reals{0, 0})})
    expect_refused(error_kind::TypeMismatch, "n_events", [&] { k.set(d, {{"n_events", wrong}}); });
  k.set(d, {{"Tstop", 1000.0}});
  EXPECT_EQ(counts(d, "n_events"), (integers{1, 1}));
  k.set(d, {{"n_events", integers{0, 0}}});
  EXPECT_EQ(numbers(d, "histogram"), reals(21));
  k.simulate(10.0);
  EXPECT_EQ(counts(d, "n_events"), (integers{1, 1}));
  k.set(d, {{"n_events", 0}});
  EXPECT_EQ(counts(d, "n_events"), (integers{0, 0}));
  k.simulate(10.0);
  k.set(d, {{"tau_max", 2.0}});
  EXPECT_EQ(numbers(d, "histogram"), reals(9));
  EXPECT_EQ(counts(d, "n_events"), (integers{0, 0}));
  expect_refused(error_kind::BadProperty, "n_events", [&] {
    k.call(api::set_defaults{"correlation_detector", {{"n_events", integers{1, 1}}}});
  });
  k.call(api::set_defaults{"correlation_detector", {{"n_events", integers{0, 0}}}});
}

TEST_P(correlation, wrong_bins_are_refused) {
  const auto d = create();
  const auto before = std::get<value>(k.call(api::get_node_values{d, {}}));
  using row = std::pair<dictionary, error_kind>;
  for (const auto& [values, kind] :
       {row{{{"delta_tau", 0.55}}, error_kind::StepMultipleRequired},
        row{{{"delta_tau", 0.0}}, error_kind::StepMultipleRequired},
        row{{{"delta_tau", -1.0}}, error_kind::StepMultipleRequired},
        row{{{"delta_tau", 3.0}}, error_kind::TimeMultipleRequired},
        row{{{"tau_max", -1.0}}, error_kind::TimeMultipleRequired},
        row{{{"tau_max", 0.7}}, error_kind::TimeMultipleRequired},
        row{{{"tau_max", 1e300}}, error_kind::TimeMultipleRequired}, row{{{"tau_max", 1e14}}, error_kind::BadProperty},
        row{{{"Tstart", "now"}}, error_kind::TypeMismatch},
        row{{{"histogram", reals{1}}}, error_kind::UnaccessedDictionaryEntry},
        row{{{"N_channels", 2}}, error_kind::UnaccessedDictionaryEntry},
        row{{{"record_to", "ascii"}}, error_kind::UnaccessedDictionaryEntry}})
    expect_refused(kind, values.begin()->first, [&, values = values] { k.set(d, values); });
  EXPECT_TRUE(before == std::get<value>(k.call(api::get_node_values{d, {}})));
  k.set(d, {{"delta_tau", 1.0}, {"tau_max", 8.0}, {"Tstart", -1.0}});  // even numbers of steps, too
  k.set(d, {{"tau_max", 0.0}});
}

TEST_P(correlation, bins_follow_the_resolution) {
  k.set_status({{"resolution", 0.25}});
  const auto d = create();
  EXPECT_EQ(k.get(d, "delta_tau"), value(reals{1.25}));
  EXPECT_EQ(k.get(d, "tau_max"), value(reals{5.0}));
  connect(train({10.0}), d, 0);
  connect(train({10.75}), d, 1);
  k.simulate(20.0);
  EXPECT_EQ(filled(numbers(d, "histogram")), (bins{{5, 1}}));
}

// ---- whole networks

struct outcome_of_run {
  reals histogram, corrections;
  integers n_events;
};

/// Neurons, relays and generators, with weights of all magnitudes; the detector's connections change on the way.
outcome_of_run run_network(int vps, const std::vector<double>& stretches, bool through_image = false) {
  solo_kernel k(vps);
  const dictionary all{{"rule", "all_to_all"}};
  const auto noise = k.create("poisson_generator", 1, {{"rate", 2000.0}});
  const auto relays = k.create("parrot_neuron", 5), cells = k.create("iaf_psc_delta", 5, {{"tau_m", 20.0}});
  k.connect(noise, relays);
  k.connect(relays, cells, all, {{"weight", 4.0}, {"delay", 1.3}});
  const auto d = k.create("correlation_detector", 1, {{"delta_tau", 0.3}, {"tau_max", 6.0}});
  k.connect(relays, d, all, {{"weight", parameter::make({{operation::uniform, {}, {0.1, 1}}})}});
  k.connect(cells, d, all, {{"weight", 1e9}, {"receptor_type", 1}});
  k.connect(noise, d, all, {{"weight", 0.3}, {"receptor_type", 1}});
  for (const double ms : stretches) {
    k.simulate(ms);
    if (through_image) k.load(k.save());
  }
  const auto one = [&](const char* key) { return (*k.get(d, key).get_if<std::vector<value>>())[0]; };
  return {*one("histogram").get_if<reals>(), *one("histogram_correction").get_if<reals>(),
          *one("n_events").get_if<integers>()};
}

void expect_same(const outcome_of_run& a, const outcome_of_run& b) {
  EXPECT_EQ(a.histogram, b.histogram);
  EXPECT_EQ(a.corrections, b.corrections);
  EXPECT_EQ(a.n_events, b.n_events);
}

TEST(correlation_detector, no_layout_pause_or_image_changes_its_results) {
  const auto whole = run_network(1, {100.0});
  EXPECT_GT(whole.n_events[0], 500);
  EXPECT_GT(whole.n_events[1], 150);
  for (const int vps : {1, 2, 3, 7}) {
    expect_same(run_network(vps, {100.0}), whole);
    expect_same(run_network(vps, {20.3, 0.1, 30.1, 49.5}), whole);
    expect_same(run_network(vps, {20.3, 30.0, 49.7}, true), whole);
  }
}

TEST(correlation_detector, sums_of_different_magnitudes_keep_their_small_parts) {
  using D = devices::correlation_detector;
  D::params p;
  p.tau_max = 0;
  const auto steps = D::calibrate(p, {});
  auto s = D::begin(steps);
  D::hear(steps, s, {10, 0, 1, 1.0});
  D::hear(steps, s, {10, 1, 1, 1.0});
  for (int i = 0; i < 1000; ++i) D::hear(steps, s, {10, 1, 1, 0x1p-53});
  EXPECT_EQ(s.histogram[0], 1 + 1000 * 0x1p-53) << "each alone would be rounded away";
}

}  // namespace
}  // namespace volley::runtime::tests
