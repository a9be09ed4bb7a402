#include "actors/lanes.hpp"

namespace volley::actors {

void use_lanes(caf::actor_system_config& config, std::size_t count) {
  config.set("scheduler.max-threads", count);
  // A VP that is alone always has a message: without a limit nothing else would run on its lane before a run ends.
  config.set("scheduler.max-throughput", std::size_t{1});
  config.load<lane_coordinator>();
}

caf::execution_unit* lane_of(caf::actor_system& system, std::size_t number) {
  auto* coordinator = dynamic_cast<lane_coordinator*>(&system.scheduler());
  return coordinator ? coordinator->worker_by_id(number % coordinator->num_workers()) : nullptr;
}

runtime::slice_mark* mark_of(caf::execution_unit* lane) {
  return lane ? &static_cast<caf::scheduler::worker<lanes>*>(lane)->data().mark : nullptr;
}

std::vector<std::optional<runtime::slice_place>> slices_on_lanes(caf::actor_system& system) {
  std::vector<std::optional<runtime::slice_place>> all;
  auto* coordinator = dynamic_cast<lane_coordinator*>(&system.scheduler());
  for (std::size_t lane = 0; coordinator && lane < coordinator->num_workers(); ++lane)
    all.push_back(mark_of(coordinator->worker_by_id(lane))->read());
  return all;
}

void relieve_lane(caf::actor_system& system, std::size_t number) {
  auto& lane = *static_cast<lane_coordinator*>(&system.scheduler())->worker_by_id(number);
  lane.data().turn.fetch_add(1, std::memory_order_release);
  lane.data().mark.end();
  lane.get_thread().detach();
  lane.start();
}

void set_idle_work(caf::actor_system& system, idle_work* what) {
  auto* coordinator = dynamic_cast<lane_coordinator*>(&system.scheduler());
  if (coordinator) coordinator->data().beside.store(what, std::memory_order_release);
}

}  // namespace volley::actors
