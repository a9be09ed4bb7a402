#include "actors/saved_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <span>
#include <system_error>
#include <utility>
#include <vector>

#include "protocol/crc32c.hpp"
#include "runtime/base/digest.hpp"
#include "runtime/base/release.hpp"
#include "runtime/cluster/admission.hpp"

namespace volley::actors {

namespace fs = std::filesystem;

namespace {

constexpr std::array<char, 8> magic{'V', 'L', 'L', 'Y', 'S', 'A', 'V', 'E'};
constexpr std::uint64_t behind_the_last = ~std::uint64_t{0};
constexpr std::size_t piece_bytes = std::size_t{1} << 20;  // at a time: what is announced is not trusted

struct file_head {
  std::array<char, 8> name = magic;
  std::uint32_t format = saved_format, zero = 0;
  std::uint64_t arithmetic = 0;
  std::array<char, 36> release{};
  std::uint32_t crc = 0;  ///< of the bytes before it
};
static_assert(sizeof(file_head) == 64);

struct section_head {
  std::uint64_t length = 0;
  std::uint32_t crc = 0, own_crc = 0;
};
static_assert(sizeof(section_head) == 16);

template <class Head> std::span<std::byte> bytes_of(Head& head) { return std::as_writable_bytes(std::span(&head, 1)); }

/// Of all of a head but its last 4 bytes, which are this.
template <class Head> std::uint32_t crc_of(Head& head) {
  return protocol::crc32c(bytes_of(head).first(sizeof(Head) - sizeof(std::uint32_t)));
}

file_head head_of_this_build() {
  file_head head;
  head.arithmetic = runtime::cluster::arithmetic_digest();
  std::snprintf(head.release.data(), head.release.size(), "%s", runtime::release);
  head.crc = crc_of(head);
  return head;
}

/// The digest of a file, piece by piece, so that a reader need not hold a section.
void add(runtime::digest& sum, std::span<const std::byte> bytes) {
  for (; !bytes.empty(); bytes = bytes.subspan(std::min(bytes.size(), piece_bytes))) {
    const auto piece = bytes.first(std::min(bytes.size(), piece_bytes));
    sum.add(piece.data(), piece.size());
  }
}

// ---- writing

/// Tells several in one process apart.
std::string passing_name(const std::string& name) {
  static std::atomic<unsigned> made{0};
  return name + "." + std::to_string(::getpid()) + "-" + std::to_string(++made) + ".part";
}

class file_writer final : public runtime::network_writer {
 public:
  file_writer(std::string told, file_place where, bool overwrite)
      : told_(std::move(told)), where_(std::move(where)), overwrite_(overwrite), passing_(passing_name(where_.name)) {
    if (where_.exists && !overwrite) refuse_existing();
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
    file_ = descriptor(::openat(where_.folder.number(), passing_.c_str(), flags, 0640));
    if (!file_) refuse("cannot be made");
    auto head = head_of_this_build();
    put(bytes_of(head));
  }
  ~file_writer() override {
    if (file_) ::unlinkat(where_.folder.number(), passing_.c_str(), 0);
  }

  void add(std::span<const std::byte> section) override { put_section(section.size(), section); }

  void finish() override {
    put_section(behind_the_last, {});
    auto sum = sum_.value();
    write(bytes_of(sum));
    if (::fsync(file_.number()) != 0) refuse("cannot be written");
    const int folder = where_.folder.number();
    const auto rename = [&](unsigned flags) {
      return ::renameat2(folder, passing_.c_str(), folder, where_.name.c_str(), flags) == 0;
    };
    bool renamed = rename(overwrite_ ? 0 : RENAME_NOREPLACE);
    if (!renamed && errno == EINVAL) renamed = rename(0);  // some disks cannot be asked to replace nothing
    if (!renamed && errno == EEXIST) refuse_existing();    // somebody has come first
    if (!renamed) refuse("cannot be made");
    file_ = descriptor();
    const descriptor opened(::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!opened || ::fsync(opened.number()) != 0) refuse("was written, but its folder cannot be");
  }

 private:
  [[noreturn]] void refuse(const char* why) const {
    refuse_file(told_, std::string(why) + ": " + std::strerror(errno));
  }
  [[noreturn]] void refuse_existing() const {
    refuse_file(told_, "exists already; set overwrite_files to replace it, or choose another name");
  }
  void put_section(std::uint64_t length, std::span<const std::byte> content) {
    section_head head{length, content.empty() ? 0 : protocol::crc32c(content), 0};
    head.own_crc = crc_of(head);
    put(bytes_of(head));
    put(content);
  }
  void put(std::span<const std::byte> bytes) {
    actors::add(sum_, bytes);
    write(bytes);
  }
  void write(std::span<const std::byte> bytes) {
    if (!write_all(file_, bytes)) refuse("cannot be written");
  }

