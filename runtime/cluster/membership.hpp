// Who is alive: whoever was heard of late. Time is what the caller says it is.
#pragma once
#include <chrono>
#include <map>
#include <vector>

#include "runtime/cluster/worker.hpp"

namespace volley::runtime::cluster {

struct heartbeat_limits {
  std::chrono::milliseconds period{200};  ///< of beats and of ticks
  std::chrono::milliseconds dead_after{3'000};
};

class membership {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit membership(const heartbeat_limits& limits) : limits_(limits) {}

  void join(worker_number who, time_point now) { heard_[who] = now; }
  void leave(worker_number who) { heard_.erase(who); }
  /// Any byte counts.
  void hear(worker_number who, time_point now);

  /// Once a period. Those that were silent too long leave and are told, by number. When this tick comes late, it was
  /// this process that slept: everybody has another period, since what they sent may still wait to be read.
  std::vector<worker_number> tick(time_point now);

 private:
  const heartbeat_limits limits_;
  std::map<worker_number, time_point> heard_;
  time_point last_tick_{};
};

}  // namespace volley::runtime::cluster
