#include "runtime/shard/emission.hpp"

#include "tests/runtime/shard/parts.hpp"

namespace volley::runtime {
namespace {

using namespace tests;

class emission_test : public testing::Test {
 protected:
  emission_test() : parts(layout{0, 1}) {
    parts.plan = {time_grid(), 0, 2, 2, 1};
    parts.cells.add(1, 100, prototype("iaf_psc_alpha"), 0);
    parts.cells.add(101, 110, prototype("parrot_neuron"), 0);
    parts.recording.add(listener(200));
    parts.recording.fit(parts.cells);
    parts.emission.fit();
  }
  void mark(std::size_t block, std::uint32_t lag, std::uint32_t cell, double count = 1) {
    const auto marks = parts.emission.marks(block_ordinal(block), lag);
    marks.bits[cell / 64] |= std::uint64_t{1} << (cell % 64);
    if (marks.counts != nullptr) marks.counts[cell] = count;
  }
  const spike_batch& emit_interval() {
    parts.emission.open();
    for (std::uint32_t lag = 0; lag < 2; ++lag) parts.emission.emit(lag, lag + 1);
    return parts.emission.batch();
  }

  shard_parts parts;
};

TEST_F(emission_test, counts_the_spikes_of_each_step_by_id) {
  mark(0, 1, 70);
  mark(0, 1, 2);
  mark(1, 0, 3);
  const auto& batch = emit_interval();
  EXPECT_EQ(batch.counts, (std::vector<std::uint32_t>{1, 2}));
  EXPECT_EQ(batch.sources, (std::vector<std::uint32_t>{104, 3, 71}));
  EXPECT_TRUE(batch.multiplicities.empty());
  EXPECT_EQ(parts.emission.steps(), 2u);
  EXPECT_EQ(parts.emission.spikes(), 3u);
}

TEST_F(emission_test, tells_multiplicities_where_there_are_some) {
  mark(0, 0, 0);
  mark(1, 0, 3, 4);
  mark(0, 1, 5);
  EXPECT_EQ(emit_interval().multiplicities, (std::vector<std::uint32_t>{1, 4, 1}));
  EXPECT_EQ(parts.emission.spikes(), 6u);
}

TEST_F(emission_test, forgets_marks_and_batches) {
  mark(0, 0, 70);
  mark(0, 1, 70);
  emit_interval();
  parts.emission.clear_marks(block_ordinal(0), 1, 1);
  EXPECT_EQ(emit_interval().counts, (std::vector<std::uint32_t>{1, 0}));
  EXPECT_EQ(parts.emission.spikes(), 3u);
}

TEST_F(emission_test, puts_injected_spikes_among_those_of_neurons) {
  parts.generators.add(train(120, {{1, 1.0, 2}}), true);
  parts.cells.add(121, 121, prototype("iaf_psc_alpha"), 0);
  parts.recording.fit(parts.cells);
  parts.emission.fit();
  mark(0, 0, 0);
  mark(2, 0, 0);
  const auto& batch = emit_interval();
  EXPECT_EQ(batch.sources, (std::vector<std::uint32_t>{1, 120, 121}));
  EXPECT_EQ(batch.multiplicities, (std::vector<std::uint32_t>{1, 2, 1}));
}

TEST_F(emission_test, tells_offsets_of_what_has_times) {
  parts.cells.add(111, 112, prototype("parrot_neuron_ps"), 0);
  parts.recording.fit(parts.cells);
  parts.emission.fit();
  mark(0, 0, 2);
  auto& sent = *parts.emission.marks(block_ordinal(2), 0).sent;
  sent = {{1, 0, 2, 0.04}, {1, 0, 1, 0}, {2, 1, 1, 0.03}};
  const auto& batch = emit_interval();
  EXPECT_EQ(batch.sources, (std::vector<std::uint32_t>{3, 111, 111, 112}));
  EXPECT_EQ(batch.multiplicities, (std::vector<std::uint32_t>{1, 2, 1, 1}));
  EXPECT_EQ(batch.offsets_ms, (std::vector<double>{0, 0.04, 0, 0.03}));
  parts.emission.clear_marks(block_ordinal(2), 0, 2);
  EXPECT_TRUE(sent.empty());
}

TEST_F(emission_test, tells_recorders_and_histories) {
  parts.recording.connect(tap_of(recorder_ordinal(), 200, ids(71, 71)), parts.cells, parts.generators);
  const auto& targets = parts.cells.targets();
  parts.cells.histories().open(targets.slot(71, 0, false));
  parts.cells.prepare({});
  mark(0, 1, 70);
  emit_interval();
  EXPECT_EQ(parts.recording.at(recorder_ordinal()).n_events(), 1u);
  EXPECT_EQ(parts.cells.histories().length(targets.line(71)), 1u);
}

}  // namespace
}  // namespace volley::runtime
