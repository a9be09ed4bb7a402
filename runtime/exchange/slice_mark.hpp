// What a thread computes, for whoever watches it.
#pragma once
#include <atomic>
#include <compare>
#include <cstdint>
#include <optional>

#include "runtime/base/time.hpp"

namespace volley::runtime {

/// The slice of a VP that begins at this step.
struct slice_place {
  std::uint32_t vp = 0;
  step_t from = 0;
  std::uint64_t kernel = 0;  ///< which one of those that this process computes
  auto operator<=>(const slice_place&) const = default;
};

/// Thread safety: `begin` and `end` by its thread, `read` by any. While the thread moves on, what is read may be mixed
/// of two slices; once it stands still, it is right.
class alignas(64) slice_mark {
 public:
  void begin(slice_place at) {
    kernel_.store(at.kernel, std::memory_order_relaxed);
    vp_.store(at.vp, std::memory_order_relaxed);
    from_.store(at.from, std::memory_order_relaxed);
  }
  void end() { from_.store(nowhere, std::memory_order_relaxed); }
  /// Nothing: between two slices.
  std::optional<slice_place> read() const {
    const auto from = from_.load(std::memory_order_relaxed);
    if (from == nowhere) return std::nullopt;
    return slice_place{vp_.load(std::memory_order_relaxed), from, kernel_.load(std::memory_order_relaxed)};
  }

 private:
  static constexpr step_t nowhere = -1;
  std::atomic<std::uint64_t> kernel_{0};
  std::atomic<std::uint32_t> vp_{0};
  std::atomic<step_t> from_{nowhere};
};

}  // namespace volley::runtime
