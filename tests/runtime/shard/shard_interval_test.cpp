// The life of an interval as whoever drives a shard may call it, and as it may not.
#include "runtime/shard/shard.hpp"

#include "runtime/devices/record_file.hpp"
#include "tests/runtime/shard/parts.hpp"

namespace volley::runtime {
namespace {

using namespace tests;

class an_interval : public testing::Test {
 protected:
  an_interval() {
    s.add_cells(1, 3, prototype("iaf_psc_alpha"));
    s.prepare({time_grid(), 0, 4, 4, 1}, false);
  }
  void deliver(step_t boundary) {
    const batch_view view = s.last_batch();
    s.deliver(boundary, {&view, 1});
  }
  void run_interval(step_t from) {
    s.update(from, from + 4);
    s.close_interval();
    deliver(from + 4);
  }
  /// A broken contract that changes nothing.
  template <class Call> void expect_refused(Call&& call) {
    const auto before = s.save();
    EXPECT_THROW(call(), broken_contract);
    EXPECT_TRUE(s.save() == before);
  }

  system_record_files files;
  shard s{layout{0, 1}, built_in_models(), files};
};

TEST_F(an_interval, advances_in_slices_that_follow_each_other) {
  s.update(0, 1);
  s.update(1, 4);
  EXPECT_EQ(s.close_interval().counts.size(), 4u);
  deliver(4);
  run_interval(4);
  s.update(8, 9);
}

// Each of four steps gives each of three cells an event of 20 bytes.
TEST_F(an_interval, tells_that_recorders_are_full) {
  auto meter = listener(4);
  meter.kind = recorder_kind::samples;
  meter.interval = 1;
  meter.quantities = {"V_m"};
  auto& [plan, cells, generators, stores, recording, delivery, emission] = s.parts();
  recording.add(meter);
  recording.fit(cells);
  auto sampled = tap_of(recorder_ordinal(0), 4, ids(1, 3));
  sampled.samples = true;
  recording.connect(sampled, cells, generators);
  s.prepare({time_grid(), 0, 4, 4, 1}, false, 4 * 3 * 20);
  run_interval(0);
  EXPECT_FALSE(s.is_full());
  run_interval(4);  // which shows the samples of the one before
  EXPECT_FALSE(s.is_full());
  run_interval(8);
  EXPECT_TRUE(s.is_full());
  recording.at(recorder_ordinal(0)).clear();
  EXPECT_FALSE(s.is_full());
}

TEST_F(an_interval, is_not_advanced_before_it_is_prepared) {
  shard fresh(layout{0, 1}, built_in_models(), files);
  EXPECT_THROW(fresh.update(0, 1), broken_contract);
}

TEST_F(an_interval, does_no_update_twice_and_leaves_none_out) {
  expect_refused([&] { s.update(1, 2); });
  s.update(0, 2);
  expect_refused([&] { s.update(0, 2); });
  expect_refused([&] { s.update(1, 3); });
  expect_refused([&] { s.update(3, 4); });
  expect_refused([&] { s.update(2, 1); });
}

TEST_F(an_interval, does_no_update_beyond_the_interval) {
  expect_refused([&] { s.update(0, 5); });
  s.update(0, 4);
  expect_refused([&] { s.update(4, 5); });
}

TEST_F(an_interval, closes_an_interval_at_its_end_and_once) {
  expect_refused([&] { s.close_interval(); });
  s.update(0, 3);
  expect_refused([&] { s.close_interval(); });
  s.update(3, 4);
  s.close_interval();
  expect_refused([&] { s.close_interval(); });
}

TEST_F(an_interval, opens_an_interval_after_the_batches_of_the_last) {
  s.update(0, 4);
  s.close_interval();
  expect_refused([&] { s.update(4, 5); });
  deliver(4);
  s.update(4, 5);
}

TEST_F(an_interval, takes_batches_of_the_last_interval_once) {
  s.update(0, 4);
  expect_refused([&] { deliver(4); });
  s.close_interval();
  expect_refused([&] { deliver(8); });
  deliver(4);
  const auto before = s.save();
  deliver(4);
  deliver(0);
  EXPECT_TRUE(s.save() == before);
}

TEST_F(an_interval, refuses_batches_of_other_intervals) {
  s.update(0, 4);
  s.close_interval();
  const spike_batch shorter{{0, 0}, {}, {}};
  const batch_view view = shorter;
  expect_refused([&] { s.deliver(4, {&view, 1}); });
}

}  // namespace
}  // namespace volley::runtime
