// What the library offers to a process that is one of several ranks: the way to the others. It is loaded there alone.
// MPI is begun once in a process, whatever kernels come and go; so this is the one place with something for all of it.
#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <memory>
#include <string>

#include "actors/mpi/mpi_post.hpp"
#include "protocol/release.hpp"

namespace {

using namespace volley::actors;

struct whole_process {
  pid_t process = 0;
  std::unique_ptr<mpi_world> world;
  std::weak_ptr<mpi_post> open;
  std::uint64_t epoch = 0;
};

// It stays: threads may still be at it when the process ends.
whole_process& here() {
  static auto* const whole = new whole_process;
  return *whole;
}

void end_mpi() {
  if (here().process == ::getpid()) here().world->end();
}

void begin_mpi() {
  if (here().world != nullptr) return;
  here().world = std::make_unique<mpi_world>();
  here().process = ::getpid();
  std::atexit(end_mpi);
}

}  // namespace

/// The way to the other ranks goes to `post`; null in a process that was forked from a rank, which is alone. False: why
/// not, in `failure`. REQUIRES: the caller is of the same build; `release` shows whether it may be.
extern "C" __attribute__((visibility("default"))) bool volley_open_ranks(const char* release,
                                                                         std::shared_ptr<rank_post>& post,
                                                                         std::string& failure) {
  post = nullptr;
  if (std::string(release) != volley::protocol::release) {
    failure = std::string("the library for MPI is of release ") + volley::protocol::release;
    return false;
  }
  if (here().world != nullptr && here().process != ::getpid()) return true;
  try {
    begin_mpi();
    if (!here().open.expired()) {
      failure = "this process has a kernel already: each rank has one";
      return false;
    }
    auto opened = std::make_shared<mpi_post>(*here().world, ++here().epoch);
    here().open = opened;
    post = std::move(opened);
    return true;
  } catch (const std::exception& fault) {
    failure = fault.what();
    return false;
  }
}
