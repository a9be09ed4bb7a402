// Frames on their way to a client inside the process. Its thread spins briefly for an answer, then sleeps.
#pragma once
#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>

#include "actors/outlet.hpp"
#include "protocol/limits.hpp"
#include "runtime/exchange/parking.hpp"

namespace volley::actors {

/// Thread safety: any thread sends, one receives at a time.
class inbox final : public outlet {
 public:
  explicit inbox(std::chrono::nanoseconds spin) : bell_(spin) {}

  void send(protocol::frame f) override;
  /// Bodies go by pointer, however long.
  std::size_t page_words() const override { return protocol::reply_limit_words; }
  /// Frames already sent can still be received.
  void close() override;

  /// The oldest frame; nothing when none came within `timeout`. Throws std::runtime_error once the session has ended
  /// and its frames are received.
  std::optional<protocol::frame> receive(std::chrono::nanoseconds timeout);

 private:
  runtime::parking bell_;
  std::atomic<std::size_t> count_{0};
  std::atomic<bool> closed_{false};
  std::mutex mutex_;
  std::deque<protocol::frame> frames_;  // guarded by mutex_
};

}  // namespace volley::actors
