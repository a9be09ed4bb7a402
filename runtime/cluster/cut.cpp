#include "runtime/cluster/cut.hpp"

#include <algorithm>

namespace volley::runtime::cluster {

bool cut::count(const cut_name& name, std::uint32_t vp, worker_number who) {
  if (vp >= holders_.size() || (name_ && name < *name_)) return false;
  if (!name_ || name > *name_) {
    name_ = name;
    for (auto& one : holders_) one.clear();
  }
  auto& known = holders_[vp];
  if (std::ranges::find(known, who) != known.end()) return false;
  known.push_back(who);
  return true;
}

void cut::lose(worker_number who) {
  for (auto& one : holders_) std::erase(one, who);
}

bool cut::is_safe() const {
  return std::ranges::all_of(holders_, [this](const auto& one) { return one.size() >= copies_; });
}

}  // namespace volley::runtime::cluster
