#include "actors/lanes.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <future>
#include <thread>

#include "caf/all.hpp"

namespace {

using namespace volley::actors;

using tell_thread = caf::atom_constant<caf::atom("thread")>;
using hold_lane = caf::atom_constant<caf::atom("hold")>;
using move_there = caf::atom_constant<caf::atom("move")>;
using go_on = caf::atom_constant<caf::atom("go")>;

using asked = std::shared_ptr<std::promise<std::thread::id>>;
using latch = std::shared_ptr<std::promise<void>>;

}  // namespace

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(std::shared_ptr<std::promise<std::thread::id>>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(std::shared_ptr<std::promise<void>>)

namespace {

std::atomic<std::uint64_t> rounds_left;

class worker : public pinned<caf::event_based_actor> {
 public:
  worker(caf::actor_config& config, caf::execution_unit* lane) : pinned(config, lane) {}
  caf::behavior make_behavior() override {
    return {
        [](tell_thread, const asked& reply) { reply->set_value(std::this_thread::get_id()); },
        [](hold_lane, const latch& held, const latch& until) {
          held->set_value();
          until->get_future().wait();
        },
        [this](move_there, std::uint64_t number) { pin(lane_of(system(), number)); },
        [this](go_on) {
          if (rounds_left.fetch_sub(1) > 1) send(this, go_on::value);
        },
    };
  }
};

struct system_on_lanes {
  explicit system_on_lanes(std::size_t count) { use_lanes(config, count); }
  caf::actor spawn(std::size_t lane) { return system().spawn<worker>(lane_of(system(), lane)); }
  caf::actor_system& system() {
    if (!running) running = std::make_unique<caf::actor_system>(config);
    return *running;
  }
  caf::actor_system_config config;
  std::unique_ptr<caf::actor_system> running;
};

std::thread::id thread_of(const caf::actor& actor) {
  auto reply = std::make_shared<std::promise<std::thread::id>>();
  caf::anon_send(actor, tell_thread::value, reply);
  return reply->get_future().get();
}

void end(const caf::actor& actor) { caf::anon_send_exit(actor, caf::exit_reason::user_shutdown); }

TEST(lanes, go_on_by_another_thread_where_one_does_not_come_back) {
  system_on_lanes s(1);
  const auto stuck = s.spawn(0), other = s.spawn(0);
  const auto before = thread_of(other);
  const auto held = std::make_shared<std::promise<void>>(), until = std::make_shared<std::promise<void>>();
  caf::anon_send(stuck, hold_lane::value, held, until);
  held->get_future().wait();
  relieve_lane(s.system(), 0);
  const auto after = thread_of(other);
  EXPECT_NE(after, before);
  until->set_value();
  EXPECT_EQ(thread_of(stuck), after) << "the first thread has ended";
  for (int message = 0; message < 200; ++message) EXPECT_EQ(thread_of(other), after);
  end(stuck);
  end(other);
}

TEST(lanes, a_pinned_actor_always_runs_on_its_lane) {
  system_on_lanes s(3);
  const caf::actor actors[] = {s.spawn(0), s.spawn(1), s.spawn(2), s.spawn(3)};
  const auto first = thread_of(actors[0]), second = thread_of(actors[1]);
  EXPECT_NE(first, second);
  for (int message = 0; message < 200; ++message) {
    EXPECT_EQ(thread_of(actors[0]), first);
    EXPECT_EQ(thread_of(actors[1]), second);
    EXPECT_EQ(thread_of(actors[3]), first) << "lane numbers count modulo the lanes";
  }
  for (const auto& actor : actors) end(actor);
}

// As a VP does that has no others to wait for.
TEST(lanes, an_actor_that_never_waits_lets_others_of_its_lane_run) {
  system_on_lanes s(1);
  const auto busy = s.spawn(0), other = s.spawn(0);
  rounds_left = 3'000'000;
  caf::anon_send(busy, go_on::value);
  thread_of(other);
  EXPECT_GT(rounds_left.exchange(1), 1'000u) << "the other actor had to wait for the end";
  end(busy);
  end(other);
}

TEST(lanes, moving_to_another_lane_is_an_assignment) {
  system_on_lanes s(2);
  const auto mover = s.spawn(0), other = s.spawn(1);
  EXPECT_NE(thread_of(mover), thread_of(other));
  const auto destination = thread_of(other);
  caf::anon_send(mover, move_there::value, std::uint64_t{1});
  for (int message = 0; message < 10'000 && thread_of(mover) != destination; ++message) {
  }
  for (int message = 0; message < 100; ++message) EXPECT_EQ(thread_of(mover), destination);
  end(mover);
  end(other);
}

TEST(lanes, an_unpinned_actor_runs_on_whichever_lane_is_free) {
  system_on_lanes s(2);
  const caf::actor anywhere = s.system().spawn<worker>(nullptr);
  for (std::size_t busy = 0; busy < 2; ++busy) {
    const auto holder = s.spawn(busy);
    auto held = std::make_shared<std::promise<void>>(), until = std::make_shared<std::promise<void>>();
    const auto blocked = thread_of(holder);
    caf::anon_send(holder, hold_lane::value, held, until);
    held->get_future().wait();
    for (int message = 0; message < 50; ++message) EXPECT_NE(thread_of(anywhere), blocked);
    until->set_value();
    end(holder);
  }
  end(anywhere);
}

// Two jobs from outside at once while both lanes sleep or spin: neither may wait behind the other.
TEST(lanes, two_jobs_from_outside_run_side_by_side) {
  system_on_lanes s(2);
  for (int round = 0; round < 100; ++round) {
    const caf::actor one = s.system().spawn<worker>(nullptr), two = s.system().spawn<worker>(nullptr);
    auto held = std::make_shared<std::promise<void>>(), until = std::make_shared<std::promise<void>>();
    caf::anon_send(one, hold_lane::value, held, until);
    thread_of(two);  // would hang behind `one`, which holds its lane
    held->get_future().wait();
    until->set_value();
    end(one);
    end(two);
  }
}

// What comes in beside the jobs is found by a lane that spins; one that is about to sleep says so, and sleeps.
struct post_box final : idle_work {
  bool look() override {
    ++looks;
    if (!has_mail.exchange(false)) return false;
    caf::anon_send(to, go_on::value);
    return true;
  }
  std::optional<std::chrono::nanoseconds> about_to_sleep() override {
    ++sleeps;
    return naps ? std::optional<std::chrono::nanoseconds>(std::chrono::microseconds(100)) : std::nullopt;
  }
  caf::actor to;
  std::atomic<bool> has_mail{false}, naps{false};
  std::atomic<std::uint64_t> looks{0}, sleeps{0};
};

TEST(lanes, idle_ones_do_what_is_to_be_done_beside) {
  post_box box;
  {
    system_on_lanes s(1);
    box.to = s.spawn(0);
    set_idle_work(s.system(), &box);
    for (int round = 0; round < 20; ++round) {
      rounds_left = 1;
      box.has_mail = true;
      thread_of(box.to);  // wakes the lane, which has nothing to do then
      while (rounds_left.load() != 0) std::this_thread::yield();
    }
    for (std::uint64_t looks = 0; looks != box.looks;) {
      looks = box.looks;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    EXPECT_GT(box.sleeps, 0u);
    EXPECT_EQ(box.lookers, 0) << "who sleeps does not look";
    set_idle_work(s.system(), nullptr);
    end(box.to);
    box.to = nullptr;
  }
}

// Nobody rings the lane: it looks again by itself.
TEST(lanes, one_that_naps_finds_what_comes_in_without_a_bell) {
  post_box box;
  {
    system_on_lanes s(1);
    box.to = s.spawn(0);
    box.naps = true;
    set_idle_work(s.system(), &box);
    thread_of(box.to);
    for (int round = 0; round < 20; ++round) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));  // it has stopped spinning
      rounds_left = 1;
      box.has_mail = true;
      while (rounds_left.load() != 0) std::this_thread::yield();
    }
    box.naps = false;
    set_idle_work(s.system(), nullptr);
    end(box.to);
    box.to = nullptr;
  }
}

TEST(lanes, a_system_on_another_scheduler_has_no_lanes) {
  caf::actor_system_config config;
  config.set("scheduler.max-threads", std::size_t{1});
  caf::actor_system system{config};
  EXPECT_EQ(lane_of(system, 0), nullptr);
}

}  // namespace