  const std::string told_;
  const file_place where_;
  const bool overwrite_;
  const std::string passing_;
  descriptor file_;
  runtime::digest sum_;
};

// ---- reading

class file_reader final : public runtime::network_reader {
 public:
  /// `follow`: 0 or O_NOFOLLOW.
  file_reader(std::string told, const file_place& where, int follow) : told_(std::move(told)) {
    const int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | follow;
    file_ = descriptor(::openat(where.folder.number(), where.name.c_str(), flags));
    if (!file_) refuse_file(told_, std::string("cannot be read: ") + std::strerror(errno));
    verify();
    if (::lseek(file_.number(), sizeof(file_head), SEEK_SET) < 0) refuse("cannot be read");
    section_ = 0;
  }

  std::optional<std::vector<std::byte>> next() override {
    const auto head = read_section_head();
    if (head.length == behind_the_last) return std::nullopt;
    std::vector<std::byte> content;
    read_content(head,
                 [&](std::span<const std::byte> piece) { content.insert(content.end(), piece.begin(), piece.end()); });
    return content;
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const { refuse_file(told_, why); }

  /// Reads it to its end.
  void verify() {
    read_head();
    for (section_ = 0;; ++section_) {
      auto head = read_section_head();
      add(sum_, bytes_of(head));
      if (head.length == behind_the_last) break;
      read_content(head, [&](std::span<const std::byte> piece) { sum_.add(piece.data(), piece.size()); });
    }
    std::uint64_t sum = 0;
    read(bytes_of(sum));
    if (sum != sum_.value()) refuse("is damaged: its digest is not that of its content");
    std::byte more{};
    if (read_some(std::span(&more, 1)) != 0) refuse("is damaged: there is something behind its end");
  }

  void read_head() {
    file_head head;
    const auto got = read_some(bytes_of(head));
    if (!std::equal(magic.begin(), magic.begin() + std::min(got, magic.size()), head.name.begin()) || got == 0)
      refuse("is no saved network");
    if (got < sizeof head) refuse("is cut off");
    const std::string release(head.release.data(), ::strnlen(head.release.data(), head.release.size()));
    if (head.crc != crc_of(head)) refuse("is damaged: its head is not what was written");
    if (head.format != saved_format)
      refuse("was saved by release " + release + " in format " + std::to_string(head.format) + "; this one, " +
             runtime::release + ", reads format " + std::to_string(saved_format));
    if (head.arithmetic != runtime::cluster::arithmetic_digest())
      refuse("was saved by release " + release + ", which draws or computes other numbers than this one, " +
             runtime::release + ": it would not go on as it began");
    add(sum_, bytes_of(head));
  }

  section_head read_section_head() {
    section_head head;
    read(bytes_of(head));
    if (head.own_crc != crc_of(head)) refuse_section();
    return head;
  }

  template <class Take> void read_content(const section_head& head, Take&& take) {
    std::uint32_t crc = 0;
    for (auto left = head.length; left > 0;) {
      piece_.resize(std::min<std::uint64_t>(left, piece_bytes));
      read(piece_);
      crc = protocol::crc32c(piece_, crc);
      take(std::span<const std::byte>(piece_));
      left -= piece_.size();
    }
    if (crc != head.crc) refuse_section();
  }
  [[noreturn]] void refuse_section() const {
    refuse("is damaged: section " + std::to_string(section_) + " is not what was written");
  }

  void read(std::span<std::byte> to) {
    if (read_some(to) != to.size()) refuse("is cut off: it ends within section " + std::to_string(section_));
  }
  std::size_t read_some(std::span<std::byte> to) {
    const auto got = actors::read_some(file_, to);
    if (!got) refuse(std::string("cannot be read: ") + std::strerror(errno));
    return *got;
  }

  const std::string told_;
  descriptor file_;
  runtime::digest sum_;
  std::size_t section_ = 0;
  std::vector<std::byte> piece_;
};

}  // namespace

std::unique_ptr<runtime::network_writer> system_saved_files::create(const std::string& path, bool overwrite) {
  return std::make_unique<file_writer>(path, place_of(path), overwrite);
}

std::unique_ptr<runtime::network_reader> system_saved_files::open(const std::string& path) {
  return std::make_unique<file_reader>(path, place_of(path), 0);
}

rooted_saved_files::rooted_saved_files(const fs::path& root)
    : root_(fs::canonical(root)), folder_(::open(root_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {
  if (!folder_) throw std::system_error(errno, std::generic_category(), "cannot open the folder " + root.string());
}

std::unique_ptr<runtime::network_writer> rooted_saved_files::create(const std::string& path, bool overwrite) {
  return std::make_unique<file_writer>(path, place_below(path, root_, folder_.number()), overwrite);
}

std::unique_ptr<runtime::network_reader> rooted_saved_files::open(const std::string& path) {
  return std::make_unique<file_reader>(path, place_below(path, root_, folder_.number()), O_NOFOLLOW);
}

}  // namespace volley::actors
