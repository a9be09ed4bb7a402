// Reports as libhdf5 reads them.
#include "runtime/devices/sonata_report.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "runtime/base/contract.hpp"
#include "runtime/base/snapshot.hpp"
#include "tests/runtime/devices/disk_in_memory.hpp"
#include "tests/runtime/devices/hdf5_reader.hpp"

namespace volley::runtime {
namespace {

using reals = std::vector<double>;
using counts = std::vector<std::uint64_t>;

class a_sonata_report : public testing::Test {
 protected:
  ~a_sonata_report() override { std::filesystem::remove(path); }

  static report_plan of_samples() {
    report_plan plan;
    plan.samples = true;
    plan.interval = 5;
    plan.unit = "mV";
    return plan;
  }
  /// Events (stamp, sender) of one VP; samples have the value stamp + sender / 100.
  static event_log log(const std::vector<std::pair<step_t, std::uint32_t>>& events, bool samples = false) {
    event_log made;
    made.values.resize(samples);
    for (const auto& [stamp, sender] : events) {
      made.stamps.push_back(stamp);
      made.senders.push_back(sender);
      if (samples) made.values[0].push_back(static_cast<double>(stamp) + sender / 100.0);
    }
    return made;
  }
  tests::hdf5_reader saved(sonata_report& report) {
    report.save(*file);
    std::ofstream(path, std::ios::binary) << disk.texts.at("a.h5");
    return tests::hdf5_reader(path);
  }

