// A process with a kernel in it: the lanes, the supervisor, and the sessions of whoever talks to it. An object and not
// an actor, because it begins before the actors and ends after them.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

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
  std::size_t lanes = runtime::usable_cores();
  runtime::record_files* files = nullptr;  ///< REQUIRES: outlives the host
  std::string data_path, data_prefix;
  std::uint64_t memory_limit = runtime::no_memory_limit;  ///< bytes that the network may take
  bool dry_run = false;                                   ///< see runtime::kernel_options
  std::uint64_t first_generation = 1;                     ///< see runtime::kernel_options
  const runtime::module_files* modules = nullptr;         ///< see runtime::kernel_options
  runtime::network_files* networks = nullptr;             ///< see runtime::kernel_options
  cluster_setup workers = {};                             ///< who else computes
  state_setup state = {};                                 ///< what outlives the process
  idle_work* beside = nullptr;                            ///< of its lanes. REQUIRES: outlives the host
};

/// Thread safety: `open` by one thread; handles may be sent to by any.
class host {
 public:
  explicit host(const host_options& options);
  /// Ends the running job at once, tells every client goodbye, and joins the lanes.
  ~host();

  host(const host&) = delete;
  host& operator=(const host&) = delete;

  /// A session whose answers go to `client`, which is closed when the session ends.
  /// `name`: see session.
  session_actor open(std::shared_ptr<outlet> client, role may, when_client_leaves policy, std::string name = {});

  const supervisor_actor& kernel() const { return supervisor_; }

 private:
  struct on_lanes : caf::actor_system_config {
    explicit on_lanes(std::size_t lanes);
  };

  on_lanes config_;
  caf::actor_system system_;
  supervisor_actor supervisor_;
  const bool is_ranked_;
  std::uint64_t sessions_opened_ = 0;
};

}  // namespace volley::actors
