#include "actors/backoff.hpp"

#include <algorithm>

namespace volley::actors {

std::chrono::milliseconds backoff::refuse(const std::string& address, clock::time_point now) {
  if (!known_.contains(address)) make_room(now);
  auto& here = known_.try_emplace(address, record{limits_.first, now}).first->second;
  if (now - here.last > limits_.forgotten_after) here.next = limits_.first;
  const auto wait = here.next;
  here = {std::min(2 * wait, limits_.longest), now};
  return wait;
}

void backoff::make_room(clock::time_point now) {
  std::erase_if(known_, [&](const auto& entry) { return now - entry.second.last > limits_.forgotten_after; });
  if (known_.size() < limits_.addresses) return;
  known_.erase(std::ranges::min_element(known_, {}, [](const auto& entry) { return entry.second.last; }));
}

}  // namespace volley::actors
