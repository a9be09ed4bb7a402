// Reports of recorders, as libhdf5 reads them: what goes into them when, on 1 and 3 VPs.
#include "runtime/kernel/reports.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "runtime/base/error.hpp"
#include "tests/runtime/devices/hdf5_reader.hpp"
#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

namespace fs = std::filesystem;
using reals = std::vector<double>;
using counts = std::vector<std::uint64_t>;

class reports : public testing::TestWithParam<int> {
 protected:
  reports() : folder(fs::path(testing::TempDir()) / ("reports_" + std::to_string(getpid()))) {
    fs::create_directory(folder);
    k.set_status({{"data_path", folder.string()}});
    const auto source = k.create("spike_generator", 1, {{"spike_times", reals{1, 3, 7}}});
    parrots = k.create("parrot_neuron", 3);
    k.connect(source, parrots);
  }
  ~reports() override { fs::remove_all(folder); }

  node_set recorder(const std::string& file) {
    const auto made = k.create("spike_recorder", 1, {{"record_to", "sonata"}, {"file_name", file}});
    k.connect(parrots, made);
    return made;
  }
  tests::hdf5_reader read(const char* file) const { return tests::hdf5_reader(folder / file); }
  std::int64_t n_events(const node_set& recorder) {
    return (*k.get(recorder, "n_events").get_if<std::vector<std::int64_t>>())[0];
  }
  template <class Call> void expect_refusal(error_kind kind, Call&& call) {
    try {
      call();
      ADD_FAILURE() << "accepted";
    } catch (const api_error& e) {
      EXPECT_STREQ(to_string(e.kind()), to_string(kind)) << e.what();
    }
  }

  const fs::path folder;
  solo_kernel k{GetParam()};
  node_set parrots;
};

INSTANTIATE_TEST_SUITE_P(vps, reports, testing::Values(1, 3));

TEST_P(reports, have_all_that_was_recorded_after_each_run) {
  const auto r = recorder("a.h5");
  k.call(api::prepare{});
  k.call(api::run{3});
  EXPECT_EQ(read("a.h5").reals("spikes/All/timestamps"), (reals{2, 2, 2}));
  k.call(api::run{2});
  EXPECT_EQ(read("a.h5").counts("spikes/All/node_ids"), (counts{2, 3, 4, 2, 3, 4}));
  k.call(api::cleanup{});
  k.simulate(5);
  EXPECT_EQ(read("a.h5").reals("spikes/All/timestamps"), (reals{2, 2, 2, 4, 4, 4, 8, 8, 8}));
  EXPECT_EQ(n_events(r), 9);
}

TEST_P(reports, are_there_without_events) {
  recorder("a.h5");
  k.call(api::prepare{});
  k.call(api::cleanup{});
  EXPECT_EQ(read("a.h5").reals("spikes/All/timestamps"), reals());
}

TEST_P(reports, of_one_recorder_may_be_several_files) {
  const auto r = recorder("a.h5");
  k.simulate(3);
  k.set(r, {{"file_name", "b.h5"}});
  k.simulate(2);
  k.set(r, {{"file_name", "a.h5"}});
  k.simulate(5);
  EXPECT_EQ(read("a.h5").reals("spikes/All/timestamps"), (reals{2, 2, 2, 8, 8, 8}));
  EXPECT_EQ(read("b.h5").reals("spikes/All/timestamps"), (reals{4, 4, 4}));
}

TEST_P(reports, that_were_taken_away_begin_anew) {
  recorder("a.h5");
  k.simulate(3);
  fs::remove(folder / "a.h5");
  k.simulate(2);
  EXPECT_EQ(read("a.h5").reals("spikes/All/timestamps"), (reals{4, 4, 4}));
}

TEST_P(reports, of_somebody_else_are_refused_and_nothing_else_is_lost) {
  const auto first = recorder("a.h5"), second = recorder("b.h5");
  std::ofstream(folder / "b.h5") << "mine";
  expect_refusal(error_kind::IOError, [&] { k.simulate(3); });
  k.call(api::cleanup{});
  k.set_status({{"overwrite_files", true}});
  k.simulate(3);
  for (const auto* file : {"a.h5", "b.h5"})
    EXPECT_EQ(read(file).reals("spikes/All/timestamps"), (reals{2, 2, 2})) << file;
}

TEST_P(reports, that_cannot_be_made_may_get_another_name) {
  const auto r = recorder("a.h5");
  fs::create_symlink("/dev/full", folder / "full");  // which is never followed
  k.set(r, {{"file_name", "full"}});
  expect_refusal(error_kind::IOError, [&] { k.simulate(3); });
  k.set(r, {{"file_name", "a.h5"}});
  k.simulate(3);
  EXPECT_EQ(read("a.h5").reals("spikes/All/timestamps"), (reals{2, 2, 2}));
  EXPECT_EQ(*k.status("biological_time").get_if<double>(), 3.0);
}

TEST_P(reports, take_what_a_recorder_had_before_it_was_told_to_write) {
  const auto r = k.create("spike_recorder");
  k.connect(parrots, r);
  k.simulate(3);
  k.set(r, {{"record_to", "sonata"}, {"file_name", "a.h5"}});
  k.simulate(2);
  EXPECT_EQ(read("a.h5").reals("spikes/All/timestamps"), (reals{2, 2, 2, 4, 4, 4}));
  k.set(r, {{"record_to", "memory"}});
  k.simulate(5);
  EXPECT_EQ(k.times(r), (reals{8, 8, 8}));
  EXPECT_EQ(n_events(r), 9);
  k.set(r, {{"n_events", 0}});
  EXPECT_EQ(n_events(r), 0);
}

TEST_P(reports, of_potentials_have_their_unit) {
  const auto neuron = k.create("iaf_psc_alpha");
  const auto meter = k.create("multimeter", 1,
                              {{"record_to", "sonata"},
                               {"record_from", std::vector<std::string>{"V_m"}},
                               {"populations", std::vector<std::string>{"cells"}},
                               {"first_nodes", std::vector<std::int64_t>{5}}});
  k.connect(meter, neuron);
  k.simulate(4);
  const auto r = read("multimeter-6.h5");
  EXPECT_EQ(r.text("report/cells/data", "units"), "mV");
  EXPECT_EQ(r.counts("report/cells/mapping/node_ids"), counts{0});
  EXPECT_EQ(r.reals("report/cells/mapping/time"), (reals{1, 4, 1}));
}

}  // namespace
}  // namespace volley::runtime
