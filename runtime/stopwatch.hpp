// Wall-clock of phases, for status and benchmarks; no decision depends on it.
#pragma once
#include <chrono>

namespace volley::runtime {

/// Adds the time it lives to `seconds`.
class stopwatch {
  using clock = std::chrono::steady_clock;

 public:
  explicit stopwatch(double& seconds) : seconds_(seconds), began_(clock::now()) {}
  stopwatch(const stopwatch&) = delete;
  stopwatch& operator=(const stopwatch&) = delete;
  ~stopwatch() { seconds_ += std::chrono::duration<double>(clock::now() - began_).count(); }

 private:
  double& seconds_;
  clock::time_point began_;
};

}  // namespace volley::runtime
