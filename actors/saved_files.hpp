// Saved networks on the disk. A file is
//   0   8 bytes "VLLYSAVE"; u32 format; u32 0; u64 arithmetic digest of the build; its release in 36 bytes; u32 CRC32C
//   64  sections: u64 length, u32 CRC32C of the content, u32 CRC32C of these 12 bytes, content
//   end u64 all ones, u32 0, u32 CRC32C as of a section, u64 digest of all bytes before it
// It is written under another name and gets its own when all of it is on the disk. Who opens one reads it to its end
// first: whatever was cut off or changed is found before anything is done with what is in it.
#pragma once
#include <filesystem>
#include <memory>
#include <string>

#include "actors/file_place.hpp"
#include "runtime/kernel/network_files.hpp"

namespace volley::actors {

/// Raised when a build reads sections in another way than those before.
inline constexpr std::uint32_t saved_format = 2;

/// Files of this process's own user.
class system_saved_files final : public runtime::network_files {
 public:
  std::unique_ptr<runtime::network_writer> create(const std::string& path, bool overwrite) override;
  std::unique_ptr<runtime::network_reader> open(const std::string& path) override;
};

/// Files that clients of a server name: below one folder, and nothing else, as their recorders' files are.
class rooted_saved_files final : public runtime::network_files {
 public:
  /// Throws std::system_error when the folder cannot be opened.
  explicit rooted_saved_files(const std::filesystem::path& root);
  std::unique_ptr<runtime::network_writer> create(const std::string& path, bool overwrite) override;
  std::unique_ptr<runtime::network_reader> open(const std::string& path) override;

 private:
  const std::filesystem::path root_;
  const descriptor folder_;
};

}  // namespace volley::actors
