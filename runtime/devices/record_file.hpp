// The disk as recorders see it: files that are opened, written and closed.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace volley::runtime {

class record_file {
 public:
  virtual ~record_file() = default;
  /// Behind all that is there. Errors: IOError when the disk refuses.
  virtual void append(std::string_view text) = 0;
  /// At a place of its own. The same errors.
  virtual void write(std::uint64_t at, std::string_view content) = 0;
  /// What is behind so many bytes is gone. The same errors.
  virtual void cut(std::uint64_t /*length*/) {}
};

class record_files {
 public:
  virtual ~record_files() = default;
  /// An empty file. Errors: IOError when the file exists and `overwrite` is false, or cannot be created.
  virtual std::unique_ptr<record_file> open(const std::string& path, bool overwrite) = 0;
  /// A file that open() made, to be written further; null when it is there no more. Errors: IOError when the disk
  /// refuses.
  virtual std::unique_ptr<record_file> go_on(const std::string& path) = 0;
};

/// The file system of this process, and its standard output under the path "-".
class system_record_files final : public record_files {
 public:
  std::unique_ptr<record_file> open(const std::string& path, bool overwrite) override;
  std::unique_ptr<record_file> go_on(const std::string& path) override;
};

}  // namespace volley::runtime
