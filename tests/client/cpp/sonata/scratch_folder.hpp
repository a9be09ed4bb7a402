// A folder for the files of one test, removed with it.
#pragma once
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "client/cpp/error.hpp"

namespace volley::client::sonata::tests {

class scratch_folder {
 public:
  scratch_folder() : path_(std::filesystem::path(testing::TempDir()) / ("sonata_" + std::to_string(getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~scratch_folder() { std::filesystem::remove_all(path_); }
  scratch_folder(const scratch_folder&) = delete;

  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  /// Writes a file and returns its path.
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name) << text;
    return *this / name;
  }

 private:
  std::filesystem::path path_;
};

/// The kind of the error that a call ends with; "" without one.
template <class Call> std::string kind_of(Call&& call) {
  try {
    call();
  } catch (const error& e) {
    return e.kind();
  }
  return "";
}

/// Kind and message of the error that a call ends with; "" without one.
template <class Call> std::string error_of(Call&& call) {
  try {
    call();
  } catch (const error& e) {
    return e.kind() + ": " + e.what();
  }
  return "";
}

}  // namespace volley::client::sonata::tests
