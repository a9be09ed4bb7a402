#include "runtime/footprint/memory_share.hpp"

#include <algorithm>
#include <utility>

namespace volley::runtime {

double memory_share::claim(double bytes, double limit) {
  const std::lock_guard guard(of_->mutex_);
  const double most = limit - (of_->taken_ - mine_);
  if (bytes > mine_ && bytes <= most) of_->taken_ += bytes - std::exchange(mine_, bytes);
  return std::max(most, 0.0);
}

void memory_share::settle(double bytes) {
  const std::lock_guard guard(of_->mutex_);
  of_->taken_ += bytes - std::exchange(mine_, bytes);
}

double memory_share::taken_by_others() const {
  const std::lock_guard guard(of_->mutex_);
  return of_->taken_ - mine_;
}

}  // namespace volley::runtime
