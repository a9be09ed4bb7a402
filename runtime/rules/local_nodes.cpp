#include "runtime/rules/local_nodes.hpp"

#include <numeric>

namespace volley::runtime {

void local_nodes::enter_range() {
  for (; range_ < nodes_->ranges.size(); range_position_ += nodes_->ranges[range_++].size()) {
    const node_range& range = nodes_->ranges[range_];
    period_ = place_.n_vps / std::gcd<std::uint64_t>(range.step, place_.n_vps);
    for (index_ = 0; index_ < period_ && index_ < range.size(); ++index_)
      if (place_.holds(range.first + index_ * range.step)) return;
  }
}

bool local_nodes::next(entry& out) {
  if (range_ == nodes_->ranges.size()) return false;
  const node_range& range = nodes_->ranges[range_];
  out = {static_cast<std::uint32_t>(range_position_ + index_), range.first + index_ * range.step};
  index_ += period_;
  if (index_ >= range.size()) {
    range_position_ += range.size();
    ++range_;
    enter_range();
  }
  return true;
}

}  // namespace volley::runtime
