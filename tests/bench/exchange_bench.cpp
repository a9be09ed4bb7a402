// What the actors cost: time per interval above the ideal, for virtual processes that compute 20 microseconds each.
//   lanes     VP actors on our scheduler policy
//   barrier   threads and a spin-then-park barrier, no actors: what is possible
//   stealing  the same actors on CAF's work stealing
//   sharing   the same actors on CAF's work sharing
// Prints the least and the median of 15 repetitions, and the processor time that idle lanes use.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <thread>
#include <vector>

#include "actors/lanes.hpp"
#include "caf/all.hpp"
#include "runtime/exchange/batch_places.hpp"
#include "runtime/exchange/exchange.hpp"
#include "runtime/exchange/parking.hpp"

namespace {

using namespace volley;
using std::chrono::nanoseconds;
using clock_type = std::chrono::steady_clock;

constexpr std::uint64_t intervals = 400;
constexpr int repetitions = 15;
constexpr nanoseconds work{20'000};

void compute() {
  const auto end = clock_type::now() + work;
  while (clock_type::now() < end) {
  }
}

using batch = std::shared_ptr<const std::vector<std::uint32_t>>;
const auto an_empty_batch = std::make_shared<const std::vector<std::uint32_t>>(100);

// What a VP does in one interval: reads everybody's batch, computes, publishes its own.
void one_interval(runtime::batch_places<batch>& batches, std::uint64_t interval, std::size_t vp) {
  std::size_t spikes = 0;
  for (std::size_t sender = 0; sender < batches.vps() && interval > 0; ++sender)
    spikes += batches.get(interval - 1, sender)->size();
  if (spikes > 1u << 30) std::abort();
  compute();
  batches.put(interval, vp, an_empty_batch);
}

struct advance {
  runtime::slice slice;
};

}  // namespace

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(advance)

namespace {

struct group final : runtime::exchange_orders {
  group(std::size_t vps) : batches(vps), exchange(static_cast<std::uint32_t>(vps), 0, 1, *this) {}
  void release(const runtime::slice& next) override {
    const auto order = caf::make_message(advance{next});
    for (auto& vp : vps) vp->enqueue(nullptr, caf::make_message_id(), order, nullptr);
  }
  void stop(runtime::stop_reason, runtime::step_t) override { stopped.set_value(); }

  runtime::batch_places<batch> batches;
  runtime::exchange exchange;
  std::vector<caf::actor> vps;
  std::promise<void> stopped;
};

class vp : public actors::pinned<caf::event_based_actor> {
 public:
  vp(caf::actor_config& config, caf::execution_unit* lane, group& mine, std::size_t number)
      : pinned(config, lane), group_(mine), number_(number) {}
  caf::behavior make_behavior() override {
    return {[this](const advance& order) {
      one_interval(group_.batches, order.slice.interval, number_);
      group_.exchange.arrive();
    }};
  }

 private:
  group& group_;
  std::size_t number_;
};

using seconds_per_run = std::function<double()>;

double run_once(group& g) {
  g.stopped = {};
  const auto begin = clock_type::now();
  g.exchange.start(intervals);
  g.stopped.get_future().wait();
  return std::chrono::duration<double>(clock_type::now() - begin).count();
}

struct figures {
  double least_us, median_us;
};

figures measure(const seconds_per_run& run) {
  run();  // warm
  std::vector<double> us;
  for (int repetition = 0; repetition < repetitions; ++repetition) us.push_back(run() / intervals * 1e6);
  std::sort(us.begin(), us.end());
  return {us.front(), us[us.size() / 2]};
}

figures measure_actors(caf::actor_system_config& config, std::size_t vps) {
  caf::actor_system system{config};
  group g(vps);
  for (std::size_t number = 0; number < vps; ++number)
    g.vps.push_back(system.spawn<vp>(actors::lane_of(system, number), std::ref(g), number));
  const auto result = measure([&] { return run_once(g); });
  for (auto& actor : g.vps) caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  g.vps.clear();
  return result;
}

figures measure_lanes(std::size_t vps) {
  caf::actor_system_config config;
  actors::use_lanes(config);
  return measure_actors(config, vps);
}

figures measure_stock(std::size_t vps, caf::atom_value policy) {
  caf::actor_system_config config;
  config.set("scheduler.policy", policy);
  config.set("scheduler.max-threads", runtime::usable_cores());
  return measure_actors(config, vps);
}

class barrier {
 public:
  explicit barrier(std::size_t threads) : threads_(threads), pending_(threads) {
    for (std::size_t thread = 0; thread < threads; ++thread) bells_.emplace_back(runtime::spin_budget(threads));
  }
  void wait(std::size_t thread) {
    const auto round = round_.load(std::memory_order_relaxed);
    if (pending_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      pending_.store(threads_, std::memory_order_relaxed);
      round_.store(round + 1, std::memory_order_release);
      for (std::size_t other = 0; other < threads_; ++other)
        if (other != thread) bells_[other].ring();
      return;
    }
    bells_[thread].wait([&] { return round_.load(std::memory_order_acquire) != round; });
  }

