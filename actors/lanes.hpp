// Our scheduler policy for CAF: one lane (thread) per core, VPs pinned to a lane, other actors on any.
// CAF's own policies give no parallelism at the grain of one interval: an idle worker sleeps 50 microseconds or more.
// An idle lane spins briefly, then parks on a futex that an enqueue rings; parked lanes cost nothing.
#pragma once
#include <atomic>
#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

#include "caf/actor_system.hpp"
#include "caf/actor_system_config.hpp"
#include "caf/detail/double_ended_queue.hpp"
#include "caf/logger.hpp"
#include "caf/policy/unprofiled.hpp"
#include "caf/resumable.hpp"
// What a worker does for CAF's log before each job: a dynamic_cast of a microsecond's quarter. Nobody logs.
#undef CAF_PUSH_AID_FROM_PTR
#define CAF_PUSH_AID_FROM_PTR(actor) static_cast<void>(0)
#include "caf/scheduler/coordinator.hpp"
#include "runtime/exchange/parking.hpp"
#include "runtime/exchange/slice_mark.hpp"

namespace volley::actors {

/// What lanes do beside, before they sleep. Thread safety: any lane may call.
class idle_work {
 public:
  virtual ~idle_work() = default;
  /// Without waiting. True: something was done, which may have made a job.
  virtual bool look() = 0;
  /// This lane sleeps now until something rings it. A length: it sleeps no longer, and looks again.
  virtual std::optional<std::chrono::nanoseconds> about_to_sleep() = 0;
  /// After a sleep of such a length.
  virtual void slept() {}

  std::atomic<int> lookers{0};  ///< lanes that will look again
};

/// Each lane has an inbox that it alone empties; jobs that threads outside bring go to a shared queue that the next
/// free lane empties. A job made by a running actor stays on its lane: no bell, and the cache is warm.
class lanes : public caf::policy::unprofiled {
 public:
  using queue = caf::detail::double_ended_queue<caf::resumable>;

  struct coordinator_data {
    explicit coordinator_data(caf::scheduler::abstract_coordinator*) {}
    queue shared;
    alignas(64) std::atomic<std::size_t> spinning{0};  ///< lanes that will look at `shared` without a bell
    std::atomic<idle_work*> beside{nullptr};
  };

  struct worker_data {
    explicit worker_data(caf::scheduler::abstract_coordinator* parent)
        : spin(runtime::spin_budget(parent->num_workers())), bell(spin) {}
    worker_data(const worker_data& other) : spin(other.spin), bell(spin) {}  // CAF makes each lane from one pattern
    std::chrono::nanoseconds spin;
    queue inbox;
    runtime::parking bell;
    runtime::slice_mark mark;
    std::atomic<unsigned> turn{0};  ///< counts its threads: the last one is in charge
  };

  template <class Coordinator> void central_enqueue(Coordinator* self, caf::resumable* job) {
    d(self).shared.append(job);
    call_a_lane(self);
  }

  template <class Worker> void external_enqueue(Worker* self, caf::resumable* job) {
    d(self).inbox.append(job);
    d(self).bell.ring();
  }

  /// Also called by other threads: a pinned actor is enqueued at its lane by whoever sends to it.
  template <class Worker> void internal_enqueue(Worker* self, caf::resumable* job) { external_enqueue(self, job); }

  template <class Worker> void resume_job_later(Worker* self, caf::resumable* job) { d(self).inbox.append(job); }

  // CAF notes for its log which actor a thread is at, with a lock and two searches each time; nobody logs.
  template <class Worker> void before_resume(Worker*, caf::resumable*) {
    caf::logger::set_current_actor_system(nullptr);
  }

  template <class Worker> caf::resumable* dequeue(Worker* self) {
    thread_local const auto turn = d(self).turn.load(std::memory_order_acquire);
    for (;;) {
      if (turn != d(self).turn.load(std::memory_order_relaxed)) return end_this_thread(self);
      if (auto job = take(self)) return job;
      wait(self);
    }
  }

  template <class Worker, class Function> void foreach_resumable(Worker* self, Function f) {
    while (auto job = d(self).inbox.take_head()) f(job);
  }

  template <class Coordinator, class Function> void foreach_central_resumable(Coordinator* self, Function f) {
    while (auto job = d(self).shared.take_head()) f(job);
  }

 private:
  // What it was at when another took its place is done now, and may have put a job into the inbox.
  template <class Worker> static caf::resumable* end_this_thread(Worker* self) {
    static class : public caf::resumable {
      resume_result resume(caf::execution_unit*, std::size_t) override { return shutdown_execution_unit; }
      void intrusive_ptr_add_ref_impl() override {}
      void intrusive_ptr_release_impl() override {}
    } last_job;
    d(self).bell.ring();
    return &last_job;
  }

