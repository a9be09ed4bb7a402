#include "runtime/shard/recording.hpp"

#include <numeric>

#include "runtime/base/error.hpp"
#include "runtime/devices/device_values.hpp"
#include "tests/runtime/shard/parts.hpp"

namespace volley::runtime {
namespace {

using namespace tests;

class recording_test : public testing::Test {
 protected:
  recording_test() {
    neurons.add(1, 4, prototype("iaf_psc_alpha"), 0);
    devices.add(train(7, {{5, 1.0, 2}, {9, 1.0, 1}}), false);
    all.add(listener(8));
    all.fit(neurons);
    all.begin_change();
  }
  void connect(const node_set& nodes) { all.connect(tap_of(recorder_ordinal(0), 8, nodes), neurons, devices); }
  std::vector<std::uint32_t> heard() {
    all.show_samples();
    return all.at(recorder_ordinal(0)).log().senders;
  }

  cells neurons{layout{0, 1}};
  generators devices;
  recording all;
  const block_ordinal block;
};

TEST_F(recording_test, hears_cells_that_are_connected) {
  connect(ids(2, 3));
  for (std::uint32_t cell = 0; cell < 4; ++cell) all.hear(block, cell, 6, cell + 1, cell == 2 ? 2 : 1);
  EXPECT_EQ(heard(), (std::vector<std::uint32_t>{2, 3, 3}));
}

TEST_F(recording_test, hears_generators) {
  auto t = tap_of(recorder_ordinal(0), 8, ids(7, 7));
  t.of_generators = true;
  all.connect(t, neurons, devices);
  device_inputs drawn;
  all.hear_generators(devices, drawn, 1, 4, 8);
  EXPECT_EQ(heard(), (std::vector<std::uint32_t>{7, 7}));
  EXPECT_EQ(all.at(recorder_ordinal(0)).log().stamps, (std::vector<step_t>{5, 5}));
}

TEST_F(recording_test, a_node_is_asked_for_what_its_lists_have) {
  neurons.add(5, 6, prototype("iaf_psc_exp_multisynapse"), 0);
  neurons.set_values(ids(6, 6), {{"tau_syn", std::vector<double>{1, 2}}}, {}, 0);
  auto meter = listener(9);
  meter.kind = recorder_kind::samples;
  meter.quantities = {"V_m", "I_syn_2"};
  all.add(meter);
  all.check_sampled(tap_of(recorder_ordinal(1), 9, ids(6, 6)), neurons);
  all.check_sampled(tap_of(recorder_ordinal(1), 9, ids(1, 4)), neurons);  // those the kernel knows
  try {
    all.check_sampled(tap_of(recorder_ordinal(1), 9, ids(5, 6)), neurons);
    ADD_FAILURE() << "accepted";
  } catch (const api_error& e) {
    EXPECT_EQ(e.kind(), error_kind::IllegalConnection);
    EXPECT_EQ(e.place(), 5u);
    EXPECT_NE(std::string(e.what()).find("node 5 has no recordable 'I_syn_2'"), std::string::npos) << e.what();
  }
}

TEST_F(recording_test, samples_what_a_meter_is_to_read) {
  auto meter = listener(9);
  meter.kind = recorder_kind::samples;
  meter.interval = 2;
  meter.quantities = {"V_m"};
  all.add(meter);
  auto t = tap_of(recorder_ordinal(1), 9, ids(2, 2));
  t.samples = true;
  all.connect(t, neurons, devices);
  neurons.prepare({});
  EXPECT_FALSE(all.samples(block, 3));
  ASSERT_TRUE(all.samples(block, 4));
  all.sample(block, neurons.block(block), 4);
  all.show_samples();
  EXPECT_EQ(all.at(recorder_ordinal(1)).log().senders, std::vector<std::uint32_t>{2});
  EXPECT_EQ(all.at(recorder_ordinal(1)).log().values, (std::vector<std::vector<double>>{{-70}}));
}

class detecting_test : public recording_test {
 protected:
  detecting_test() {
    all.add(spec, true);
    all.open(files, false);
  }
  void detect(const node_set& nodes, std::int64_t receptor, bool of_generators = false, double weight = 1) {
    auto t = tap_of(recorder_ordinal(1), 9, nodes);
    t.detects = true;
    t.of_generators = of_generators;
    t.receptors = tap_column<std::int64_t>(receptor);
    t.weights = tap_column<double>(weight);
    all.connect(t, neurons, devices);
  }
  std::vector<std::int64_t> n_events() const {
    return *all.at(recorder_ordinal(1)).detecting()->results().find("n_events")->get_if<std::vector<std::int64_t>>();
  }
  double sum() const {
    const auto results = all.at(recorder_ordinal(1)).detecting()->results();
    const auto& histogram = *results.find("histogram")->get_if<std::vector<double>>();
    return std::accumulate(histogram.begin(), histogram.end(), 0.0);
  }