 private:
  const std::size_t threads_;
  std::atomic<std::size_t> pending_;
  alignas(64) std::atomic<std::uint64_t> round_{0};
  std::deque<runtime::parking> bells_;
};

figures measure_barrier(std::size_t vps) {
  const std::size_t threads = std::min(vps, runtime::usable_cores());
  return measure([&] {
    barrier meet(threads);
    runtime::batch_places<batch> batches(vps);
    double seconds = 0;
    const auto loop = [&](std::size_t thread) {
      meet.wait(thread);
      const auto begin = clock_type::now();
      for (std::uint64_t interval = 0; interval < intervals; ++interval) {
        for (std::size_t vp = thread; vp < vps; vp += threads) one_interval(batches, interval, vp);
        meet.wait(thread);
      }
      if (thread == 0) seconds = std::chrono::duration<double>(clock_type::now() - begin).count();
    };
    {
      std::vector<std::jthread> pool;
      for (std::size_t thread = 0; thread < threads; ++thread) pool.emplace_back(loop, thread);
    }
    return seconds;
  });
}

double cpu_seconds() {
  rusage used;
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](timeval t) { return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec); };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

// Percent of one core used by a system that has just finished a run and then does nothing.
double idle_percent() {
  caf::actor_system_config config;
  actors::use_lanes(config);
  caf::actor_system system{config};
  group g(2);
  for (std::size_t number = 0; number < 2; ++number)
    g.vps.push_back(system.spawn<vp>(actors::lane_of(system, number), std::ref(g), number));
  run_once(g);
  std::this_thread::sleep_for(std::chrono::milliseconds{5});
  const auto begin = clock_type::now();
  const double used = cpu_seconds();
  std::this_thread::sleep_for(std::chrono::seconds{2});
  const double percent =
      100 * (cpu_seconds() - used) / std::chrono::duration<double>(clock_type::now() - begin).count();
  for (auto& actor : g.vps) caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  g.vps.clear();
  return percent;
}

void print(const char* name, std::size_t vps, double ideal_us, figures f) {
  std::printf("%-9s %3zu %10.1f %10.1f %10.1f %10.1f %10.1f\n", name, vps, ideal_us, f.least_us, f.median_us,
              f.least_us - ideal_us, f.median_us - ideal_us);
}

}  // namespace

int main() {
  const std::size_t cores = runtime::usable_cores();
  std::printf(
      "cores: %zu, work per VP and interval: 20 us, %d repetitions of %lu intervals; microseconds per interval\n",
      cores, repetitions, static_cast<unsigned long>(intervals));
  std::printf("%-9s %3s %10s %10s %10s %10s %10s\n", "kind", "VPs", "ideal", "least", "median", "least +", "median +");
  for (const std::size_t vps : {1, 2, 4, 8, 16}) {
    const double ideal_us = 20.0 * static_cast<double>((vps + cores - 1) / cores);
    print("lanes", vps, ideal_us, measure_lanes(vps));
    print("barrier", vps, ideal_us, measure_barrier(vps));
    print("stealing", vps, ideal_us, measure_stock(vps, caf::atom("stealing")));
    print("sharing", vps, ideal_us, measure_stock(vps, caf::atom("sharing")));
  }
  std::printf("idle lanes use %.3f %% of a core\n", idle_percent());
}
