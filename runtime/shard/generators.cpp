#include "runtime/shard/generators.hpp"

#include <algorithm>

#include "runtime/base/contract.hpp"

namespace volley::runtime {

stimulator_ordinal generators::position(std::uint64_t id) const {
  return stimulator_ordinal(std::ranges::lower_bound(all_, id, {}, &stimulator::id) - all_.begin());
}

bool generators::is_generator(std::uint64_t id) const {
  const auto at = position(id).index();
  return at < all_.size() && all_[at].id() == id && !injects_[at];
}

void generators::begin_change() {
  before_ = all_.size();
  staged_.clear();
}

void generators::take_back() {
  if (all_.size() > before_) all_.erase(all_.begin() + static_cast<std::ptrdiff_t>(before_), all_.end());
  if (injects_.size() > before_) injects_.resize(before_);
  begin_change();
}

void generators::keep() {
  for (auto& [i, s] : staged_) all_[i.index()] = std::move(s);
  begin_change();
}

void generators::add(stimulator s, bool injects) {
  all_.push_back(std::move(s));
  injects_.push_back(injects);
}

void generators::stage(stimulator_ordinal i, stimulator s) {
  expects(i.index() < all_.size(), "a stimulator is set where there is one");
  staged_.emplace_back(i, std::move(s));
}

void generators::append_trains(step_t stamp, std::vector<travelling_spike>& to) const {
  for (std::size_t i = 0; i < all_.size(); ++i) {
    if (injects_[i] || all_[i].train() == nullptr) continue;
    for (const auto& s : all_[i].emitted(stamp - 1, stamp))
      to.push_back({low_half(all_[i].id()), s.multiplicity, s.weight});
  }
}

}  // namespace volley::runtime
