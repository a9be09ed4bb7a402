#include "actors/embedded.hpp"

#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "actors/host.hpp"
#include "actors/inbox.hpp"
#include "caf/send.hpp"
#include "runtime/kernel/modules.hpp"

namespace volley::actors {

namespace {

host_options to_host_options(const embedded_options& options, runtime::record_files& files,
                             const runtime::module_files& modules) {
  return {.vps = options.vps,
          .lanes = options.lanes != 0 ? options.lanes : runtime::usable_cores(),
          .files = &files,
          .data_path = options.data_path,
          .data_prefix = options.data_prefix,
          .memory_limit = runtime::memory_limit(std::getenv("VOLLEY_MEMORY_LIMIT")),
          .dry_run = options.dry_run,
          .first_generation = options.first_generation,
          .modules = &modules};
}

}  // namespace

struct embedded::state {
  explicit state(const embedded_options& options)
      // While a client waits for an answer at most one lane is at work for it: two threads are at it.
      : answers(std::make_shared<inbox>(runtime::spin_budget(2))),
        kernel(to_host_options(options, files, modules)),
        session(kernel.open(answers, role::admin, when_client_leaves::job_ends)) {}

  const pid_t process = ::getpid();
  runtime::system_record_files files;
  runtime::user_modules modules;
  std::shared_ptr<inbox> answers;
  host kernel;
  session_actor session;
};

embedded::embedded(const embedded_options& options) : state_(std::make_unique<state>(options)) {}

embedded::~embedded() {
  if (::getpid() != state_->process) static_cast<void>(state_.release());  // its threads live in the parent
}

embedded::state& embedded::here() const {
  if (::getpid() != state_->process)
    throw std::runtime_error("this process was forked from the one that holds the kernel; it has none of its threads");
  return *state_;
}

void embedded::send(protocol::frame f) { caf::anon_send(here().session, frame_arrived{std::move(f)}); }

std::optional<protocol::frame> embedded::receive(std::chrono::nanoseconds timeout) {
  return here().answers->receive(timeout);
}

}  // namespace volley::actors
