#include "actors/state_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iterator>
#include <random>
#include <set>
#include <stdexcept>
#include <utility>

#include "runtime/base/error.hpp"

namespace volley::actors {

namespace fs = std::filesystem;
namespace cluster = runtime::cluster;

namespace {

constexpr const char *checkpoint = "checkpoint-", *log_name = "log-", *of_kernel = "kernel-", *dropped = "dropped";

std::uint64_t drawn_identity() {
  std::random_device draw;
  return (std::uint64_t{draw()} << 32 | draw()) | 1;
}

/// Numbers of the files that are called so.
std::set<std::uint64_t> numbers_of(const fs::path& folder, std::string_view kind) {
  std::set<std::uint64_t> all;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const auto name = entry.path().filename().string();
    std::uint64_t number = 0;
    const auto* const end = name.data() + name.size();
    if (name.starts_with(kind) && std::from_chars(name.data() + kind.size(), end, number).ptr == end)
      all.insert(number);
  }
  return all;
}

[[noreturn]] void fail(const std::string& file, const char* why) {
  refuse_file(file, std::string(why) + ": " + std::strerror(errno));
}

void write_at(int file, std::span<const std::byte> bytes, std::uint64_t place, const std::string& told) {
  while (!bytes.empty()) {
    const auto written = ::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(place));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) fail(told, "cannot be written");
    bytes = bytes.subspan(static_cast<std::size_t>(written));
    place += static_cast<std::uint64_t>(written);
  }
}

void sync_folder(const fs::path& folder) {
  const descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened || ::fsync(opened.number()) != 0) fail(folder, "cannot be written");
}

}  // namespace

/// The log begins anew when the checkpoint is there.
class state_folder::checkpoint_writer final : public runtime::network_writer {
 public:
  checkpoint_writer(state_folder& to, std::uint64_t number)
      : to_(to), number_(number), file_(to.networks_.create(to.path(checkpoint, number), true)) {}
  void add(std::span<const std::byte> section) override { file_->add(section); }
  void finish() override {
    file_->finish();
    try {
      if (::chmod(to_.path(checkpoint, number_).c_str(), 0600) != 0) fail(to_.path(checkpoint, number_), "is not ours");
      to_.begin_log(number_);
    } catch (...) {
      // What comes next is behind the older checkpoint still: the newer one must not count.
      ::unlink(to_.path(checkpoint, number_).c_str());
      throw;
    }
    to_.forget_before(number_ - 1);
  }

 private:
  state_folder& to_;
  const std::uint64_t number_;
  std::unique_ptr<runtime::network_writer> file_;
};

