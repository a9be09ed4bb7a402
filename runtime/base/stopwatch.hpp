// Wall-clock of phases, for status and benchmarks; no decision depends on it.
#pragma once
#include <chrono>

namespace volley::runtime {

/// Adds the time it lives to `seconds`.
class stopwatch {
 public:
  using clock = std::chrono::steady_clock;

  explicit stopwatch(double& seconds) : seconds_(seconds), began_(clock::now()) {}
  stopwatch(const stopwatch&) = delete;
  stopwatch& operator=(const stopwatch&) = delete;
  ~stopwatch();

 private:
  double& seconds_;
  clock::time_point began_;
};

inline double seconds_since(stopwatch::clock::time_point began) {
  return std::chrono::duration<double>(stopwatch::clock::now() - began).count();
}

inline stopwatch::~stopwatch() { seconds_ += seconds_since(began_); }

/// Phases that follow each other without a gap: one reading of the clock at each end.
class phase_clock {
  using clock = stopwatch::clock;

 public:
  /// The phase that is over lasted since the one before.
  void end_phase(double& seconds) {
    const auto now = clock::now();
    seconds += std::chrono::duration<double>(now - began_).count();
    began_ = now;
  }

 private:
  clock::time_point began_ = clock::now();
};

}  // namespace volley::runtime
