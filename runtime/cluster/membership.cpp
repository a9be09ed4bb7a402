#include "runtime/cluster/membership.hpp"

#include <algorithm>

namespace volley::runtime::cluster {

void membership::hear(worker_number who, time_point now) {
  const auto known = heard_.find(who);
  if (known != heard_.end()) known->second = std::max(known->second, now);
}

std::vector<worker_number> membership::tick(time_point now) {
  const bool slept = last_tick_ != time_point{} && now - last_tick_ > 3 * limits_.period;
  last_tick_ = now;
  if (slept)
    for (auto& [who, when] : heard_) when = std::max(when, now - limits_.dead_after + limits_.period);
  std::vector<worker_number> dead;
  for (const auto& [who, when] : heard_)
    if (now - when > limits_.dead_after) dead.push_back(who);
  for (const auto who : dead) leave(who);
  return dead;
}

}  // namespace volley::runtime::cluster
