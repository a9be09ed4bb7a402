// The disk as clients of a server reach it: files below one folder, and nothing else. Names of recorders and folders
// come from outside, so a path is walked name by name and no link is followed.
#pragma once
#include <filesystem>
#include <memory>
#include <string>

#include "runtime/devices/record_file.hpp"

namespace volley::actors {

class rooted_record_files final : public runtime::record_files {
 public:
  /// Throws std::system_error when the folder cannot be opened.
  explicit rooted_record_files(const std::filesystem::path& root);
  ~rooted_record_files() override;

  rooted_record_files(const rooted_record_files&) = delete;
  rooted_record_files& operator=(const rooted_record_files&) = delete;

  /// `path`: see place_below(). "-" is standard output. Errors: IOError, which tells no path outside the root.
  std::unique_ptr<runtime::record_file> open(const std::string& path, bool overwrite) override;
  std::unique_ptr<runtime::record_file> go_on(const std::string& path) override;

 private:
  const std::filesystem::path root_;
  const int folder_;
  runtime::system_record_files system_;
};

}  // namespace volley::actors
