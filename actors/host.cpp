#include "actors/host.hpp"

#include <utility>

#include "caf/logger.hpp"
#include "caf/send.hpp"

namespace volley::actors {

host::on_lanes::on_lanes(std::size_t lanes) { use_lanes(*this, lanes); }

namespace {

// A thread that makes a system, or an actor in it, has it as its current one from then on, and the end of the system
// waits for all such threads: it could not end on another one.
void leave_this_thread() { caf::logger::set_current_actor_system(nullptr); }

runtime::rank_place place_of(const cluster_setup& workers) {
  return workers.others != nullptr ? workers.others->place() : runtime::rank_place();
}

}  // namespace

host::host(const host_options& options)
    : config_(options.lanes),
      system_(config_),
      supervisor_(system_.spawn<supervisor>(
          runtime::kernel_options{options.vps, options.files, options.data_path, options.data_prefix,
                                  options.memory_limit, options.dry_run, options.first_generation,
                                  place_of(options.workers), options.modules, options.networks},
          options.workers, options.state)),
      is_ranked_(options.workers.others != nullptr) {
  set_idle_work(system_, options.beside);
  leave_this_thread();
}

// The actor system waits for all its actors; sessions and VPs follow their supervisor.
host::~host() {
  caf::anon_send_exit(supervisor_, caf::exit_reason::user_shutdown);
  set_idle_work(system_, nullptr);
  supervisor_ = nullptr;
}

session_actor host::open(std::shared_ptr<outlet> client, role may, when_client_leaves policy, std::string name) {
  auto opened = system_.spawn<session>(++sessions_opened_, supervisor_, std::move(client), may, policy, is_ranked_,
                                       std::move(name));
  leave_this_thread();
  return opened;
}

}  // namespace volley::actors