  template <class Worker> static bool has_job(Worker* self) {
    return !d(self).inbox.empty() || !d(self->parent()).shared.empty();
  }

  // The shared queue goes first, so that a request is answered while VPs keep every lane busy.
  template <class Worker> static caf::resumable* take(Worker* self) {
    auto& shared = d(self->parent()).shared;
    if (!shared.empty()) {
      if (auto job = shared.take_head()) {
        if (!shared.empty()) call_a_lane(self->parent());
        return job;
      }
    }
    return d(self).inbox.empty() ? nullptr : d(self).inbox.take_head();
  }

  template <class Worker> static void wait(Worker* self) {
    auto& spinning = d(self->parent()).spinning;
    auto* const beside = d(self->parent()).beside.load(std::memory_order_acquire);
    const auto ready = [self] { return has_job(self); };
    spinning.fetch_add(1, std::memory_order_acq_rel);
    const bool found = beside ? look_and_spin(self, *beside) : d(self).bell.spin(ready);
    spinning.fetch_sub(1, std::memory_order_acq_rel);
    if (found) return;
    if (!beside) return void(d(self).bell.park(ready));
    for (;;) {
      const auto nap = beside->about_to_sleep();
      if (!nap) return void(d(self).bell.park(ready));
      const bool rung = d(self).bell.nap(ready, *nap);
      beside->slept();
      if (rung || (beside->look() && has_job(self))) return;
    }
  }

  template <class Worker> static bool look_and_spin(Worker* self, idle_work& beside) {
    beside.lookers.fetch_add(1, std::memory_order_acq_rel);
    const bool found = d(self).bell.spin([&] { return has_job(self) || (beside.look() && has_job(self)); });
    beside.lookers.fetch_sub(1, std::memory_order_acq_rel);
    return found;
  }

  // A lane that stops spinning changes the counter after this read-modify-write, and so sees the job; without such
  // a lane the bells of all are rung until one wakes.
  template <class Coordinator> static void call_a_lane(Coordinator* self) {
    if (d(self).spinning.fetch_add(0, std::memory_order_acq_rel) > 0) return;
    for (std::size_t lane = 0; lane < self->num_workers(); ++lane)
      if (d(self->worker_by_id(lane)).bell.ring()) return;
  }
};

using lane_coordinator = caf::scheduler::coordinator<lanes>;

/// Makes the actor system run on `count` lanes. Call before it is constructed.
void use_lanes(caf::actor_system_config& config, std::size_t count = runtime::usable_cores());

/// The lane with this number, modulo their count; null when the system does not run on lanes (in tests).
caf::execution_unit* lane_of(caf::actor_system& system, std::size_t number);

/// Where this lane says what it computes; null for no lane. REQUIRES: it is one of lane_of.
runtime::slice_mark* mark_of(caf::execution_unit* lane);

/// What each lane computes now. Thread safety: any thread may call.
std::vector<std::optional<runtime::slice_place>> slices_on_lanes(caf::actor_system& system);

/// The thread of this lane does not come out of a slice: another one takes its place. If it comes out after all, it
/// ends. REQUIRES: the system, which runs on lanes, does not end before it; one thread calls.
void relieve_lane(caf::actor_system& system, std::size_t number);

/// From now on idle lanes do this, too; null: nothing. REQUIRES: it outlives the system, which runs on lanes.
void set_idle_work(caf::actor_system& system, idle_work* what);

/// Gives an actor its lane: messages resume it there. Moving it to another lane is an assignment.
template <class Actor> class pinned : public Actor {
 public:
  pinned(caf::actor_config& config, caf::execution_unit* lane) : Actor(config), lane_(lane) {}

  using Actor::enqueue;
  void enqueue(caf::mailbox_element_ptr message, caf::execution_unit* sender) override {
    auto* lane = lane_.load(std::memory_order_relaxed);
    Actor::enqueue(std::move(message), lane ? lane : sender);
  }

  void launch(caf::execution_unit* parent, bool lazy, bool hide) override {
    auto* lane = lane_.load(std::memory_order_relaxed);
    Actor::launch(lane ? lane : parent, lazy, hide);
  }

  /// Holds from the next message that finds the mailbox empty.
  void pin(caf::execution_unit* lane) { lane_.store(lane, std::memory_order_relaxed); }

 private:
  std::atomic<caf::execution_unit*> lane_;
};

}  // namespace volley::actors
