#include "actors/lanes.hpp"

namespace volley::actors {

void use_lanes(caf::actor_system_config& config, std::size_t count) {
  config.set("scheduler.max-threads", count);
  config.load<lane_coordinator>();
}

caf::execution_unit* lane_of(caf::actor_system& system, std::size_t number) {
  auto* coordinator = dynamic_cast<lane_coordinator*>(&system.scheduler());
  return coordinator ? coordinator->worker_by_id(number % coordinator->num_workers()) : nullptr;
}

}  // namespace volley::actors
