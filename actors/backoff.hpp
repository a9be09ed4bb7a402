// How long refused clients wait: the more an address has been refused of late, the longer.
#pragma once
#include <chrono>
#include <cstddef>
#include <map>
#include <string>

namespace volley::actors {

/// How long a door that got no connection waits before it accepts again: descriptors may have run out.
inline constexpr std::chrono::milliseconds accept_again_after{100};

struct backoff_limits {
  std::chrono::milliseconds first{250};  ///< slow enough to stop guessing; doubled with every refusal
  std::chrono::milliseconds longest{10'000};
  std::chrono::minutes forgotten_after{10};  ///< without a refusal
  std::size_t addresses = 1024;              ///< remembered; the one refused longest ago makes room
};

/// A right token always opens at once: others at the same address cannot lock a client out. Thread safety: none.
class backoff {
 public:
  using clock = std::chrono::steady_clock;

  explicit backoff(const backoff_limits& limits) : limits_(limits) {}

  /// A client of this address is refused now: what it waits.
  std::chrono::milliseconds refuse(const std::string& address, clock::time_point now);

 private:
  struct record {
    std::chrono::milliseconds next;
    clock::time_point last;
  };

  void make_room(clock::time_point now);

  const backoff_limits limits_;
  std::map<std::string, record> known_;
};

}  // namespace volley::actors
