// What a session tells its user while a call runs.
#pragma once
#include <cstdint>
#include <functional>
#include <string>

namespace volley::client {

/// A job that runs. Times are biological, in ms, but for the wall-clock.
struct progress {
  double began_ms = 0, now_ms = 0, end_ms = 0;
  double wall_seconds = 0;
  std::uint64_t spikes = 0;  ///< since the job began
};

struct log_entry {
  int severity = 0;  ///< PyNEST's VerbosityLevel
  std::string text;
};

/// Called by the thread that waits for the call; they must not call the kernel, but for Session::cancel. An exception
/// from one of them cancels the running job, and leaves the call when that has ended.
struct listeners {
  std::function<void(const progress&)> on_progress;
  std::function<void(const log_entry&)> on_log;
  /// Asked about every 50 ms. True: the user wants out; a running job is cancelled and keeps its data. True once more:
  /// the call is given up with an error, without waiting for the kernel.
  std::function<bool()> interrupted;
};

}  // namespace volley::client
