#include "actors/owned_path.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <optional>
#include <string>
#include <utility>

namespace volley::actors {
namespace {

namespace fs = std::filesystem;

class owned_paths : public testing::Test {
 protected:
  owned_paths() : file_(fs::path(testing::TempDir()) / ("owned_" + std::to_string(::getpid()))) {
    std::ofstream(file_) << "x";
  }
  ~owned_paths() override { fs::remove(file_); }
  const fs::path file_;
};

TEST_F(owned_paths, goes_with_its_owner) {
  { const owned_path mine(file_); }
  EXPECT_FALSE(fs::exists(file_));
}

TEST_F(owned_paths, stays_while_somebody_has_it) {
  std::optional<owned_path> first(file_);
  owned_path second(std::move(*first));
  first.reset();
  EXPECT_TRUE(fs::exists(file_));
  owned_path third;
  third = std::move(second);
  EXPECT_TRUE(fs::exists(file_));
}

TEST_F(owned_paths, what_has_taken_its_place_stays) {
  {
    const owned_path mine(file_);
    const fs::path others = file_.string() + ".new";
    std::ofstream(others) << "y";
    fs::rename(others, file_);
  }
  EXPECT_TRUE(fs::exists(file_));
}

}  // namespace
}  // namespace volley::actors
