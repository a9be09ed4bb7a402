// A disk that takes no more.
#pragma once
#include <sys/resource.h>

#include <csignal>
#include <cstdint>
#include <stdexcept>

namespace volley::actors {

/// While it lives, no file of this process grows beyond so many bytes.
class full_disk {
 public:
  explicit full_disk(std::uintmax_t bytes) : ignored_(std::signal(SIGXFSZ, SIG_IGN)) {
    if (::getrlimit(RLIMIT_FSIZE, &before_) != 0) throw std::runtime_error("no limit of files");
    const rlimit full{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &full);
  }
  ~full_disk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, ignored_);
  }
  full_disk(const full_disk&) = delete;
  full_disk& operator=(const full_disk&) = delete;

 private:
  void (*ignored_)(int);
  rlimit before_{};
};

}  // namespace volley::actors