  const std::string path = std::filesystem::path(testing::TempDir()) / ("report_" + std::to_string(getpid()) + ".h5");
  tests::disk_in_memory disk;
  std::unique_ptr<record_file> file = disk.open("a.h5", true);
  time_grid time;
};

TEST_F(a_sonata_report, has_the_spikes_of_all_vps_in_one_order) {
  sonata_report report;
  const auto a = log({{10, 3}, {12, 1}}), b = log({{10, 2}, {11, 4}});
  report.add({&a, &b}, time);
  const auto c = log({{12, 2}}), d = log({});
  report.add({&c, &d}, time);
  const auto r = saved(report);
  EXPECT_EQ(r.reals("spikes/All/timestamps"), (reals{1.0, 1.0, 1.1, 1.2, 1.2}));
  EXPECT_EQ(r.counts("spikes/All/node_ids"), (counts{2, 3, 4, 1, 2}));
  EXPECT_EQ(r.name("spikes/All", "sorting"), "by_time");
  EXPECT_EQ(r.text("spikes/All/timestamps", "units"), "ms");
  EXPECT_EQ(r.numbers("/", "magic"), std::vector<std::uint32_t>{0x0A7A});
}

TEST_F(a_sonata_report, counts_nodes_within_their_population) {
  sonata_report report({false, 1, "", {"some", "others"}, {5, 8}});
  const auto a = log({{1, 5}, {2, 7}, {3, 8}, {4, 10}});
  report.add({&a}, time);
  {
    const auto r = saved(report);
    EXPECT_EQ(r.counts("spikes/some/node_ids"), (counts{0, 2}));
    EXPECT_EQ(r.counts("spikes/others/node_ids"), (counts{0, 2}));
    EXPECT_FALSE(r.has("spikes/All"));
  }
  const auto b = log({{5, 4}, {6, 6}});
  report.add({&b}, time);
  const auto r = saved(report);
  EXPECT_EQ(r.counts("spikes/All/node_ids"), counts{4}) << "nodes of no population have their ids";
  EXPECT_EQ(r.counts("spikes/some/node_ids"), (counts{0, 2, 1}));
}

TEST_F(a_sonata_report, without_events_has_its_populations) {
  sonata_report report({false, 1, "", {"some"}, {5}});
  EXPECT_FALSE(report.is_saved());
  EXPECT_EQ(saved(report).reals("spikes/some/timestamps"), reals{});
  EXPECT_TRUE(report.is_saved());
  sonata_report frames(of_samples());
  EXPECT_TRUE(saved(frames).has("report"));
}

// A process ends after it has written more than it had when it was saved.
TEST_F(a_sonata_report, goes_on_in_a_file_from_where_it_was_saved) {
  for (const bool samples : {false, true}) {
    sonata_report report(samples ? of_samples() : report_plan{false, 1, "", {"some"}, {3}});
    const auto chunks = [&](sonata_report& to, step_t begin, step_t end) {
      std::vector<std::pair<step_t, std::uint32_t>> events;
      for (auto stamp = begin; stamp < end; stamp += 5) events.insert(events.end(), {{stamp, 2}, {stamp, 4}});
      const auto some = log(events, samples);
      to.add({&some}, time);
    };
    chunks(report, 0, 30'000);  // more than a chunk
    saved(report);
    const auto kept = bytes_of(report);
    chunks(report, 30'000, 60'000);
    saved(report);
    chunks(report, 60'000, 90'000);
    const auto expected = [&] { return saved(report), disk.texts.at("a.h5"); }();
    sonata_report again = object_of<sonata_report>(kept);
    EXPECT_EQ(again.plan(), report.plan());
    chunks(again, 30'000, 60'000);
    chunks(again, 60'000, 90'000);
    const auto r = saved(again);
    EXPECT_EQ(disk.texts.at("a.h5").size(), expected.size());
    if (samples) {
      EXPECT_EQ(r.extent("report/All/data"), (std::vector<hsize_t>{18'000, 2}));
      EXPECT_EQ(r.reals("report/All/data").at(35'999), 89'995.04);
    } else {
      EXPECT_EQ(r.reals("spikes/some/timestamps").size(), 18'000u);
      EXPECT_EQ(r.counts("spikes/All/node_ids").size(), 18'000u);
    }
    file = disk.open("a.h5", true);
  }
}

TEST_F(a_sonata_report, has_samples_as_frames_of_all_nodes) {
  sonata_report report(of_samples());
  const auto a = log({{5, 9}, {10, 9}}, true), b = log({{5, 2}, {10, 2}, {15, 2}}, true);
  report.add({&a, &b}, time);
  const auto r = saved(report);
  ASSERT_EQ(r.extent("report/All/data"), (std::vector<hsize_t>{3, 2}));
  const auto data = r.reals("report/All/data");
  EXPECT_EQ(reals(data.begin(), data.begin() + 5), (reals{5.02, 5.09, 10.02, 10.09, 15.02}));
  EXPECT_TRUE(std::isnan(data[5])) << "no sample";
  EXPECT_EQ(r.text("report/All/data", "units"), "mV");
  EXPECT_EQ(r.counts("report/All/mapping/node_ids"), (counts{2, 9}));
  EXPECT_EQ(r.counts("report/All/mapping/index_pointers"), (counts{0, 1, 2}));
  EXPECT_EQ(r.counts("report/All/mapping/element_ids"), (counts{0, 0}));
  EXPECT_EQ(r.reals("report/All/mapping/element_pos"), (reals{0, 0}));
  EXPECT_EQ(r.reals("report/All/mapping/time"), (reals{0.5, 2.0, 0.5}));
}

TEST_F(a_sonata_report, goes_on_with_other_nodes_and_after_a_pause) {
  auto plan = of_samples();
  plan.populations = {"low", "high"};
  plan.first_nodes = {1, 100};
  sonata_report report(plan);
  const auto a = log({{5, 2}, {5, 100}}, true), b = log({{20, 2}, {20, 1}}, true);
  report.add({&a}, time);
  report.save(*file);
  report.add({&b}, time);
  const auto r = saved(report);
  EXPECT_EQ(r.counts("report/low/mapping/node_ids"), (counts{1, 0})) << "in the order of their first samples";
  ASSERT_EQ(r.extent("report/low/data"), (std::vector<hsize_t>{4, 2}));
  const auto low = r.reals("report/low/data");
  EXPECT_EQ(low[0], 5.02);
  EXPECT_EQ(low[6], 20.02);
  EXPECT_EQ(low[7], 20.01);
  for (const std::size_t i : {1, 2, 3, 4, 5}) EXPECT_TRUE(std::isnan(low[i])) << i;
  EXPECT_EQ(r.extent("report/high/data"), (std::vector<hsize_t>{4, 1})) << "as many frames as all have";
}

TEST_F(a_sonata_report, takes_events_in_the_order_of_time_alone) {
  sonata_report report;
  const auto a = log({{10, 3}}), b = log({{9, 3}});
  report.add({&a}, time);
  EXPECT_THROW(report.add({&b}, time), broken_contract);
}

}  // namespace
}  // namespace volley::runtime
