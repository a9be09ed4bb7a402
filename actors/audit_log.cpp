#include "actors/audit_log.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <stdexcept>
#include <utility>

namespace volley::actors {
namespace {

constexpr std::size_t longest = 200;

std::string now() {
  const auto time = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm utc{};
  ::gmtime_r(&time, &utc);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text;
}

/// A text of strangers cannot end a line or begin another.
std::string printable(std::string_view text) {
  std::string safe;
  for (const unsigned char c : text.substr(0, longest)) {
    if (c >= ' ' && c < 0x7f && c != '\\') {
      safe += static_cast<char>(c);
      continue;
    }
    char escaped[8];
    std::snprintf(escaped, sizeof escaped, "\\x%02x", c);
    safe += escaped;
  }
  return text.size() > longest ? safe + "..." : safe;
}

}  // namespace

audit_log::audit_log(std::filesystem::path file, std::uint64_t most_bytes)
    : file_(std::move(file)), most_bytes_(most_bytes) {
  open();
}

void audit_log::open() {
  constexpr int how = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW;
  opened_ = descriptor(::open(file_.c_str(), how, 0600));
  struct stat about {};
  if (!opened_ || ::fstat(opened_.number(), &about) != 0 || !S_ISREG(about.st_mode))
    throw std::runtime_error("the audit log " + file_.string() + " cannot be written: " + std::strerror(errno));
  bytes_ = static_cast<std::uint64_t>(about.st_size);
}

void audit_log::add(std::string_view who, std::string_view what, std::string_view outcome) {
  const auto line = now() + " " + printable(who) + ": " + printable(what) + ": " + printable(outcome) + "\n";
  const std::lock_guard guard(mutex_);
  try {
    if (bytes_ != 0 && bytes_ + line.size() > most_bytes_) {
      std::filesystem::rename(file_, file_.string() + ".1");
      opened_ = descriptor();
    }
    if (!opened_) open();
    if (::write(opened_.number(), line.data(), line.size()) != static_cast<ssize_t>(line.size()))
      throw std::runtime_error("the audit log cannot be written: " + std::string(std::strerror(errno)));
    bytes_ += line.size();
    is_refused_ = false;
  } catch (const std::exception& why) {
    if (!std::exchange(is_refused_, true)) std::fprintf(stderr, "volley-server: %s\n", why.what());
  }
}

}  // namespace volley::actors
