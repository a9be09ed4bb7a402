// When VPs should go to another worker because one computes longer than the others, who wait for it each interval.
#pragma once
#include <chrono>
#include <optional>
#include <vector>

#include "runtime/cluster/placement.hpp"

namespace volley::runtime::cluster {

/// A worker computes too long that takes so many times the mean.
inline constexpr double too_long = 1.2;

/// Seconds that the lanes of each of `all` compute where its VPs take so many `seconds`, by VP.
std::vector<double> loads(const placement& p, const std::vector<double>& seconds, const std::vector<candidate>& all);
/// As few VPs as it takes go from whoever computes longest to others, until nobody computes too long; nothing where no
/// move makes that shorter.
std::optional<placement> balanced(placement p, const std::vector<double>& seconds, const std::vector<candidate>& all);

/// Looks at VPs from cut to cut.
class balance {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  /// VPs were placed.
  void begin() {
    before_.clear();
    times_ = 0;
    evenness_.reset();
  }
  /// At a cut VPs have computed so long, in sum. Where they should go: when since the cut before one worker took too
  /// long, the same for the third time in turn, and nothing was said for 5 s.
  std::optional<placement> hear(const placement& p, const std::vector<double>& seconds,
                                const std::vector<candidate>& all, time_point now);
  /// What lanes computed on the average between the last two cuts, as a part of what those of the slowest worker did: 1
  /// where nobody waits for another. None before VPs have seen two cuts where they are.
  std::optional<double> evenness() const { return evenness_; }

 private:
  std::vector<double> before_;  // at the cut before
  worker_number slowest_;
  int times_ = 0;
  std::optional<time_point> said_;
  std::optional<double> evenness_;
};

}  // namespace volley::runtime::cluster
