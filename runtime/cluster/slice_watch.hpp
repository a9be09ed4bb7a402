// Whether a thread stands still inside a slice, while its process goes on. Time is what the caller says it is.
#pragma once
#include <chrono>
#include <optional>
#include <span>
#include <vector>

#include "runtime/exchange/slice_mark.hpp"

namespace volley::runtime::cluster {

class slice_watch {
 public:
  using clock = std::chrono::steady_clock;

  /// A slice may take `least`, and in any case a hundred times as long as the longest so far.
  slice_watch(clock::duration least, clock::duration period) : least_(least), period_(period) {}

  /// Once a period: where each thread is now. The first that stands still for too long. When a look comes late, it was
  /// the process that slept: that time does not count.
  std::optional<slice_place> look(clock::time_point now, std::span<const std::optional<slice_place>> threads);

 private:
  struct watched {
    std::optional<slice_place> at;
    clock::duration stood{};  // as far as was seen
  };

  const clock::duration least_, period_;
  std::optional<clock::time_point> last_;
  std::vector<watched> threads_;
  clock::duration longest_{};
};

}  // namespace volley::runtime::cluster
