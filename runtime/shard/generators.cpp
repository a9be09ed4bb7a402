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
  drawn_before_ = drawn_.size();
  staged_.clear();
}

void generators::take_back() {
  if (all_.size() > before_) all_.erase(all_.begin() + static_cast<std::ptrdiff_t>(before_), all_.end());
  if (injects_.size() > before_) injects_.resize(before_);
  if (drawn_.size() > drawn_before_) drawn_.resize(drawn_before_);
  begin_change();
}

void generators::keep() {
  for (auto& [i, s] : staged_) {
    all_[i.index()] = std::move(s);
    if (const auto at = place_of(i); at < drawn_.size() && drawn_[at].first == i) drawn_[at].second.forget_future();
  }
  begin_change();
}

void generators::add(stimulator s, bool injects) {
  if (s.is_known_everywhere() && s.train() == nullptr)
    drawn_.emplace_back(stimulator_ordinal(all_.size()), shared_train());
  all_.push_back(std::move(s));
  injects_.push_back(injects);
}

void generators::stage(stimulator_ordinal i, stimulator s) {
  expects(i.index() < all_.size(), "a stimulator is set where there is one");
  staged_.emplace_back(i, std::move(s));
}

void generators::advance(std::uint32_t seed, step_t from, step_t to, step_t delivered) {
  for (auto& [i, train] : drawn_) {
    train.forget(delivered);
    train.advance(at(i), seed, from, to);
  }
}

std::size_t generators::place_of(stimulator_ordinal i) const {
  return static_cast<std::size_t>(
      std::ranges::lower_bound(drawn_, i, {}, &std::pair<stimulator_ordinal, shared_train>::first) - drawn_.begin());
}

std::vector<shared_train> generators::drawn() const {
  std::vector<shared_train> trains;
  for (const auto& [i, train] : drawn_) trains.push_back(train);
  return trains;
}

void generators::put(std::vector<shared_train> drawn) {
  expects(drawn.size() == drawn_.size(), "trains are of the generators that there are");
  for (std::size_t i = 0; i < drawn.size(); ++i) drawn_[i].second = std::move(drawn[i]);
}

std::vector<timed_spike> generators::emitted(stimulator_ordinal i, step_t after, step_t upto) const {
  const auto& device = at(i);
  if (device.train() != nullptr) return device.emitted(after, upto);
  const auto at = place_of(i);
  expects(at < drawn_.size() && drawn_[at].first == i, "these spikes are known everywhere");
  return drawn_[at].second.emitted(after, upto);
}

void generators::append_trains(step_t stamp, std::vector<travelling_spike>& to) const {
  for (stimulator_ordinal i; i.index() < all_.size(); ++i) {
    const auto& device = at(i);
    if (injects_[i.index()] || !device.is_known_everywhere()) continue;
    for (const auto& s : emitted(i, stamp - 1, stamp))
      to.push_back({low_half(device.id()), s.multiplicity, s.weight, s.offset_ms});
  }
}

}  // namespace volley::runtime
