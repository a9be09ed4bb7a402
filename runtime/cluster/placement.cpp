#include "runtime/cluster/placement.hpp"

#include <algorithm>
#include <limits>

#include "runtime/base/contract.hpp"

namespace volley::runtime::cluster {

placement spread(std::uint32_t vps, const std::vector<candidate>& all) {
  expects(!all.empty() && std::ranges::all_of(all, [](const auto& c) { return c.lanes > 0; }),
          "VPs are spread over workers with lanes");
  placement p;
  std::vector<std::uint64_t> held(all.size());
  for (std::uint32_t vp = 0; vp < vps; ++vp) {
    std::size_t best = 0;
    // (held + 1) / lanes is least; of equals the first.
    for (std::size_t i = 1; i < all.size(); ++i)
      if ((held[i] + 1) * all[best].lanes < (held[best] + 1) * all[i].lanes) best = i;
    ++held[best];
    p.push_back(all[best].number);
  }
  return p;
}

worker_number buddy(std::uint32_t vp, worker_number own, const std::vector<candidate>& all) {
  std::vector<worker_number> others;
  for (const auto& one : all)
    if (one.number != own) others.push_back(one.number);
  expects(!others.empty(), "a buddy is another");
  return others[vp / all.size() % others.size()];  // spread() deals by turns
}

std::optional<placement> after_loss(placement before, const image_holders& images) {
  for (std::uint32_t vp = 0; vp < before.size(); ++vp) {
    if (images[vp].empty()) return std::nullopt;
    if (std::ranges::find(images[vp], before[vp]) == images[vp].end()) before[vp] = images[vp].front();
  }
  return before;
}

placement evened(placement p, const std::vector<candidate>& all) {
  expects(!all.empty(), "VPs are spread over workers");
  std::vector<std::uint64_t> held(all.size());
  std::vector<std::uint32_t> homeless;
  for (std::uint32_t vp = 0; vp < p.size(); ++vp) {
    const auto holder = std::ranges::find(all, p[vp], &candidate::number);
    if (holder == all.end())
      homeless.push_back(vp);
    else
      ++held[static_cast<std::size_t>(holder - all.begin())];
  }
  // Whoever has least with one more, and most, a lane; of equals the first.
  const auto emptiest = [&] {
    std::size_t best = 0;
    for (std::size_t i = 1; i < all.size(); ++i)
      if ((held[i] + 1) * all[best].lanes < (held[best] + 1) * all[i].lanes) best = i;
    return best;
  };
  const auto fullest = [&] {
    std::size_t most = 0;
    for (std::size_t i = 1; i < all.size(); ++i)
      if (held[i] * all[most].lanes > held[most] * all[i].lanes) most = i;
    return most;
  };
  const auto give = [&](std::uint32_t vp, std::size_t to) {
    p[vp] = all[to].number;
    ++held[to];
  };
  for (const auto vp : homeless) give(vp, emptiest());
  for (;;) {
    const auto from = fullest(), to = emptiest();
    if (held[from] * all[to].lanes <= (held[to] + 1) * all[from].lanes) return p;
    --held[from];
    give(vps_of(p, all[from].number).back(), to);
  }
}

std::vector<worker_number> workers_of(const placement& p) {
  auto all = p;
  std::ranges::sort(all);
  const auto rest = std::ranges::unique(all);
  all.erase(rest.begin(), rest.end());
  return all;
}

std::vector<std::uint32_t> vps_of(const placement& p, worker_number who) {
  std::vector<std::uint32_t> vps;
  for (std::uint32_t vp = 0; vp < p.size(); ++vp)
    if (p[vp] == who) vps.push_back(vp);
  return vps;
}

std::uint64_t room(const placement& p, const std::vector<candidate>& all) {
  constexpr auto unlimited = std::numeric_limits<std::uint64_t>::max();
  auto least = unlimited;
  for (const auto& c : all) {
    const auto held = std::ranges::count(p, c.number);
    if (held == 0 || c.memory == unlimited) continue;
    const double whole = static_cast<double>(c.memory) * static_cast<double>(p.size()) / static_cast<double>(held);
    if (whole < static_cast<double>(least)) least = static_cast<std::uint64_t>(whole);
  }
  return least;
}

}  // namespace volley::runtime::cluster
