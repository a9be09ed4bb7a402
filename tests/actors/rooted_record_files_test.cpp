#include "actors/rooted_record_files.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <optional>
#include <string>

#include "runtime/base/error.hpp"

namespace volley::actors {
namespace {

namespace fs = std::filesystem;

class rooted_files : public testing::Test {
 protected:
  rooted_files()
      : outside_(fs::path(testing::TempDir()) / ("rooted_" + std::to_string(::getpid()))), root_(outside_ / "root") {
    fs::create_directories(root_ / "sub");
    files_.emplace(root_);
  }
  ~rooted_files() override { fs::remove_all(outside_); }

  void write(const std::string& path, const std::string& text, bool overwrite = false) {
    files_->open(path, overwrite)->append(text);
  }
  std::string refusal(const std::string& path, bool overwrite = false) {
    try {
      write(path, "x", overwrite);
    } catch (const runtime::api_error& fault) {
      EXPECT_EQ(fault.kind(), runtime::error_kind::IOError);
      return fault.what();
    }
    ADD_FAILURE() << path << " was opened";
    return "";
  }
  static std::string content(const fs::path& path) {
    std::string text;
    std::ifstream(path) >> text;
    return text;
  }

  const fs::path outside_, root_;
  std::optional<rooted_record_files> files_;
};

TEST_F(rooted_files, files_lie_below_the_root) {
  write("a-1.dat", "one");
  write("sub/b.dat", "two");
  write((root_ / "c.dat").string(), "three");
  EXPECT_EQ(content(root_ / "a-1.dat"), "one");
  EXPECT_EQ(content(root_ / "sub" / "b.dat"), "two");
  EXPECT_EQ(content(root_ / "c.dat"), "three");
}

TEST_F(rooted_files, a_file_is_replaced_only_on_request) {
  write("a.dat", "one");
  EXPECT_NE(refusal("a.dat").find("overwrite_files"), std::string::npos);
  write("a.dat", "two", true);
  EXPECT_EQ(content(root_ / "a.dat"), "two");
}

TEST_F(rooted_files, a_file_goes_on_as_long_as_it_is_there) {
  write("sub/a.dat", "one");
  files_->go_on("sub/a.dat")->append("two");
  EXPECT_EQ(content(root_ / "sub" / "a.dat"), "onetwo");
  fs::remove(root_ / "sub" / "a.dat");
  EXPECT_EQ(files_->go_on("sub/a.dat"), nullptr);
  EXPECT_FALSE(fs::exists(root_ / "sub" / "a.dat"));
  std::ofstream(outside_ / "secret") << "mine";
  fs::create_symlink(outside_ / "secret", root_ / "link");
  for (const std::string path : {"../secret", "link", "missing/a.dat", "sub"})
    EXPECT_THROW(files_->go_on(path), runtime::api_error) << path;
  EXPECT_EQ(content(outside_ / "secret"), "mine");
}

TEST_F(rooted_files, nothing_outside_is_reached) {
  std::ofstream(outside_ / "secret") << "mine";
  for (const std::string path :
       {"../secret", "sub/../../secret", "/etc/passwd", "/proc/self/mem", "/dev/full", "", "sub/", "/", ".", ".hidden"})
    refusal(path, true);
  refusal((outside_ / "secret").string(), true);
  refusal((root_ / ".." / "secret").string(), true);
  EXPECT_EQ(content(outside_ / "secret"), "mine");
}

TEST_F(rooted_files, odd_names_are_refused) {
  refusal(std::string("a\0b", 3));
  refusal("a b");
  refusal("a%s");
  refusal("a;rm");
  refusal("\xff");
  refusal(std::string(129, 'a'));
  refusal(std::string(4096, 'a'));
  write(std::string(128, 'a'), "fits");
}

TEST_F(rooted_files, links_are_not_followed) {
  std::ofstream(outside_ / "secret") << "mine";
  fs::create_symlink(outside_ / "secret", root_ / "link");
  fs::create_directory_symlink(outside_, root_ / "folder");
  refusal("link", true);
  refusal("folder/secret", true);
  EXPECT_EQ(content(outside_ / "secret"), "mine");
}

TEST_F(rooted_files, only_ordinary_files_are_written) {
  ASSERT_EQ(::mkfifo((root_ / "fifo").c_str(), 0600), 0);
  refusal("fifo", true);
  refusal("sub", true);
  refusal("missing/a.dat");
}

}  // namespace
}  // namespace volley::actors
