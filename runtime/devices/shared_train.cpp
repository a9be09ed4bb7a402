#include "runtime/devices/shared_train.hpp"

#include <algorithm>

#include "runtime/base/snapshot.hpp"

namespace volley::runtime {

void shared_train::advance(const stimulator& device, std::uint32_t seed, step_t after, step_t upto) {
  if (device.has_pulses())
    advance_pulses(device, seed, after, upto);
  else
    advance_state(device, seed, after, upto);
}

void shared_train::advance_state(const stimulator& device, std::uint32_t seed, step_t after, step_t upto) {
  const auto size = device.train_size();
  if (state_.size() != size || since_ != device.trains_since()) {
    state_.assign(size, 0);
    since_ = device.trains_since();
  }
  constexpr std::uint32_t of_no_node = 0;
  for (step_t stamp = after + 1; stamp <= upto; ++stamp) {
    std::int32_t number = 0;
    if (device.step_trains(stamp - 1, seed, {{&of_no_node, 1}, 0, state_}, {&number, 1}))
      spikes_.push_back({stamp, static_cast<std::uint32_t>(number)});
  }
}

void shared_train::advance_pulses(const stimulator& device, std::uint32_t seed, step_t after, step_t upto) {
  if (!ahead_ || ahead_->seed != seed) ahead_ = future{seed};
  auto& [drawn_with, next, due] = *ahead_;
  for (; next < device.n_pulses() && device.opens(next) <= upto; ++next) {
    if (device.closes(next) <= after) continue;
    device.draw_pulse(next, seed, [&](step_t stamp, std::uint32_t number) {
      if (stamp > after && number > 0) due[stamp] += number;
    });
  }
  for (; !due.empty() && due.begin()->first <= upto; due.erase(due.begin()))
    if (device.is_active(due.begin()->first)) spikes_.push_back({due.begin()->first, due.begin()->second});
}

std::vector<timed_spike> shared_train::emitted(step_t after, step_t upto) const {
  std::vector<timed_spike> found;
  auto next = std::ranges::upper_bound(spikes_, after, {}, &spikes_of_step::stamp);
  for (; next != spikes_.end() && next->stamp <= upto; ++next) found.push_back({next->stamp, 1.0, next->number});
  return found;
}

void shared_train::forget(step_t upto) {
  spikes_.erase(spikes_.begin(), std::ranges::upper_bound(spikes_, upto, {}, &spikes_of_step::stamp));
}

}  // namespace volley::runtime
