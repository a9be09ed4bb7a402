#include "runtime/delivery/timed_input.hpp"

#include <algorithm>

namespace volley::runtime {

void timed_input::sort(step_t from, step_t to) {
  due_.erase(due_.begin(), due_.lower_bound(from));
  for (auto day = due_.begin(); day != due_.end() && day->first < to; ++day)
    std::ranges::stable_sort(day->second, [](const timed_amount& a, const timed_amount& b) {
      return a.slot != b.slot ? a.slot < b.slot : a.offset_ms > b.offset_ms;
    });
}

std::span<const timed_amount> timed_input::at(step_t due, input_slot first, std::uint32_t slots) const {
  const auto day = due_.find(due);
  if (day == due_.end()) return {};
  const auto begin = std::ranges::lower_bound(day->second, first.index(), {}, &timed_amount::slot);
  const auto end = std::ranges::lower_bound(begin, day->second.end(), first.index() + slots, {}, &timed_amount::slot);
  return {begin, end};
}

std::uint64_t timed_input::bytes() const {
  std::uint64_t bytes = 0;
  for (const auto& [due, amounts] : due_) bytes += amounts.capacity() * sizeof(timed_amount);
  return bytes;
}

}  // namespace volley::runtime
