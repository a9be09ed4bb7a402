#include "actors/access.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>

namespace volley::actors {
namespace {

namespace fs = std::filesystem;

class access_files : public testing::Test {
 protected:
  access_files() : folder_(fs::path(testing::TempDir()) / ("access_" + std::to_string(::getpid()))) {
    fs::create_directory(folder_);
  }
  ~access_files() override { fs::remove_all(folder_); }
  static unsigned mode_of(const fs::path& path) {
    struct stat found {};
    EXPECT_EQ(::lstat(path.c_str(), &found), 0);
    return found.st_mode & 07777;
  }
  const fs::path folder_;
};

TEST_F(access_files, a_token_has_256_bits_and_none_is_like_another) {
  const auto one = make_token(), two = make_token();
  EXPECT_EQ(one.size(), 64u);
  EXPECT_EQ(one.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_NE(one, two);
}

TEST_F(access_files, a_token_file_is_the_users_alone_and_replaces_an_older_one) {
  const auto path = folder_ / "token";
  write_token_file(path, "old");
  write_token_file(path, "new");
  EXPECT_EQ(mode_of(path), 0600u);
  std::string text;
  std::ifstream(path) >> text;
  EXPECT_EQ(text, "new");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 1) << "the temporary file is left";
}

TEST_F(access_files, a_kept_token_is_made_once) {
  const auto path = folder_ / "token";
  const auto made = kept_token(path);
  EXPECT_EQ(made.size(), 64u);
  EXPECT_EQ(kept_token(path), made);
  EXPECT_EQ(mode_of(path), 0600u);
  write_token_file(path, "torn");
  EXPECT_EQ(kept_token(path).size(), 64u);
}

TEST_F(access_files, a_link_in_the_tokens_place_is_replaced_not_followed) {
  std::ofstream(folder_ / "other") << "mine";
  fs::create_symlink(folder_ / "other", folder_ / "token");
  write_token_file(folder_ / "token", "secret");
  std::string text;
  std::ifstream(folder_ / "other") >> text;
  EXPECT_EQ(text, "mine");
}

TEST_F(access_files, only_the_very_token_opens) {
  EXPECT_TRUE(is_token("abc", "abc"));
  for (const char* wrong : {"", "ab", "abd", "abcd", "ABC"}) EXPECT_FALSE(is_token(wrong, "abc")) << wrong;
  EXPECT_FALSE(is_token(std::string("abc\0", 4), "abc"));
}

TEST_F(access_files, the_other_end_of_a_socket_pair_is_the_same_user) {
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
  EXPECT_TRUE(is_same_user(ends[0]));
  ::close(ends[0]);
  ::close(ends[1]);
  EXPECT_FALSE(is_same_user(-1));
}

TEST_F(access_files, the_runtime_folder_is_private_or_refused) {
  ::setenv("XDG_RUNTIME_DIR", folder_.c_str(), 1);
  const auto made = runtime_folder();
  EXPECT_EQ(made, folder_ / "volley");
  EXPECT_EQ(mode_of(made), 0700u);
  fs::permissions(made, fs::perms::group_read, fs::perm_options::add);
  EXPECT_THROW(runtime_folder(), std::runtime_error);
  fs::remove(made);
  fs::create_directory_symlink(folder_, made);
  EXPECT_THROW(runtime_folder(), std::runtime_error);
  ::unsetenv("XDG_RUNTIME_DIR");
}

}  // namespace
}  // namespace volley::actors
