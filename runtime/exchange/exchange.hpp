// The meeting point of an interval: parties count down, the last one to arrive decides for all of them whether the
// run goes on. So every VP stops at the same step whatever was asked for when, and nobody waits in a lock.
// No actors in here: ThreadSanitizer sees all of it, and a test can drive it from one thread.
#pragma once
#include <atomic>
#include <cstdint>

#include "runtime/base/time.hpp"

namespace volley::runtime {

/// The part of an interval that is computed in one go: steps [from, to).
struct slice {
  std::uint64_t interval = 0;  ///< counted since the network was made
  step_t from = 0, to = 0;
  bool opens = true;   ///< `from` is the interval's first step: the batches of interval - 1 are delivered
  bool closes = true;  ///< `to` is the interval's end: a batch is published
  bool operator==(const slice&) const = default;
};

enum class stop_reason {
  reached,    ///< the step the run was asked for
  cancelled,  ///< on request, at an interval's end
  paused,     ///< on request, at an interval's end, to be continued
  failed      ///< a party could not compute its slice
};

/// What the exchange orders. Called by the last party to arrive, on its thread.
class exchange_orders {
 public:
  /// Every party is to compute `next` and then arrive.
  virtual void release(const slice& next) = 0;
  /// No party computes any more.
  virtual void stop(stop_reason reason, step_t now) = 0;

 protected:
  ~exchange_orders() = default;
};

/// Where a run is. Read from any thread while it runs.
struct run_progress {
  step_t now = 0;
  std::uint64_t spikes = 0;  ///< since the run began
};

/// Thread safety: `arrive` by each party once a slice; `cancel`, `pause`, `fail` and `progress` by any thread; `start`
/// only while no run is on.
class exchange {
 public:
  /// Parties are the VPs of this process and the links to others.
  /// The first interval begins at step `now`.
  exchange(std::uint32_t parties, step_t interval_steps, exchange_orders& orders, step_t now = 0);

  /// Runs `steps` further; with 0, an interval that is to open opens, and its slice ends before its first step.
  void start(step_t steps);

  /// A party is done with its slice, in which it emitted `spikes`. `ok` is false when it failed: the run ends.
  void arrive(std::uint64_t spikes = 0, bool ok = true);

  void cancel() { requests_.fetch_or(cancel_bit, std::memory_order_relaxed); }
  void pause() { requests_.fetch_or(pause_bit, std::memory_order_relaxed); }
  /// The run ends as failed, with the slice at hand.
  void fail() { requests_.fetch_or(failure_bit, std::memory_order_relaxed); }
  run_progress progress() const;

  step_t interval_steps() const { return interval_steps_; }

 private:
  static constexpr std::uint32_t cancel_bit = 1, pause_bit = 2, failure_bit = 4;

  slice next_slice() const;
  bool decide_to_stop(stop_reason& reason) const;

  const std::uint32_t parties_;
  const step_t interval_steps_;
  exchange_orders& orders_;

  // Written by the last party to arrive before it releases the others, so never at the same time.
  slice current_;
  std::uint64_t interval_ = 0;
  step_t lag_ = 0;  ///< steps of the open interval that are done
  step_t stop_at_ = 0;

  std::atomic<std::uint32_t> requests_{0};
  std::atomic<step_t> now_;
  alignas(64) std::atomic<std::uint32_t> pending_;
  std::atomic<std::uint64_t> spikes_{0};
};

}  // namespace volley::runtime
