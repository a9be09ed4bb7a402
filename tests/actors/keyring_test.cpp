#include "actors/keyring.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <system_error>

namespace volley::actors {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

std::string content_of(const fs::path& file) {
  std::string text;
  std::ifstream(file) >> text;
  return text;
}

class keyrings : public testing::Test {
 protected:
  keyrings() : folder_(fs::path(testing::TempDir()) / ("keyring_" + std::to_string(::getpid()))) {
    fs::create_directory(folder_);
  }
  ~keyrings() override { fs::remove_all(folder_); }
  std::string admin() const { return content_of(folder_ / "token"); }
  std::string simulate() const { return content_of(folder_ / "token.simulate"); }
  std::string observe() const { return content_of(folder_ / "token.observe"); }

  const fs::path folder_;
  const keyring::clock::time_point start_{1000s};
};

TEST_F(keyrings, each_role_has_a_token_in_a_private_file) {
  const keyring tokens(folder_ / "token", 1h, start_);
  EXPECT_EQ(tokens.role_of(admin(), start_), role::admin);
  EXPECT_EQ(tokens.role_of(simulate(), start_), role::simulate);
  EXPECT_EQ(tokens.role_of(observe(), start_), role::observe);
  for (const auto& entry : fs::directory_iterator(folder_)) {
    struct stat found {};
    ASSERT_EQ(::stat(entry.path().c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777, 0600u) << entry.path();
  }
}

TEST_F(keyrings, nothing_else_opens) {
  const keyring tokens(folder_ / "token", 1h, start_);
  auto upper = admin();
  std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return std::toupper(c); });
  for (const std::string& wrong :
       {std::string(), admin() + "0", admin().substr(1), upper, std::string(64, '0'), admin() + '\0'})
    EXPECT_EQ(tokens.role_of(wrong, start_), std::nullopt) << wrong;
}

TEST_F(keyrings, tokens_expire) {
  const keyring tokens(folder_ / "token", 1h, start_);
  EXPECT_EQ(tokens.expires(), start_ + 1h);
  EXPECT_TRUE(tokens.role_of(admin(), start_ + 1h - 1ns));
  EXPECT_FALSE(tokens.role_of(admin(), start_ + 1h));
}

TEST_F(keyrings, renewed_tokens_take_the_place_of_the_old) {
  keyring tokens(folder_ / "token", 1h, start_);
  const std::string old[]{admin(), simulate(), observe()};
  tokens.renew(start_ + 2h);
  for (const auto& token : old) EXPECT_FALSE(tokens.role_of(token, start_ + 2h));
  EXPECT_EQ(tokens.role_of(simulate(), start_ + 2h), role::simulate);
  EXPECT_EQ(tokens.expires(), start_ + 3h);
}

TEST_F(keyrings, the_files_go_with_the_keyring) {
  { const keyring tokens(folder_ / "token", 1h, start_); }
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(keyrings, a_folder_that_cannot_be_written_is_an_error) {
  EXPECT_THROW(keyring(folder_ / "missing" / "token", 1h, start_), std::system_error);
}

}  // namespace
}  // namespace volley::actors
