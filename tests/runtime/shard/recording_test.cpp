#include "runtime/shard/recording.hpp"

#include "runtime/base/error.hpp"
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
