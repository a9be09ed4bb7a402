#include "actors/inbox.hpp"

#include <utility>

namespace volley::actors {

void inbox::send(protocol::frame f) {
  {
    const std::lock_guard guard(mutex_);
    frames_.push_back(std::move(f));
  }
  count_.fetch_add(1, std::memory_order_release);
  bell_.ring();
}

std::optional<protocol::frame> inbox::receive(std::chrono::nanoseconds timeout) {
  const auto filled = [this] { return count_.load(std::memory_order_acquire) > 0; };
  if (!bell_.wait(filled, runtime::parking::clock::now() + timeout)) return std::nullopt;
  count_.fetch_sub(1, std::memory_order_relaxed);
  const std::lock_guard guard(mutex_);
  auto oldest = std::move(frames_.front());
  frames_.pop_front();
  return oldest;
}

}  // namespace volley::actors
