// Where one thread waits for work that other threads bring: it spins briefly, then sleeps on a futex.
// A wake-up through a condition variable costs about 25 microseconds; one interval of a small network costs 20.
#pragma once
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace volley::runtime {

/// Cores this process may use (its scheduling affinity), at least 1.
std::size_t usable_cores();

/// How long to spin before sleeping when `threads` threads share the usable cores: zero if they outnumber them,
/// for a spinning thread would then hold the core another one needs.
std::chrono::nanoseconds spin_budget(std::size_t threads);

/// Tells the core that this thread spins.
inline void spin_pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#else
  std::atomic_signal_fence(std::memory_order_seq_cst);
#endif
}

/// Thread safety: one thread waits, any thread rings.
class parking {
 public:
  using clock = std::chrono::steady_clock;

  /// Spins at most for `spin` before it sleeps.
  explicit parking(std::chrono::nanoseconds spin = std::chrono::nanoseconds{0}) : budget_(spin) {}

  /// Spins until `ready()` holds or the budget is spent. True if it holds.
  template <class Ready> bool spin(Ready&& ready);

  /// Sleeps until `ready()` holds. Whoever makes it true must ring afterwards.
  /// False when `deadline` passed first.
  template <class Ready> bool park(Ready&& ready, std::optional<clock::time_point> deadline = {});

  /// Sleeps at most so long, by somebody who looks again and again: nothing is learned of it.
  template <class Ready> bool nap(Ready&& ready, clock::duration most) {
    return sleep_until(ready, clock::now() + most);
  }

  /// Spins, then sleeps.
  template <class Ready> bool wait(Ready&& ready, std::optional<clock::time_point> deadline = {}) {
    return spin(ready) || park(ready, deadline);
  }

  /// Wakes the waiting thread. What was written before is seen by its next `ready()`. True if it slept.
  bool ring();

 private:
  enum state : std::uint32_t { awake, rung, asleep };
  static constexpr int checks_per_clock_read = 16;

  template <class Ready> bool sleep_until(Ready&& ready, std::optional<clock::time_point> deadline);
  void sleep(std::optional<clock::time_point> deadline);
  void learn(clock::duration slept);

  // Both sides exchange this word: whichever comes second sees what the other did before.
  alignas(64) std::atomic<std::uint32_t> state_{awake};

  // Of the waiting thread alone.
  std::chrono::nanoseconds budget_;
  bool in_vain_ = false;        ///< the budget was spent and nothing came
  std::uint32_t back_off_ = 0;  ///< how many waits go without spinning after the next failure
  std::uint32_t to_skip_ = 0;
};

template <class Ready> bool parking::spin(Ready&& ready) {
  in_vain_ = false;
  if (ready()) return true;
  if (budget_.count() == 0) return false;
  if (to_skip_ > 0) return --to_skip_, false;
  const auto end = clock::now() + budget_;
  do {
    for (int check = 0; check < checks_per_clock_read; ++check) {
      spin_pause();
      if (ready()) return back_off_ = 0, true;
    }
  } while (clock::now() < end);
  in_vain_ = true;
  return false;
}

template <class Ready> bool parking::park(Ready&& ready, std::optional<clock::time_point> deadline) {
  const auto begin = clock::now();
  if (!sleep_until(ready, deadline)) return false;
  if (in_vain_) learn(clock::now() - begin);
  return true;
}

template <class Ready> bool parking::sleep_until(Ready&& ready, std::optional<clock::time_point> deadline) {
  while (!ready()) {
    if (deadline && clock::now() >= *deadline) return false;
    state_.exchange(asleep, std::memory_order_acq_rel);
    if (!ready()) sleep(deadline);
    state_.store(awake, std::memory_order_relaxed);
  }
  return true;
}

}  // namespace volley::runtime
