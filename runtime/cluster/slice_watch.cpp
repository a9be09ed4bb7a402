#include "runtime/cluster/slice_watch.hpp"

#include <algorithm>

namespace volley::runtime::cluster {

std::optional<slice_place> slice_watch::look(clock::time_point now,
                                             std::span<const std::optional<slice_place>> threads) {
  auto passed = last_ ? now - *last_ : clock::duration();
  if (passed > 3 * period_) passed = {};
  last_ = now;
  threads_.resize(threads.size());
  const auto most = std::max(least_, 100 * longest_);
  std::optional<slice_place> stuck;
  for (std::size_t i = 0; i < threads.size(); ++i) {
    auto& one = threads_[i];
    if (!threads[i] || threads[i] != one.at) {
      if (one.stood <= most) longest_ = std::max(longest_, one.stood);
      one = {threads[i], {}};
      continue;
    }
    one.stood += passed;
    if (!stuck && one.stood > most) stuck = one.at;
  }
  return stuck;
}

}  // namespace volley::runtime::cluster
