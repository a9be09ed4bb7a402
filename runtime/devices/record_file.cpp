#include "runtime/devices/record_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "runtime/base/error.hpp"

namespace volley::runtime {
namespace {

class descriptor_file final : public record_file {
 public:
  descriptor_file(int descriptor, std::string path, bool owned)
      : descriptor_(descriptor), path_(std::move(path)), owned_(owned) {}
  ~descriptor_file() override {
    if (owned_) ::close(descriptor_);
  }
  void append(std::string_view text) override {
    if (owned_) ::lseek(descriptor_, 0, SEEK_END);
    put(text, [this](std::string_view rest) { return ::write(descriptor_, rest.data(), rest.size()); });
  }
  void write(std::uint64_t at, std::string_view content) override {
    put(content, [this, end = at + content.size()](std::string_view rest) {
      return ::pwrite(descriptor_, rest.data(), rest.size(), static_cast<off_t>(end - rest.size()));
    });
  }
  void cut(std::uint64_t length) override {
    struct stat now {};
    const bool done = ::fstat(descriptor_, &now) == 0 && (std::cmp_less_equal(now.st_size, length) ||
                                                          ::ftruncate(descriptor_, static_cast<off_t>(length)) == 0);
    if (!done) throw api_error(error_kind::IOError, "cutting \"" + path_ + "\": " + std::strerror(errno));
  }

 private:
  template <class Write> void put(std::string_view text, Write&& some) {
    while (!text.empty()) {
      const auto written = some(text);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) throw api_error(error_kind::IOError, "writing \"" + path_ + "\": " + std::strerror(errno));
      text.remove_prefix(static_cast<std::size_t>(written));
    }
  }

  int descriptor_;
  std::string path_;
  bool owned_;
};

}  // namespace

std::unique_ptr<record_file> system_record_files::open(const std::string& path, bool overwrite) {
  if (path == "-") return std::make_unique<descriptor_file>(STDOUT_FILENO, "standard output", false);
  const int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | (overwrite ? O_TRUNC : O_EXCL);
  const int descriptor = ::open(path.c_str(), flags, 0640);
  if (descriptor >= 0) return std::make_unique<descriptor_file>(descriptor, path, true);
  if (errno == EEXIST) {
    throw api_error(
        error_kind::IOError,
        "the file \"" + path +
            "\" exists already; set overwrite_files to replace it, or change data_path, data_prefix or label");
  }
  throw api_error(error_kind::IOError, "creating \"" + path + "\": " + std::strerror(errno));
}

std::unique_ptr<record_file> system_record_files::go_on(const std::string& path) {
  // Not O_APPEND, with which a file takes everything at its end.
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
  if (descriptor >= 0) return std::make_unique<descriptor_file>(descriptor, path, true);
  if (errno == ENOENT) return nullptr;
  throw api_error(error_kind::IOError, "going on with \"" + path + "\": " + std::strerror(errno));
}

}  // namespace volley::runtime
