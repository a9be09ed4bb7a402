#include "runtime/devices/record_file.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "runtime/base/error.hpp"

namespace volley::runtime {
namespace {

class a_record_file : public testing::Test {
 protected:
  a_record_file() : folder(std::filesystem::path(testing::TempDir()) / ("record_file_" + std::to_string(getpid()))) {
    std::filesystem::create_directory(folder);
  }
  ~a_record_file() override { std::filesystem::remove_all(folder); }

  std::string path(const char* name) const { return folder / name; }
  std::string text(const char* name) const {
    std::ostringstream all;
    all << std::ifstream(path(name)).rdbuf();
    return all.str();
  }
  void expect_refused(const std::string& path, bool overwrite) {
    try {
      files.open(path, overwrite);
      FAIL() << "opened " << path;
    } catch (const api_error& e) {
      EXPECT_EQ(e.kind(), error_kind::IOError);
      EXPECT_NE(std::string(e.what()).find(path), std::string::npos) << e.what();
    }
  }

  const std::filesystem::path folder;
  system_record_files files;
};

TEST_F(a_record_file, takes_texts_one_after_the_other) {
  {
    const auto file = files.open(path("a.dat"), false);
    file->append("one\n");
    file->append("");
    file->append("two\n");
  }
  EXPECT_EQ(text("a.dat"), "one\ntwo\n");
}

TEST_F(a_record_file, that_exists_is_refused_or_replaced) {
  files.open(path("a.dat"), false)->append("old");
  expect_refused(path("a.dat"), false);
  EXPECT_EQ(text("a.dat"), "old");
  files.open(path("a.dat"), true)->append("new");
  EXPECT_EQ(text("a.dat"), "new");
}

TEST_F(a_record_file, goes_on_where_it_ended_while_it_is_there) {
  files.open(path("a.dat"), false)->append("one");
  files.go_on(path("a.dat"))->append(" two");
  EXPECT_EQ(text("a.dat"), "one two");
  std::filesystem::remove(path("a.dat"));
  EXPECT_EQ(files.go_on(path("a.dat")), nullptr);
}

TEST_F(a_record_file, is_cut_and_never_made_longer) {
  const auto file = files.open(path("a.dat"), false);
  file->append("0123456789");
  file->cut(20);
  file->cut(4);
  file->append("E");
  EXPECT_EQ(text("a.dat"), "0123E");
}

TEST_F(a_record_file, takes_bytes_at_any_place_also_when_it_goes_on) {
  files.open(path("a.dat"), false)->append("0123456789");
  const auto file = files.go_on(path("a.dat"));
  file->write(2, "AB");
  file->write(9, "CD");
  file->append("E");
  EXPECT_EQ(text("a.dat"), "01AB45678CDE");
}

TEST_F(a_record_file, that_cannot_be_made_is_refused) { expect_refused(path("nowhere/a.dat"), true); }

TEST_F(a_record_file, is_never_written_through_a_link) {
  files.open(path("a.dat"), false)->append("mine");
  std::filesystem::create_symlink(path("a.dat"), path("link.dat"));
  expect_refused(path("link.dat"), true);
  EXPECT_THROW(files.go_on(path("link.dat")), api_error);
  EXPECT_EQ(text("a.dat"), "mine");
}

TEST_F(a_record_file, tells_of_a_full_disk) {
  const auto full = files.go_on("/dev/full");
  EXPECT_THROW(full->append("text"), api_error);
  EXPECT_THROW(full->write(4, "text"), api_error);
}

TEST_F(a_record_file, named_by_a_dash_is_standard_output) {
  testing::internal::CaptureStdout();
  files.open("-", false)->append("to everybody\n");
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "to everybody\n");
}

}  // namespace
}  // namespace volley::runtime