  const recorder_spec spec = make_recorder(9, parameters_of<devices::correlation_detector>(), {});
  system_record_files files;
};

TEST_F(detecting_test, hears_batches_of_any_node_by_weight_and_receptor) {
  detect(ids(3, 5), 0, false, 2);
  detect(ids(1000, 1000), 1);
  const std::vector<travelling_spike> spikes{{3, 1, 1.0}, {5, 2, 0.5}, {6, 1, 1.0}, {1000, 1, 1.0}};
  all.hear_batches(spikes, 1, 40);
  EXPECT_EQ(n_events(), (std::vector<std::int64_t>{2, 1}));
  EXPECT_EQ(sum(), 2 + 2);
  all.end_batches(1000);
  all.hear_batches(std::vector<travelling_spike>{{1000, 1, 1.0}}, 1, 1001);
  EXPECT_EQ(sum(), 2 + 2) << "those of long ago are forgotten";
}

TEST_F(detecting_test, hears_generators_step_by_step_however_far_it_goes) {
  detect(ids(7, 7), 0, true);
  detect(ids(7, 7), 1, true, 3);
  device_inputs drawn;
  all.hear_generators(devices, drawn, 1, 0, 6);
  EXPECT_EQ(n_events(), (std::vector<std::int64_t>{1, 1}));
  EXPECT_EQ(sum(), 2 * 2 * 3) << "two spikes of step 5";
  all.hear_generators(devices, drawn, 1, 6, 9);
  EXPECT_EQ(n_events(), (std::vector<std::int64_t>{2, 2}));
  EXPECT_TRUE(all.at(recorder_ordinal(1)).log().size() == 0) << "events of it are none";
}

TEST_F(detecting_test, results_are_kept_or_cleared_with_the_change) {
  detect(ids(3, 3), 0);
  all.begin_change();
  all.hear_batches(std::vector<travelling_spike>{{3, 1, 1.0}}, 1, 40);
  all.stage(recorder_ordinal(1), spec, false);
  all.keep();
  EXPECT_EQ(n_events(), (std::vector<std::int64_t>{1, 0}));
  all.stage(recorder_ordinal(1), spec, true);
  EXPECT_EQ(n_events(), (std::vector<std::int64_t>{1, 0}));
  all.take_back(neurons, devices);
  all.keep();
  EXPECT_EQ(n_events(), (std::vector<std::int64_t>{1, 0}));
  all.stage(recorder_ordinal(1), spec, true);
  all.keep();
  EXPECT_EQ(n_events(), (std::vector<std::int64_t>{0, 0}));
  all.hear_batches(std::vector<travelling_spike>{{3, 1, 1.0}}, 1, 50);
  EXPECT_EQ(n_events(), (std::vector<std::int64_t>{1, 0}));
}

TEST_F(recording_test, states_of_generators_are_those_of_all_spikes_of_a_step) {
  devices.add(train(8, {{5, 1.0, 1}, {5, 1.0, 1}, {6, 1.0, 1}}), false);
  auto states = listener(9);
  states.kind = recorder_kind::states;
  all.add(states);
  auto t = tap_of(recorder_ordinal(1), 9, ids(8, 8));
  t.of_generators = true;
  all.connect(t, neurons, devices);
  device_inputs drawn;
  all.hear_generators(devices, drawn, 1, 4, 8);
  EXPECT_EQ(all.at(recorder_ordinal(1)).log().stamps, (std::vector<step_t>{5, 6}));
  EXPECT_EQ(all.at(recorder_ordinal(1)).log().values, (std::vector<std::vector<double>>{{1, 0}}));
}

TEST_F(recording_test, is_as_it_was_when_a_change_is_taken_back) {
  connect(ids(2, 2));
  all.begin_change();
  connect(ids(3, 3));
  all.add(listener(9));
  auto other = listener(8);
  other.frozen = true;
  all.stage(recorder_ordinal(0), other, true);
  all.take_back(neurons, devices);
  EXPECT_EQ(all.size(), 1u);
  EXPECT_EQ(all.connections().n_connections(), 1u);
  all.keep();
  for (std::uint32_t cell = 0; cell < 4; ++cell) all.hear(block, cell, 6, cell + 1, 1);
  EXPECT_EQ(heard(), std::vector<std::uint32_t>{2});
}

TEST_F(recording_test, changes_when_that_is_kept) {
  connect(ids(2, 2));
  auto other = listener(8);
  other.frozen = true;
  all.stage(recorder_ordinal(0), other, true);
  all.hear(block, 1, 6, 2, 1);
  EXPECT_EQ(heard(), std::vector<std::uint32_t>{2});
  all.keep();
  all.hear(block, 1, 7, 2, 1);
  EXPECT_TRUE(heard().empty());
}

TEST_F(recording_test, of_recorders_that_are_not_there_is_refused) {
  EXPECT_THROW(all.stage(recorder_ordinal(1), listener(8), false), broken_contract);
  EXPECT_THROW(all.connect(tap_of(recorder_ordinal(1), 9, ids(2, 2)), neurons, devices), broken_contract);
}

}  // namespace
}  // namespace volley::runtime
