#include "actors/rooted_record_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <system_error>
#include <utility>

#include "runtime/base/error.hpp"

namespace volley::actors {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t longest_name = 128;

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw runtime::api_error(runtime::error_kind::IOError, "the file \"" + path.substr(0, 200) + "\" " + why);
}

bool is_plain(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  };
  return !name.empty() && name.size() <= longest_name && name.front() != '.' && std::ranges::all_of(name, allowed);
}

// A descriptor that is closed when nobody needs it.
class folder {
 public:
  explicit folder(int descriptor) : descriptor_(descriptor) {}
  ~folder() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  folder(folder&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  folder& operator=(const folder&) = delete;

  int descriptor() const { return descriptor_; }
  bool enter(const std::string& name) {
    const int next = ::openat(descriptor_, name.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (next < 0) return false;
    ::close(std::exchange(descriptor_, next));
    return true;
  }

 private:
  int descriptor_;
};

// A file by way of the open folder it lies in: what the folder's name means now does not matter.
struct place {
  folder here;
  std::string name;
  bool exists;
  std::string path() const { return "/proc/self/fd/" + std::to_string(here.descriptor()) + "/" + name; }
};

// Errors: IOError where no ordinary file can be.
place find(const std::string& path, const fs::path& root, int root_folder) {
  std::string_view below = path;
  if (const auto prefix = root.string() + "/"; below.starts_with(prefix)) below.remove_prefix(prefix.size());

  folder here(::fcntl(root_folder, F_DUPFD_CLOEXEC, 0));
  std::string name;
  for (;;) {
    const auto slash = below.find('/');
    name = below.substr(0, slash);
    if (!is_plain(name))
      refuse(path, "is not below the server's folder, or its name is not of letters, digits, \".\", \"_\" and \"-\"");
    if (slash == std::string_view::npos) break;
    if (!here.enter(name)) refuse(path, "lies in a folder that the server does not have");
    below.remove_prefix(slash + 1);
  }

  struct stat found {};
  const bool exists = ::fstatat(here.descriptor(), name.c_str(), &found, AT_SYMLINK_NOFOLLOW) == 0;
  if (exists && !S_ISREG(found.st_mode)) refuse(path, "is no ordinary file");
  return {std::move(here), std::move(name), exists};
}

// What the system refuses, told without a path outside the root.
template <class Open> std::unique_ptr<runtime::record_file> opened(const std::string& path, Open&& open) {
  try {
    return open();
  } catch (const runtime::api_error&) {
    refuse(path, std::string("cannot be written: ") + std::strerror(errno));
  }
}

}  // namespace

rooted_record_files::rooted_record_files(const fs::path& root)
    : root_(fs::canonical(root)), folder_(::open(root_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {
  if (folder_ < 0) throw std::system_error(errno, std::generic_category(), "cannot open the folder " + root.string());
}

rooted_record_files::~rooted_record_files() { ::close(folder_); }

std::unique_ptr<runtime::record_file> rooted_record_files::open(const std::string& path, bool overwrite) {
  if (path == "-") return system_.open(path, overwrite);
  const auto where = find(path, root_, folder_);
  if (where.exists && !overwrite)
    refuse(path, "exists already; set overwrite_files to replace it, or change data_path, data_prefix or label");
  return opened(path, [&] { return system_.open(where.path(), overwrite); });
}

std::unique_ptr<runtime::record_file> rooted_record_files::go_on(const std::string& path) {
  const auto where = find(path, root_, folder_);
  return opened(path, [&] { return system_.go_on(where.path()); });
}

}  // namespace volley::actors
