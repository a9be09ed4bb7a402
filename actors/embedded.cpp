#include "actors/embedded.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "actors/host.hpp"
#include "actors/inbox.hpp"
#include "actors/rank_launch.hpp"
#include "actors/ranks.hpp"
#include "actors/saved_files.hpp"
#include "caf/send.hpp"
#include "runtime/kernel/modules.hpp"

namespace volley::actors {

namespace {

host_options to_host_options(const embedded_options& options, runtime::record_files& files,
                             const runtime::module_files& modules, runtime::network_files& networks, ranks* others) {
  const char* const wish = std::getenv("VOLLEY_MEMORY_LIMIT");
  host_options host{.vps = options.vps,
                    .lanes = options.lanes != 0 ? options.lanes : runtime::usable_cores(),
                    .files = &files,
                    .data_path = options.data_path,
                    .data_prefix = options.data_prefix,
                    .memory_limit = runtime::memory_limit(wish),
                    .dry_run = options.dry_run,
                    .first_generation = options.first_generation,
                    .modules = &modules,
                    .networks = &networks};
  if (others == nullptr) return host;
  const auto count = others->place().count, neighbours = others->neighbours();
  host.vps *= count;
  if (options.lanes == 0)
    host.lanes = lanes_of_rank(host.lanes, static_cast<std::size_t>(::sysconf(_SC_NPROCESSORS_ONLN)), neighbours);
  host.memory_limit = memory_limit_of_ranks(host.memory_limit, wish != nullptr && *wish != '\0', count, neighbours);
  host.workers.others = others;
  host.beside = others;
  return host;
}

/// A dry run is each rank's own.
std::unique_ptr<ranks> join_others(const embedded_options& options) {
  if (options.dry_run) return nullptr;
  const auto limits = rank_limits_of_environment();
  auto post = join_ranks();
  if (post == nullptr) return nullptr;
  const auto say = [](const std::string& text) { std::fprintf(stderr, "volley: %s\n", text.c_str()); };
  return std::make_unique<ranks>(std::move(post), limits, say);
}

// While a client waits for an answer at most one lane is at work for it: two threads are at it.
std::chrono::nanoseconds spin_of_client(const ranks* others) {
  return others != nullptr && others->is_crowded() ? std::chrono::nanoseconds(0) : runtime::spin_budget(2);
}

}  // namespace

struct embedded::state {
  explicit state(const embedded_options& options)
      : others(join_others(options)),
        answers(std::make_shared<inbox>(spin_of_client(others.get()))),
        kernel(to_host_options(options, files, modules, networks, others.get())),
        session(kernel.open(answers, role::admin, when_client_leaves::job_ends)) {}

  const pid_t process = ::getpid();
  runtime::system_record_files files;
  runtime::user_modules modules;
  system_saved_files networks;
  std::unique_ptr<ranks> others;  // null: there are none
  std::shared_ptr<inbox> answers;
  host kernel;
  session_actor session;
};

bool is_one_of_several_ranks() { return launch_of_ranks().several; }

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
