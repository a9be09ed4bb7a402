#include "actors/file_place.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "runtime/base/error.hpp"

namespace volley::actors {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t longest_name = 128;

/// Errors: IOError for what is there and no ordinary file. `follow`: AT_SYMLINK_NOFOLLOW or 0.
file_place found(const std::string& path, descriptor folder, std::string name, int follow) {
  struct stat about {};
  const bool exists = ::fstatat(folder.number(), name.c_str(), &about, follow) == 0;
  if (exists && !S_ISREG(about.st_mode)) refuse_file(path, "is no ordinary file");
  return {std::move(folder), std::move(name), exists};
}

}  // namespace

std::optional<std::size_t> read_some(const descriptor& from, std::span<std::byte> to) {
  std::size_t got = 0;
  while (got < to.size()) {
    const auto some = ::read(from.number(), to.data() + got, to.size() - got);
    if (some < 0 && errno == EINTR) continue;
    if (some < 0) return std::nullopt;
    if (some == 0) break;
    got += static_cast<std::size_t>(some);
  }
  return got;
}

bool write_all(const descriptor& to, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(to.number(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

bool is_plain(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  };
  return !name.empty() && name.size() <= longest_name && name.front() != '.' && std::ranges::all_of(name, allowed);
}

void refuse_file(const std::string& path, const std::string& why) {
  throw runtime::api_error(runtime::error_kind::IOError, "the file \"" + path.substr(0, 200) + "\" " + why);
}

descriptor::~descriptor() {
  if (number_ >= 0) ::close(number_);
}

file_place place_below(const std::string& path, const fs::path& root, int root_folder) {
  std::string_view below = path;
  if (const auto prefix = root.string() + "/"; below.starts_with(prefix)) below.remove_prefix(prefix.size());

  descriptor here(::fcntl(root_folder, F_DUPFD_CLOEXEC, 0));
  for (;;) {
    const auto slash = below.find('/');
    const std::string name(below.substr(0, slash));
    if (!is_plain(name))
      refuse_file(path,
                  "is not below the server's folder, or its name is not of letters, digits, \".\", \"_\" and \"-\"");
    if (slash == std::string_view::npos) return found(path, std::move(here), name, AT_SYMLINK_NOFOLLOW);
    here = descriptor(::openat(here.number(), name.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!here) refuse_file(path, "lies in a folder that the server does not have");
    below.remove_prefix(slash + 1);
  }
}

file_place place_of(const std::string& path) {
  const fs::path whole(path);
  if (path.find('\0') != std::string::npos || whole.filename().empty()) refuse_file(path, "has no name");
  const auto folder = whole.has_parent_path() ? whole.parent_path() : fs::path(".");
  descriptor opened(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!opened) refuse_file(path, std::string("lies in no folder: ") + std::strerror(errno));
  return found(path, std::move(opened), whole.filename().string(), 0);
}

}  // namespace volley::actors
