#include "actors/inbox.hpp"

#include <stdexcept>
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

void inbox::close() {
  closed_.store(true, std::memory_order_release);
  bell_.ring();
}

std::optional<protocol::frame> inbox::receive(std::chrono::nanoseconds timeout) {
  const auto filled = [this] { return count_.load(std::memory_order_acquire) > 0; };
  const auto over = [this] { return closed_.load(std::memory_order_acquire); };
  if (!bell_.wait([&] { return filled() || over(); }, runtime::parking::clock::now() + timeout)) return std::nullopt;
  if (!filled()) throw std::runtime_error("the kernel ended the session");  // nothing follows the end
  count_.fetch_sub(1, std::memory_order_relaxed);
  const std::lock_guard guard(mutex_);
  auto oldest = std::move(frames_.front());
  frames_.pop_front();
  return oldest;
}

}  // namespace volley::actors