state_folder::state_folder(fs::path folder) : folder_(std::move(folder)) {
  std::error_code failure;
  fs::create_directories(folder_.parent_path(), failure);
  if (::mkdir(folder_.c_str(), 0700) != 0 && errno != EEXIST)
    refuse("", std::string("cannot be made: ") + std::strerror(errno));
  struct stat about {};
  if (::stat(folder_.c_str(), &about) != 0 || !S_ISDIR(about.st_mode) || about.st_uid != ::geteuid() ||
      (about.st_mode & 0077) != 0)
    refuse("", "is no folder that this user alone may read and write (chmod 700)");
  lock_ = descriptor(::open((folder_ / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!lock_) refuse("/lock", std::string("cannot be opened: ") + std::strerror(errno));
  if (::flock(lock_.number(), LOCK_EX | LOCK_NB) != 0) refuse("", "belongs to a server that runs already");
  find();
}

state_folder::~state_folder() {
  std::error_code ignored;
  if (fs::exists(folder_ / dropped, ignored)) fs::remove_all(folder_, ignored);
}

// ---- one of several

// kernel-NAME.NUMBER: who comes after a dropped one has another number, and none of its files.
fs::path state_folder::another(const fs::path& folder, const std::string& name) {
  for (std::uint64_t number = 1;; ++number) {
    auto path = folder / (of_kernel + name + "." + std::to_string(number));
    if (!fs::exists(path)) return path;
  }
}

std::map<std::string, fs::path> state_folder::others(const fs::path& folder) {
  std::vector<fs::path> all;
  for (const auto& one : fs::directory_iterator(folder))
    if (one.path().filename().string().starts_with(of_kernel)) all.push_back(one.path());
  std::map<std::string, fs::path> found;
  for (const auto& one : all) {
    if (fs::exists(one / dropped))
      fs::remove_all(one);
    else
      found[one.stem().string().substr(std::string_view(of_kernel).size())] = one;
  }
  return found;
}

void state_folder::forget() {
  const descriptor mark(::open((folder_ / dropped).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!mark) fail(folder_ / dropped, "cannot be made");
  sync_folder(folder_);
}

void state_folder::refuse(const std::string& file, const std::string& why) const {
  throw std::runtime_error("the folder of state " + folder_.string() + file + " " + why);
}

std::string state_folder::path(const char* kind, std::uint64_t number) const {
  return folder_ / (kind + std::to_string(number));
}

// ---- restart

cluster::command_log state_folder::read_log(std::uint64_t number) const {
  std::ifstream file(path(log_name, number), std::ios::binary);
  if (!file) refuse("/" + (log_name + std::to_string(number)), "cannot be read");
  const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
  try {
    auto log = cluster::read_command_log(std::as_bytes(std::span(bytes)));
    if (log.number != number) throw cluster::damaged_log("is that of another checkpoint");
    return log;
  } catch (const cluster::damaged_log& damage) {
    refuse("/" + (log_name + std::to_string(number)), damage.what());
  }
}

// From the newest checkpoint that is whole, through all logs from there on. Only the last of these may end in a group
// that is not whole: the others were followed by a checkpoint.
void state_folder::find() {
  for (const auto& entry : fs::directory_iterator(folder_))
    if (entry.path().extension() == ".part") fs::remove(entry.path());  // of a server that died
  const auto logs = numbers_of(folder_, log_name), checkpoints = numbers_of(folder_, checkpoint);
  for (auto one = checkpoints.rbegin(); one != checkpoints.rend() && !found_.checkpoint; ++one) {
    number_ = *one;
    try {
      found_.checkpoint = networks_.open(path(checkpoint, *one));
    } catch (const runtime::api_error& damage) {
      found_.notes.push_back(damage.what());
    }
  }
  if (!found_.checkpoint) {
    number_ = 0;
    if (!logs.contains(0) && (!logs.empty() || !checkpoints.empty()))
      refuse("", "has no checkpoint that is whole" + (found_.notes.empty() ? "" : ": " + found_.notes.front()));
  }
  auto wanted = number_;
  for (auto at = logs.lower_bound(number_); at != logs.end(); ++at, ++wanted) {
    if (*at != wanted) refuse("", "lacks log-" + std::to_string(wanted));
    auto log = read_log(*at);
    const bool is_last = std::next(at) == logs.end();
    const auto size = fs::file_size(path(log_name, *at));
    if (!is_last && log.whole_bytes != size)
      refuse("/" + (log_name + std::to_string(*at)), "is damaged: a later log follows, but its end is not whole");
    if (kernel_ != 0 && kernel_ != log.kernel) refuse("/" + (log_name + std::to_string(*at)), "is of another kernel");
    kernel_ = log.kernel;
    number_ = *at;
    log_bytes_ = log.whole_bytes;
    std::ranges::move(log.records, std::back_inserter(found_.behind));
  }
  // A server may have died between a checkpoint and the log behind it, whose kernel the log before it tells.
  if (!logs.contains(number_)) {
    if (kernel_ == 0 && !logs.empty()) kernel_ = read_log(*logs.rbegin()).kernel;
    if (kernel_ == 0) kernel_ = drawn_identity();
    return begin_log(number_);
  }
  log_ = descriptor(::open(path(log_name, number_).c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
  if (!log_) refuse("", std::string("cannot be written: ") + std::strerror(errno));
  log_is_dirty_ = fs::file_size(path(log_name, number_)) != log_bytes_;
}

// ---- life

void state_folder::append(std::span<const cluster::logged::record> records) {
  const auto told = path(log_name, number_);
  if (std::exchange(log_is_dirty_, true) && ::ftruncate(log_.number(), static_cast<off_t>(log_bytes_)) != 0)
    fail(told, "cannot be cut");
  const auto group = cluster::group_of(records, log_bytes_);
  write_at(log_.number(), group, log_bytes_, told);
  if (::fdatasync(log_.number()) != 0) fail(told, "cannot be written");
  log_bytes_ += group.size();
  log_is_dirty_ = false;
}

void state_folder::begin_log(std::uint64_t number) {
  const auto told = path(log_name, number), passing = told + ".part";
  descriptor file(::open(passing.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) fail(told, "cannot be made");
  const auto head = cluster::begun_log(kernel_, number);
  write_at(file.number(), head, 0, told);
  if (::fsync(file.number()) != 0 || ::rename(passing.c_str(), told.c_str()) != 0) fail(told, "cannot be made");
  sync_folder(folder_);
  log_ = std::move(file);
  number_ = number;
  log_bytes_ = head.size();
  log_is_dirty_ = false;
}

std::unique_ptr<runtime::network_writer> state_folder::begin_checkpoint() {
  return std::make_unique<checkpoint_writer>(*this, number_ + 1);
}

// What cannot be removed is only in the way.
void state_folder::forget_before(std::uint64_t number) {
  for (const auto* kind : {checkpoint, log_name})
    for (const auto one : numbers_of(folder_, kind))
      if (one < number) ::unlink(path(kind, one).c_str());
}

}  // namespace volley::actors
