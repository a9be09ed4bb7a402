// Waiting for what other threads do.
#pragma once
#include <chrono>
#include <thread>

namespace volley::actors {

template <class Done> bool within(std::chrono::milliseconds patience, Done&& done) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!done()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}
template <class Done> bool soon(Done&& done) { return within(std::chrono::seconds(20), done); }

}  // namespace volley::actors
