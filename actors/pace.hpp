// How fast a client may ask: so many requests a second on average, some of them at once.
#pragma once
#include <algorithm>
#include <chrono>

#include "runtime/base/contract.hpp"

namespace volley::actors {

/// A leaky bucket. Thread safety: none.
class pace {
 public:
  using clock = std::chrono::steady_clock;

  /// REQUIRES: a positive rate.
  pace(double per_s, double at_once)
      : step_(std::chrono::duration_cast<clock::duration>(std::chrono::duration<double>(1 / per_s))),
        slack_(std::chrono::duration_cast<clock::duration>(std::chrono::duration<double>(at_once / per_s))) {
    runtime::expects(per_s > 0, "a pace has a rate");
  }

  /// One request has come: how long the next has to wait before it is read. Zero: not at all.
  clock::duration count(clock::time_point now) {
    level_ = std::max(level_, now) + step_;
    return std::max(level_ - slack_ - now, clock::duration::zero());
  }

 private:
  const clock::duration step_, slack_;
  clock::time_point level_{};  // when the bucket will have run empty
};

}  // namespace volley::actors
