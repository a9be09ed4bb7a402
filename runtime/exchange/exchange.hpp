// The meeting point of an interval: the VPs of this process count down, and the frames of the other processes of the
// kernel; the last one to arrive decides for all of them whether the run goes on. So every VP stops at the same step
// whatever was asked for when, and nobody waits in a lock.
// What is asked for travels with the frames: every process has all frames of an interval, and so decides the same.
// No actors in here: ThreadSanitizer sees all of it, and a test can drive it from one thread.
#pragma once
#include <array>
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
  bool cuts = false;   ///< once the batches are delivered, before the first step, VPs hand over their images
  bool operator==(const slice&) const = default;
};

enum class stop_reason : std::uint8_t {
  reached,    ///< the step the run was asked for
  cancelled,  ///< on request, at an interval's end
  paused,     ///< on request, at an interval's end, to be continued
  full,       ///< at an interval's end: what a VP has recorded takes the memory that there is for it
  failed      ///< a VP could not compute its slice, or a peer is gone
};

/// What stops a run, or cuts it: a set of these bits goes with every frame.
enum class request : std::uint8_t { cancel = 1, pause = 2, failed = 4, cut = 8, full = 16 };
using request_bits = std::uint8_t;
constexpr request_bits bit(request r) { return static_cast<request_bits>(r); }
inline constexpr request_bits all_requests =
    bit(request::cancel) | bit(request::pause) | bit(request::failed) | bit(request::cut) | bit(request::full);

/// Where a network stands between two intervals: the next one and its first step.
struct position {
  std::uint64_t interval = 0;
  step_t step = 0;
  bool operator==(const position&) const = default;
  template <class Snapshot> void snapshot(Snapshot& s) { s(interval, step); }
};

/// What the exchange orders. Called by the last one to arrive, on its thread.
class exchange_orders {
 public:
  /// Every VP is to compute `next` and then arrive.
  virtual void release(const slice& next) = 0;
  /// No VP computes any more.
  virtual void stop(stop_reason reason, step_t now) = 0;
  /// All VPs have put in their batches of the interval: they go to the peers, with what is asked for. Only where there
  /// are peers.
  virtual void publish(std::uint64_t /*interval*/, request_bits /*asked*/) {}

 protected:
  ~exchange_orders() = default;
};

/// Where a run is. Read from any thread while it runs.
struct run_progress {
  step_t now = 0;
  std::uint64_t spikes = 0;  ///< since the run began
};

/// Thread safety: `arrive` by each VP once a slice; `frame` by one thread at a time for each peer; `ask`, `abandon` and
/// `progress` by any thread; `start` only while no run is on.
class exchange {
 public:
  /// `peers`: other processes that take part. The first interval is that of `at`, of which `lag` steps are done.
  exchange(std::uint32_t vps, std::uint32_t peers, step_t interval_steps, exchange_orders& orders, position at = {},
           step_t lag = 0);

  /// Runs `steps` further; with 0, an interval that is to open opens, and its slice ends before its first step.
  /// `cuts`: with the first interval that opens.
  void start(step_t steps, bool cuts = false);

  /// A VP is done with its slice, in which it emitted `spikes`. `ok` is false when it failed: the run ends.
  void arrive(std::uint64_t spikes = 0, bool ok = true);

  /// A peer's batches of this interval are where the VPs will look for them. REQUIRES: the frames of a peer come in
  /// the order of intervals, each once. A peer may be an interval ahead.
  void frame(std::uint64_t interval, request_bits asked);

  /// At the next interval's end, here and at all peers.
  void ask(request what) { requests_.fetch_or(bit(what), std::memory_order_relaxed); }
  void cancel() { ask(request::cancel); }
  void pause() { ask(request::pause); }
  /// The run ends as failed, with the slice at hand.
  void fail() { ask(request::failed); }

  /// A peer is gone: the run fails as soon as the VPs of this process have arrived, whatever frames are missing. The
  /// exchange is of no use afterwards.
  void abandon();

  run_progress progress() const;
  /// While no run is on, between two intervals.
  position at() const { return {interval_, now_.load(std::memory_order_relaxed)}; }

  step_t interval_steps() const { return interval_steps_; }

 private:
  static constexpr std::uint64_t never = ~std::uint64_t{0};

  slice next_slice(bool cuts) const;
  bool decide_to_stop(stop_reason& reason, request_bits asked) const;
  void count_down(std::uint64_t interval);
  void close(std::uint64_t interval);
  void go_on(request_bits asked);

  const std::uint32_t vps_, peers_;
  const step_t interval_steps_;
  exchange_orders& orders_;

  // Written by whoever decides, before it releases the others, so never at the same time.
  slice current_;
  std::uint64_t interval_;
  step_t lag_;  ///< steps of the open interval that are done
  step_t stop_at_ = 0;

  std::atomic<request_bits> requests_{0};
  std::atomic<step_t> now_;
  alignas(64) std::atomic<std::uint32_t> pending_;
  std::atomic<std::uint64_t> spikes_{0};

  /// What is missing of an interval, frames and the process's own; by parity, since a peer may be ahead.
  struct meeting {
    std::atomic<std::uint32_t> missing;
    std::atomic<request_bits> asked{0};
  };
  alignas(64) std::array<meeting, 2> meetings_;
  std::atomic<std::uint64_t> waits_{never};  ///< the interval whose frames the VPs wait for
  std::atomic<bool> abandoned_{false};
  std::atomic<std::uint64_t> decided_;  ///< intervals before this one are
};

}  // namespace volley::runtime
