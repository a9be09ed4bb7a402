// What a thread computes, for whoever watches it.
#pragma once
#include <atomic>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>

#include "runtime/base/time.hpp"

namespace volley::runtime {

/// The slice of a VP that begins at this step, and how far it is.
struct slice_place {
  std::uint32_t vp = 0;
  step_t from = 0;
  std::uint64_t first = 0, last = 0;  ///< ids of the nodes that are updated; 0: none are
  std::uint64_t epoch = 0;            ///< of the kernel, among those of its process
  auto operator<=>(const slice_place&) const = default;
};

/// "virtual process 1 stood still in the interval from step 20 on, in the update of nodes 1 to 400"
inline std::string stood_still(const slice_place& at) {
  const auto text = [](auto n) { return std::to_string(n); };
  return "virtual process " + text(at.vp) + " stood still in the interval from step " + text(at.from) + " on" +
         (at.first == 0 ? "" : ", in the update of nodes " + text(at.first) + " to " + text(at.last));
}

/// Thread safety: `begin`, `update` and `end` by its thread, `read` by any. While the thread moves on, what is read may
/// be mixed of two slices; once it stands still, it is right.
class alignas(64) slice_mark {
 public:
  void begin(slice_place at) {
    vp_.store(at.vp, std::memory_order_relaxed);
    epoch_.store(at.epoch, std::memory_order_relaxed);
    update(at.first, at.last);
    from_.store(at.from, std::memory_order_relaxed);
  }
  /// Now nodes with these ids.
  void update(std::uint64_t first, std::uint64_t last) {
    first_.store(first, std::memory_order_relaxed);
    last_.store(last, std::memory_order_relaxed);
  }
  void end() { from_.store(nowhere, std::memory_order_relaxed); }
  /// Nothing: between two slices.
  std::optional<slice_place> read() const {
    const auto from = from_.load(std::memory_order_relaxed);
    if (from == nowhere) return std::nullopt;
    const auto read = [](const auto& part) { return part.load(std::memory_order_relaxed); };
    return slice_place{read(vp_), from, read(first_), read(last_), read(epoch_)};
  }

 private:
  static constexpr step_t nowhere = -1;
  std::atomic<std::uint32_t> vp_{0};
  std::atomic<step_t> from_{nowhere};
  std::atomic<std::uint64_t> first_{0}, last_{0}, epoch_{0};
};

}  // namespace volley::runtime
