#include "actors/rooted_record_files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "actors/file_place.hpp"
#include "runtime/base/error.hpp"

namespace volley::actors {

namespace fs = std::filesystem;

namespace {

// What the system refuses, told without a path outside the root.
template <class Open> std::unique_ptr<runtime::record_file> opened(const std::string& path, Open&& open) {
  try {
    return open();
  } catch (const runtime::api_error&) {
    refuse_file(path, std::string("cannot be written: ") + std::strerror(errno));
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
  const auto where = place_below(path, root_, folder_);
  if (where.exists && !overwrite)
    refuse_file(path, "exists already; set overwrite_files to replace it, or change data_path, data_prefix or label");
  return opened(path, [&] { return system_.open(where.path(), overwrite); });
}

std::unique_ptr<runtime::record_file> rooted_record_files::go_on(const std::string& path) {
  const auto where = place_below(path, root_, folder_);
  return opened(path, [&] { return system_.go_on(where.path()); });
}

}  // namespace volley::actors
