#include "actors/audit_log.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <stdexcept>
#include <string>

#include "tests/actors/scratch_folder.hpp"

namespace volley::actors {
namespace {

namespace fs = std::filesystem;

class an_audit_log : public testing::Test {
 protected:
  static std::string text(const fs::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  const scratch_folder scratch;
  const fs::path& folder = scratch.path;
  fs::path file() const { return folder / "audit"; }
};

TEST_F(an_audit_log, has_a_line_each) {
  audit_log(file()).add("session 1 (admin)", "Create(\"iaf_psc_alpha\", 3)", "done");
  audit_log(file()).add("session 2 (observe)", "Simulate(1.0)", "PermissionError");
  const std::regex lines(
      "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ session 1 \\(admin\\): Create\\(\"iaf_psc_alpha\", 3\\): done\n"
      "\\S+ session 2 \\(observe\\): Simulate\\(1.0\\): PermissionError\n");
  EXPECT_TRUE(std::regex_match(text(file()), lines)) << text(file());
  struct stat about {};
  ASSERT_EQ(::stat(file().c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600u);
}

TEST_F(an_audit_log, is_written_by_nobody_else) {
  audit_log(file()).add("a", "one\nsession 9: two\\\x1b[1m\xc3\xa9", std::string(1000, 'x'));
  const auto written = text(file());
  EXPECT_EQ(std::ranges::count(written, '\n'), 1);
  EXPECT_NE(written.find("one\\x0asession 9: two\\x5c\\x1b[1m\\xc3\\xa9: "), std::string::npos) << written;
  EXPECT_LT(written.size(), 400u);
}

TEST_F(an_audit_log, keeps_its_size) {
  audit_log log(file(), 500);
  for (int i = 0; i < 100; ++i) log.add("a", "call " + std::to_string(i), "done");
  EXPECT_LE(fs::file_size(file()), 500u);
  EXPECT_LE(fs::file_size(folder / "audit.1"), 500u);
  EXPECT_NE(text(file()).find("call 99"), std::string::npos);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), {}), 2);
}

TEST_F(an_audit_log, must_be_a_file_of_its_own) {
  fs::create_symlink("/dev/null", file());
  EXPECT_THROW(audit_log log(file()), std::runtime_error);
  EXPECT_THROW(audit_log log("/dev/null"), std::runtime_error);
  EXPECT_THROW(audit_log log(folder / "no" / "such"), std::runtime_error);
}

}  // namespace
}  // namespace volley::actors
