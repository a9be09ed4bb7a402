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
    : options_(options),
      config_(options.lanes),
      kernels_(options.most_kernels, [this](const kernel_place& where) { return make(where); }),
      system_(config_) {
  kernels_.keep("default");
  set_idle_work(system_, options.beside);
  leave_this_thread();
}

// The actor system waits for all its actors; sessions and VPs follow their supervisors.
host::~host() {
  kernels_.end();
  set_idle_work(system_, nullptr);
}

// Recorders of several kernels do not write to the same files, unless users say so. Each kernel has its epoch.
kernels::made host::make(const kernel_place& where) {
  const auto& o = options_;
  const bool is_default = where.number == 1;
  auto workers = o.workers;
  workers.options.epoch += where.number - 1;
  const auto state = o.keep(where);
  auto place = where;
  place.longest_run = o.longest_run;
  return {
      system_.spawn<supervisor>(runtime::kernel_options{.default_vps = o.vps,
                                                        .files = o.files,
                                                        .data_path = o.data_path,
                                                        .data_prefix = is_default ? o.data_prefix : where.name + "-",
                                                        .memory_limit = o.memory_limit,
                                                        .memory = where.memory,
                                                        .dry_run = o.dry_run,
                                                        .first_generation = o.first_generation,
                                                        .rank = place_of(o.workers),
                                                        .modules = o.modules,
                                                        .networks = o.networks},
                                workers, state, place),
      [folder = state.folder] {
        if (folder != nullptr) folder->forget();
      }};
}

void host::keep(const std::string& kernel) {
  kernels_.keep(kernel);
  leave_this_thread();
}

void host::give_up(std::size_t lane, const runtime::slice_place& at) {
  relieve_lane(system_, lane);
  kernels_.tell({at});
}

session_actor host::open(std::shared_ptr<outlet> client, role may, when_client_leaves policy, std::string name,
                         kernel_wish wish) {
  auto opened = system_.spawn<session>(++sessions_opened_, kernels_.open(wish), std::move(client), may, policy,
                                       options_.workers.others != nullptr, std::move(name), options_.audit);
  leave_this_thread();
  return opened;
}

}  // namespace volley::actors
