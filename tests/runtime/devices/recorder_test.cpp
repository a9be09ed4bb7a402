#include "runtime/devices/recorder.hpp"

#include <gtest/gtest.h>

#include "runtime/base/error.hpp"
#include "runtime/base/snapshot.hpp"
#include "runtime/devices/built_in_devices.hpp"
#include "runtime/devices/device_values.hpp"
#include "tests/runtime/devices/disk_in_memory.hpp"

namespace volley::runtime {
namespace {

const std::string head = "# NEST version: 0.1.0\n# RecordingBackendASCII version: 2\n";

class a_recorder : public testing::Test {
 protected:
  static recorder_spec spec() {
    recorder_spec s;
    s.window = {0, 1000000};
    s.backend.kind = backend_kind::ascii;
    s.backend.path = "a.dat";
    return s;
  }
  /// One run that records a spike.
  void run(step_t stamp, bool overwrite = false) {
    r.open(disk, overwrite);
    r.spike(stamp, 7, 1);
    r.flush(time);
    r.close();
  }

  time_grid time;
  tests::disk_in_memory disk;
  recorder r{spec()};
};

TEST_F(a_recorder, goes_on_with_the_file_that_it_made) {
  for (const bool overwrite : {false, true, false}) run(10, overwrite);
  EXPECT_EQ(disk.texts["a.dat"], head + "sender\ttime_ms\n7\t1.000\n7\t1.000\n7\t1.000\n");
}

TEST_F(a_recorder, refuses_or_replaces_a_file_of_somebody_else) {
  disk.texts["a.dat"] = "old";
  EXPECT_THROW(run(10), api_error);
  EXPECT_EQ(disk.texts["a.dat"], "old");
  run(20, true);
  EXPECT_EQ(disk.texts["a.dat"], head + "sender\ttime_ms\n7\t2.000\n");
}

TEST_F(a_recorder, makes_its_file_anew_when_it_was_taken_away) {
  run(10);
  disk.texts.clear();
  run(20);
  EXPECT_EQ(disk.texts["a.dat"], head + "sender\ttime_ms\n7\t2.000\n");
}

TEST_F(a_recorder, goes_back_with_its_file_to_where_an_image_was_made) {
  run(10);
  r.open(disk, false);
  r.spike(20, 7, 1);
  r.flush(time);
  const auto image = bytes_of(r);
  const auto then = disk.texts["a.dat"];
  r.spike(30, 7, 1);
  r.flush(time);
  recorder other(spec());
  snapshot_reader from(image);
  from(other);
  other.reopen(disk);
  EXPECT_EQ(disk.texts["a.dat"], then);
  other.spike(40, 7, 1);
  other.flush(time);
  EXPECT_EQ(disk.texts["a.dat"], then + "7\t4.000\n");
  disk.texts.clear();
  snapshot_reader again(image);
  again(other);
  EXPECT_THROW(other.reopen(disk), api_error) << "the file is elsewhere";
}

TEST_F(a_recorder, of_a_saved_network_goes_on_with_its_files_where_they_ended_then) {
  run(10);
  const auto files = r.files();
  run(20);
  recorder other(spec());
  other.put(files);
  other.open(disk, false);
  other.spike(30, 7, 1);
  other.flush(time);
  EXPECT_EQ(disk.texts["a.dat"], head + "sender\ttime_ms\n7\t1.000\n7\t3.000\n");
  other.close();
  other.open(disk, false);
  EXPECT_EQ(other.files().at("a.dat").bytes, disk.texts["a.dat"].size()) << "once";
  disk.texts.clear();
  recorder late(spec());
  late.put(files);
  EXPECT_THROW(late.open(disk, true), api_error) << "the file is elsewhere";
}

TEST_F(a_recorder, knows_all_the_files_that_it_made) {
  run(10);
  auto s = spec();
  s.backend.path = "b.dat";
  r.configure(s);
  run(20);
  r.configure(spec());
  run(30);
  EXPECT_EQ(disk.texts["a.dat"], head + "sender\ttime_ms\n7\t1.000\n7\t3.000\n");
  EXPECT_EQ(disk.texts["b.dat"], head + "sender\ttime_ms\n7\t2.000\n");
}

TEST_F(a_recorder, tells_new_columns_by_a_new_heading) {
  run(10);
  auto s = spec();
  s.backend.time_in_steps = true;
  r.configure(s);
  run(20);
  EXPECT_EQ(disk.texts["a.dat"], head + "sender\ttime_ms\n7\t1.000\nsender\ttime_step\ttime_offset\n7\t20\t0.000\n");
}

TEST_F(a_recorder, completes_the_heading_that_a_full_disk_cut) {
  disk.full = true;
  EXPECT_THROW(run(10), api_error);
  disk.full = false;
  run(20);
  EXPECT_EQ(disk.texts["a.dat"], head + "sender\ttime_ms\n7\t2.000\n");
}

TEST_F(a_recorder, names_the_columns_of_weights_and_samples) {
  auto s = spec();
  s.kind = recorder_kind::samples;
  s.quantities = {"V_m", "g_ex"};
  recorder meter(s);
  meter.open(disk, false);
  EXPECT_EQ(disk.texts["a.dat"], head + "sender\ttime_ms\tV_m\tg_ex\n");
  s = spec();
  s.backend.path = "w.dat";
  s.kind = recorder_kind::weights;
  recorder weights(s);
  weights.open(disk, false);
  EXPECT_EQ(disk.texts["w.dat"], head + "sender\ttime_ms\tweights\ttargets\treceptors\tports\n");
}

TEST_F(a_recorder, writes_precise_times) {
  run(10);
  const auto write = [this](bool in_steps, const char* path) {
    auto s = spec();
    s.backend.time_in_steps = in_steps;
    s.backend.path = path;
    r.configure(s);
    r.open(disk, false);
    r.spike(20, 7, 1);
    r.spike(30, 7, 2, 0.0625);
    r.flush(time);
    r.close();
    return disk.texts[path];
  };
  EXPECT_EQ(write(false, "b.dat"), head + "sender\ttime_ms\n7\t2.000\n7\t2.938\n7\t2.938\n");
  EXPECT_EQ(write(true, "c.dat"), head + "sender\ttime_step\ttime_offset\n7\t20\t0.000\n7\t30\t0.062\n7\t30\t0.062\n");
}

TEST_F(a_recorder, of_states_has_an_event_for_two_spikes_and_for_one) {
  auto s = spec();
  s.kind = recorder_kind::states;
  recorder states(s);
  states.open(disk, false);
  states.spike(20, 7, 2);
  states.spike(30, 7, 1);
  EXPECT_EQ(states.n_events(), 2u);
  EXPECT_EQ(states.log().values, (std::vector<std::vector<double>>{{1, 0}}));
  states.flush(time);
  EXPECT_EQ(disk.texts["a.dat"], head + "sender\ttime_ms\tstate\n7\t2.000\t1\n7\t3.000\t0\n");
  states.spike(40, 7, 2);
  EXPECT_EQ(states.log().size(), states.log().values[0].size()) << "after it forgot the others";
}

TEST_F(a_recorder, that_detects_goes_on_with_what_it_made) {
  auto s = make_recorder(7, parameters_of<devices::correlation_detector>(), time);
  recorder here(s), elsewhere(s);
  EXPECT_EQ(elsewhere.detecting(), nullptr);
  here.make_room();
  here.open(disk, false);
  here.hear({20, 0, 1, 1.0});
  const auto results = here.detecting()->results();
  s.detects->follow(*here.detecting(), false);
  here.configure(s);
  EXPECT_EQ(here.detecting()->results(), results);
  EXPECT_GT(here.bytes(), elsewhere.bytes());
  s.detects->follow(*here.detecting(), true);
  here.configure(s);
  EXPECT_FALSE(here.detecting()->results() == results);
  here.forget(1000);
  elsewhere.forget(1000);
  elsewhere.configure(s);
  s.detects.reset();
  EXPECT_THROW(object_of<recorder_spec>(bytes_of(s)), std::invalid_argument);
}

TEST_F(a_recorder, that_detects_is_given_to_others_without_results) {
  recorder here(make_recorder(7, parameters_of<devices::correlation_detector>(), time));
  here.make_room();
  here.open(disk, false);
  here.hear({1, 0, 1, 1});
  here.hear({2, 1, 1, 1});
  recorder there(here.spec().without_results());
  EXPECT_EQ(there.detecting(), nullptr);
  there.put(*here.detecting());
  EXPECT_EQ(there.detecting()->results(), here.detecting()->results());
  EXPECT_EQ(bytes_of(r.spec().without_results()), bytes_of(r.spec())) << "others have none";
}

TEST_F(a_recorder, of_no_quantities_takes_no_samples) {
  auto s = spec();
  s.kind = recorder_kind::samples;
  s.interval = 1;
  EXPECT_FALSE(recorder(s).samples(5));
  s.quantities = {"V_m"};
  EXPECT_TRUE(recorder(s).samples(5));
}

}  // namespace
}  // namespace volley::runtime
