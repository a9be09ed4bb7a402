// A process with kernels in it: the lanes, the supervisors, and the sessions of who talks to them. An object and not
// an actor, because it begins before the actors and ends after them.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "actors/kernels.hpp"
#include "actors/lanes.hpp"
#include "actors/messages.hpp"
#include "actors/outlet.hpp"
#include "actors/session.hpp"
#include "actors/supervisor.hpp"
#include "caf/actor_system.hpp"
#include "caf/actor_system_config.hpp"
#include "runtime/exchange/parking.hpp"
#include "runtime/kernel/kernel.hpp"

namespace volley::actors {

struct host_options {
  std::int64_t vps = 1;  ///< total_num_virtual_procs of a fresh kernel
  std::size_t most_kernels = 1;
  std::size_t lanes = runtime::usable_cores();
  runtime::record_files* files = nullptr;  ///< REQUIRES: outlives the host
  std::string data_path, data_prefix;
  std::uint64_t memory_limit = runtime::no_memory_limit;      ///< bytes that all networks may take
  std::chrono::duration<double> longest_run = runs_any_time;  ///< see kernel_place
  bool dry_run = false;                                       ///< see runtime::kernel_options
  std::uint64_t first_generation = 1;                         ///< see runtime::kernel_options
  const runtime::module_files* modules = nullptr;             ///< see runtime::kernel_options
  runtime::network_files* networks = nullptr;                 ///< see runtime::kernel_options
  cluster_setup workers = {};                                 ///< who else computes; of the first kernel
  /// What of a kernel outlives the process.
  std::function<state_setup(const kernel_place&)> keep = [](const kernel_place&) { return state_setup(); };
  idle_work* beside = nullptr;  ///< of its lanes. REQUIRES: outlives the host
  audit_log* audit = nullptr;   ///< see session. REQUIRES: outlives the host
};

/// Thread safety: `open`, `keep`, `lose`, `give_up` by one thread; handles may be sent to by any.
class host {
 public:
  explicit host(const host_options& options);
  /// Ends the running jobs at once, tells every client goodbye, and joins the lanes.
  ~host();

  host(const host&) = delete;
  host& operator=(const host&) = delete;

  /// A session whose answers go to `client`, which is closed when the session ends.
  /// `name`: see session. Errors: KernelException where the kernel that it wants is not to be had.
  session_actor open(std::shared_ptr<outlet> client, role may, when_client_leaves policy, std::string name = {},
                     kernel_wish wish = {});

  /// So many were opened; the number of the last one.
  std::uint64_t sessions() const { return sessions_opened_; }

  /// Makes a kernel of this name, if there is none. Errors: as open.
  void keep(const std::string& kernel);
  /// For whoever watches them.
  caf::actor_system& lanes() { return system_; }
  /// The thread of this lane stands still there: another takes its place, and the kernel gives up the VP.
  void give_up(std::size_t lane, const runtime::slice_place& at);
  /// A kernel cannot go on, and why.
  void lose(const std::string& kernel, const std::string& why) { kernels_.lose(kernel, why); }

 private:
  struct on_lanes : caf::actor_system_config {
    explicit on_lanes(std::size_t lanes);
  };

  kernels::made make(const kernel_place& where);

  const host_options options_;
  on_lanes config_;
  kernels kernels_;  // before the actors, which hold leases
  caf::actor_system system_;
  std::uint64_t sessions_opened_ = 0;
};

}  // namespace volley::actors
