// Saved networks as the kernel sees them: files of sections of bytes, each of which is there as a whole or not at all.
#pragma once
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace volley::runtime {

class network_writer {
 public:
  /// What was not finished is gone.
  virtual ~network_writer() = default;
  /// Errors: IOError when the disk refuses.
  virtual void add(std::span<const std::byte> section) = 0;
  /// The file is there from now on, with all sections, whatever happens to this machine. The same errors.
  virtual void finish() = 0;
};

class network_reader {
 public:
  virtual ~network_reader() = default;
  /// The next section; nothing behind the last. Errors: IOError when it is not as it was any more.
  virtual std::optional<std::vector<std::byte>> next() = 0;
};

class network_files {
 public:
  virtual ~network_files() = default;
  /// A file that is to come. Errors: IOError when one exists and `overwrite` is false, or none can be made.
  virtual std::unique_ptr<network_writer> create(const std::string& path, bool overwrite) = 0;
  /// A file that was read to its end and is what was written, by a build that computes the same. Errors: IOError, which
  /// says what is wrong with it.
  virtual std::unique_ptr<network_reader> open(const std::string& path) = 0;
};

}  // namespace volley::runtime
