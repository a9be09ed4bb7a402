// Connections that tell whether ranks are alive, and nothing else: each rank has one to the first. One that ends
// without a goodbye is a rank that has died: its end is seen at once, while the carrier of messages says nothing of it.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace volley::actors {

/// Where the first rank waits for the others.
struct rank_door {
  std::vector<std::string> addresses;  ///< of the first rank's machine; none: there are no lifelines
  std::uint16_t port = 0;
  std::string token;
  template <class Snapshot> void snapshot(Snapshot& s) { s(addresses, port, token); }
};

/// A file descriptor that is closed in the end.
class owned_descriptor {
 public:
  explicit owned_descriptor(int number = -1) : number_(number) {}
  owned_descriptor(owned_descriptor&& other) noexcept : number_(other.release()) {}
  owned_descriptor& operator=(owned_descriptor&& other) noexcept;
  ~owned_descriptor();
  int get() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }

 private:
  int release() {
    const int number = number_;
    number_ = -1;
    return number;
  }
  int number_;
};

class rank_lifeline {
 public:
  /// `rank` has said goodbye, or else has died. Called by a thread of its own, once for each.
  using on_end = std::function<void(std::uint32_t rank, bool orderly)>;

  /// Of the first rank, which the others reach on this machine alone, or through the network. Throws std::system_error.
  rank_lifeline(std::uint32_t ranks, bool on_this_machine, on_end told);
  /// Of another rank, to the first. Throws std::runtime_error when it cannot be reached.
  rank_lifeline(std::uint32_t rank, const rank_door& first, on_end told);
  /// Says goodbye.
  ~rank_lifeline();
  rank_lifeline(const rank_lifeline&) = delete;
  rank_lifeline& operator=(const rank_lifeline&) = delete;

  /// Of the first rank.
  const rank_door& door() const { return door_; }

 private:
  struct line {
    owned_descriptor connection;
    std::uint32_t rank = 0;
    bool is_known = false;
    std::string greeting;  // until it is
    bool is_over = false;
  };

  void watch();
  bool look(int within_ms);
  void let_in();
  void read(line& from);
  void read_greeting(line& from, const char* bytes, std::size_t count);

  const on_end told_;
  const std::uint32_t ranks_;
  rank_door door_;
  owned_descriptor listens_, bell_;
  std::vector<line> lines_;
  std::uint32_t missing_ = 0;  // ranks that have not come
  std::atomic<bool> ends_{false};
  std::thread watcher_;
};

}  // namespace volley::actors
