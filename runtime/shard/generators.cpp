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
  if (drawn_.size() > before_) drawn_.resize(before_);
  begin_change();
}

void generators::keep() {
  for (auto& [i, s] : staged_) {
    all_[i.index()] = std::move(s);
    drawn_[i.index()].forget_future();
  }
  begin_change();
}

void generators::add(stimulator s, bool injects) {
  all_.push_back(std::move(s));
  injects_.push_back(injects);
  drawn_.emplace_back();
}

void generators::stage(stimulator_ordinal i, stimulator s) {
  expects(i.index() < all_.size(), "a stimulator is set where there is one");
  staged_.emplace_back(i, std::move(s));
}

void generators::advance(std::uint32_t seed, step_t from, step_t to, step_t delivered) {
  for (std::size_t i = 0; i < all_.size(); ++i) {
    if (!all_[i].is_known_everywhere() || all_[i].train() != nullptr) continue;
    drawn_[i].forget(delivered);
    drawn_[i].advance(all_[i], seed, from, to);
  }
}

std::vector<timed_spike> generators::emitted(stimulator_ordinal i, step_t after, step_t upto) const {
  const auto& device = at(i);
  return device.train() != nullptr ? device.emitted(after, upto) : drawn_[i.index()].emitted(after, upto);
}

void generators::append_trains(step_t stamp, std::vector<travelling_spike>& to) const {
  for (stimulator_ordinal i; i.index() < all_.size(); ++i) {
    const auto& device = at(i);
    if (injects_[i.index()] || !device.is_known_everywhere()) continue;
    for (const auto& s : emitted(i, stamp - 1, stamp)) to.push_back({low_half(device.id()), s.multiplicity, s.weight});
  }
}

}  // namespace volley::runtime
