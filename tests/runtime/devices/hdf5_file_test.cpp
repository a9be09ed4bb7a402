// Files as libhdf5 reads them.
#include "runtime/devices/hdf5_file.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <bit>
#include <cmath>
#include <filesystem>
#include <fstream>

#include "runtime/base/contract.hpp"
#include "tests/runtime/devices/disk_in_memory.hpp"
#include "tests/runtime/devices/hdf5_reader.hpp"

namespace volley::runtime::hdf5 {
namespace {

std::uint64_t bits(double x) { return std::bit_cast<std::uint64_t>(x); }

class an_hdf5_file : public testing::Test {
 protected:
  ~an_hdf5_file() override { std::filesystem::remove(path); }

  void save() {
    const auto to = disk.go_on("a.h5");
    written.save(*to, root());
  }
  object root() {
    object all{{{"magic", std::uint32_t{2682}}, {"version", std::vector<std::uint32_t>{0, 1}}}, {}};
    bytes three;
    three.u32(7).u32(8).u32(9);
    all.content = std::vector<member>{
        {"numbers",
         {{{"sorting", choice{{"none", "by_id", "by_time"}, 2}}},
          std::vector<member>{{"counts", {{}, &counts}}, {"reals", {{{"units", std::string("ms")}}, &reals}}}}},
        {"frames", {{{"units", std::string("mV")}}, &frames}},
        {"three", {{}, table{number::u32, 3, three.get()}}},
        {"none", {{}, table{number::f32, 0, ""}}}};
    return all;
  }
  void put(std::uint64_t n) {
    for (; n > 0; --n) {
      const auto row = counts.rows();
      counts.put(row, 0, 3 * row);
      reals.put(row, 0, bits(0.5 * static_cast<double>(row)));
    }
  }
  tests::hdf5_reader read() {
    std::ofstream(path, std::ios::binary) << disk.texts.at("a.h5");
    return tests::hdf5_reader(path);
  }
  void expect_rows(std::uint64_t n) {
    const auto r = read();
    EXPECT_EQ(r.extent("numbers/counts"), std::vector<hsize_t>{n});
    const auto c = r.counts("numbers/counts");
    const auto x = r.reals("numbers/reals");
    for (std::uint64_t i = 0; i < n; ++i) {
      ASSERT_EQ(c.at(i), 3 * i);
      ASSERT_EQ(x.at(i), 0.5 * static_cast<double>(i));
    }
  }

  const std::string path =
      std::filesystem::path(testing::TempDir()) / ("hdf5_file_" + std::to_string(getpid()) + ".h5");
  tests::disk_in_memory disk;
  file written;
  growing_columns counts{number::u64, 16, 0}, reals{number::f64, 16, 0}, frames{number::f64, 4, 3};
};

TEST_F(an_hdf5_file, is_whole_while_nothing_has_been_put) {
  disk.open("a.h5", true);
  save();
  const auto r = read();
  EXPECT_EQ(r.extent("numbers/reals"), std::vector<hsize_t>{0});
  EXPECT_EQ(r.extent("frames"), (std::vector<hsize_t>{0, 0}));
  EXPECT_EQ(r.extent("none"), std::vector<hsize_t>{0});
  EXPECT_EQ(r.counts("three"), (std::vector<std::uint64_t>{7, 8, 9}));
}

TEST_F(an_hdf5_file, has_attributes_of_all_kinds) {
  disk.open("a.h5", true);
  save();
  const auto r = read();
  EXPECT_EQ(r.numbers("/", "magic"), std::vector<std::uint32_t>{2682});
  EXPECT_EQ(r.numbers("/", "version"), (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(r.text("numbers/reals", "units"), "ms");
  EXPECT_EQ(r.text("frames", "units"), "mV");
  EXPECT_EQ(r.name("numbers", "sorting"), "by_time");
}

TEST_F(an_hdf5_file, grows_by_any_number_of_rows) {
  disk.open("a.h5", true);
  std::uint64_t n = 0;
  for (const std::uint64_t more : {1, 14, 1, 1, 0, 100, 3000}) {  // 3116 rows are 195 chunks: a tree of two levels
    put(more);
    save();
    expect_rows(n += more);
  }
}

TEST_F(an_hdf5_file, grows_in_both_directions_and_has_nan_where_nothing_was_put) {
  disk.open("a.h5", true);
  const auto x = [](std::uint64_t row, std::uint64_t column) { return static_cast<double>(100 * row + column); };
  for (std::uint64_t row = 0; row < 11; ++row) {
    for (std::uint64_t column = 0; column < (row < 6 ? 2u : 7u); ++column)
      if (row != 8) frames.put(row, column, bits(x(row, column)));
    if (row == 5) save();
  }
  frames.extend(13);
  save();
  const auto r = read();
  ASSERT_EQ(r.extent("frames"), (std::vector<hsize_t>{13, 7}));
  const auto all = r.reals("frames");
  for (std::uint64_t row = 0; row < 13; ++row)
    for (std::uint64_t column = 0; column < 7; ++column) {
      const auto found = all[row * 7 + column];
      if (row >= 11 || row == 8 || (row < 6 && column >= 2))
        EXPECT_TRUE(std::isnan(found)) << row << " " << column;
      else
        EXPECT_EQ(found, x(row, column));
    }
}

TEST_F(an_hdf5_file, stays_as_it_was_when_the_disk_refuses_and_has_all_later) {
  disk.open("a.h5", true);
  put(40);
  save();
  put(40);
  for (int refused = 0; refused < 8; ++refused) {
    disk.writes_left = refused;  // the description of before is not taken either
    EXPECT_THROW(save(), api_error);
  }
  disk.writes_left = -1;
  save();
  expect_rows(80);
}

TEST_F(an_hdf5_file, describes_what_it_had_when_only_new_chunks_are_refused) {
  struct picky final : record_file {
    explicit picky(std::unique_ptr<record_file> f) : inner(std::move(f)) {}
    void append(std::string_view text) override { inner->append(text); }
    void write(std::uint64_t at, std::string_view content) override {
      if (refuses && at == 0) throw api_error(error_kind::IOError, "no new head");
      inner->write(at, content);
    }
    std::unique_ptr<record_file> inner;
    bool refuses = false;
  };
  picky to(disk.open("a.h5", true));
  put(40);
  written.save(to, root());
  put(500);
  to.refuses = true;
  EXPECT_THROW(written.save(to, root()), api_error);
  expect_rows(40);
  to.refuses = false;
  written.save(to, root());
  expect_rows(540);
}

TEST_F(an_hdf5_file, takes_no_row_of_a_chunk_that_is_gone) {
  disk.open("a.h5", true);
  put(40);
  save();
  EXPECT_THROW(counts.put(3, 0, 1), broken_contract);
  counts.put(33, 0, 99);  // of the last chunk
  save();
  EXPECT_EQ(read().counts("numbers/counts").at(33), 99u);
}

}  // namespace
}  // namespace volley::runtime::hdf5
