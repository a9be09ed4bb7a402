// A file by way of the open folder it lies in: what the folder's name means later does not matter.
#pragma once
#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace volley::actors {

/// A descriptor that is closed when nobody needs it.
class descriptor {
 public:
  explicit descriptor(int number = -1) : number_(number) {}
  ~descriptor();
  descriptor(descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }

  int number() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }

 private:
  int number_;
};

/// Fills `to` as far as there is something; nothing where it cannot be read (errno tells why).
std::optional<std::size_t> read_some(const descriptor& from, std::span<std::byte> to);
/// False where it cannot be written as a whole (errno tells why).
bool write_all(const descriptor& to, std::span<const std::byte> bytes);

struct file_place {
  descriptor folder;
  std::string name;
  bool exists;
  /// For calls that take no folder.
  std::string path() const { return "/proc/self/fd/" + std::to_string(folder.number()) + "/" + name; }
};

/// Where a client of a server means. `path`: relative to the root, whose folder is open, or absolute and below it. Each
/// name in it is_plain(); no link is followed.
/// Errors: IOError, which tells no path outside the root.
file_place place_below(const std::string& path, const std::filesystem::path& root, int root_folder);

/// Where this process's own user means. Errors: IOError where there is no such folder.
file_place place_of(const std::string& path);

/// A name of letters, digits, ".", "_" and "-", at most 128, that begins with no dot.
bool is_plain(std::string_view name);

/// Throws IOError: the file `path` ... Long names are cut.
[[noreturn]] void refuse_file(const std::string& path, const std::string& why);

}  // namespace volley::actors
