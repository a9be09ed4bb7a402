// The actors of a worker process: one for each kernel that has placed something here, or wants modules. They share the
// lanes.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>

#include "actors/worker.hpp"
#include "caf/actor_system.hpp"

namespace volley::actors {

/// Thread safety: none.
class crew {
 public:
  /// `setup`: of all of them, but for the lane. REQUIRES: the system outlives it.
  crew(caf::actor_system& system, worker_setup setup) : system_(system), setup_(std::move(setup)) {}
  /// All end.
  ~crew();
  crew(const crew&) = delete;
  crew& operator=(const crew&) = delete;

  /// Goes to the kernel's actor, which the first placement or word on modules makes and told::leave ends.
  void take(runtime::cluster::order_message m);

 private:
  struct member {
    worker_actor who;
    std::size_t first_lane = 0;
  };
  std::size_t free_lane() const;

  caf::actor_system& system_;
  const worker_setup setup_;
  std::map<std::uint64_t, member> kernels_;  // by their epochs
};

}  // namespace volley::actors
