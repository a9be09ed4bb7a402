#include "runtime/exchange/parking.hpp"

#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>

namespace volley::runtime {

namespace {

// Long enough that a script calling in a loop finds the threads awake; short enough that idleness costs nothing.
constexpr std::chrono::microseconds usual_spin{100};

// Work that comes later than this was nobody's who is at it now: the thread was idle, and learns nothing.
constexpr std::chrono::milliseconds idle_time{1};
constexpr std::uint32_t longest_back_off = 64;

timespec to_timespec(std::chrono::nanoseconds duration) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
  return {.tv_sec = seconds.count(), .tv_nsec = (duration - seconds).count()};
}

}  // namespace

std::size_t usable_cores() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  if (sched_getaffinity(0, sizeof cores, &cores) != 0) return 1;
  return static_cast<std::size_t>(std::max(1, CPU_COUNT(&cores)));
}

std::chrono::nanoseconds spin_budget(std::size_t threads) {
  return threads > usable_cores() ? std::chrono::nanoseconds{0} : usual_spin;
}

bool parking::ring() {
  if (state_.exchange(rung, std::memory_order_acq_rel) != asleep) return false;
  syscall(SYS_futex, reinterpret_cast<std::uint32_t*>(&state_), FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
  return true;
}

// Work came right after the spinning was given up: perhaps it was the spinning that kept its maker from the core.
// On a busy machine nearly every wait then sleeps at once; a try now and then finds out when the core is free again.
void parking::learn(clock::duration slept) {
  if (slept > idle_time) return;
  back_off_ = std::min(longest_back_off, 2 * back_off_ + 1);
  to_skip_ = back_off_;
}

void parking::sleep(std::optional<clock::time_point> deadline) {
  timespec left{};
  if (deadline) left = to_timespec(std::max(std::chrono::nanoseconds{0}, *deadline - clock::now()));
  // Returns at once when the word is no longer `asleep`; the caller checks again in any case.
  syscall(SYS_futex, reinterpret_cast<std::uint32_t*>(&state_), FUTEX_WAIT_PRIVATE, asleep, deadline ? &left : nullptr,
          nullptr, 0);
}

}  // namespace volley::runtime
