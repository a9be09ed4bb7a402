// Where what a supervisor tells a worker leaves for it.
#pragma once
#include <chrono>
#include <string>

#include "protocol/words.hpp"
#include "runtime/cluster/worker.hpp"

namespace volley::actors {

/// Thread safety: any thread may call. Nothing here blocks or throws.
class worker_outlet {
 public:
  virtual ~worker_outlet() = default;
  virtual void send(runtime::cluster::fence at, const protocol::body& message) = 0;
  /// Says goodbye with the reason and closes.
  virtual void put_out(const std::string& why) = 0;
  /// When the last byte of it came.
  virtual std::chrono::steady_clock::time_point last_heard() const = 0;
};

}  // namespace volley::actors
