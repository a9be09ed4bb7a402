// Actors on CAF's deterministic scheduler: one thread, one message at a time, in an order drawn from a seed.
#pragma once
#include <cstdint>
#include <random>
#include <utility>

#include "caf/actor_system.hpp"
#include "caf/actor_system_config.hpp"
#include "caf/scheduler/test_coordinator.hpp"

namespace volley::actors {

class staged_system {
 public:
  explicit staged_system(std::uint64_t seed = 0) : system(config), random_(seed) {}
  ~staged_system() { settle(); }

  /// One message is handled. False when none is left.
  bool step() {
    auto& jobs = scheduler().jobs;
    if (jobs.empty()) return false;
    std::swap(jobs.front(), jobs[random_() % jobs.size()]);
    return scheduler().try_run_once();
  }
  /// Until nothing moves.
  void settle() {
    while (step()) {
    }
  }
  caf::scheduler::test_coordinator& scheduler() {
    return dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  }

 private:
  struct test_config : caf::actor_system_config {
    test_config() { set("scheduler.policy", caf::atom("testing")); }
  };
  test_config config;

 public:
  caf::actor_system system;

 private:
  std::mt19937_64 random_;
};

}  // namespace volley::actors
