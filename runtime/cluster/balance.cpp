#include "runtime/cluster/balance.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace volley::runtime::cluster {
namespace {

constexpr int patience = 3;
constexpr std::chrono::seconds pause{5};
constexpr double worth_it = 0.95;  // of what it takes now

// A lane each, where there is one.
double mean_of(const std::vector<double>& seconds, const std::vector<candidate>& all) {
  const auto lanes = std::accumulate(all.begin(), all.end(), 0.0, [](double n, const auto& c) { return n + c.lanes; });
  return std::accumulate(seconds.begin(), seconds.end(), 0.0) / std::min(lanes, static_cast<double>(seconds.size()));
}

double load(const placement& p, const std::vector<double>& seconds, const candidate& one) {
  double sum = 0, longest = 0;
  for (std::size_t vp = 0; vp < p.size(); ++vp) {
    if (p[vp] != one.number) continue;
    sum += seconds[vp];
    longest = std::max(longest, seconds[vp]);
  }
  return std::max(longest, sum / one.lanes);
}

}  // namespace

std::vector<double> loads(const placement& p, const std::vector<double>& seconds, const std::vector<candidate>& all) {
  std::vector<double> of;
  for (const auto& one : all) of.push_back(load(p, seconds, one));
  return of;
}

std::optional<placement> balanced(placement p, const std::vector<double>& seconds, const std::vector<candidate>& all) {
  auto now = loads(p, seconds, all);
  const auto limit = too_long * mean_of(seconds, all), before = std::ranges::max(now);
  for (;;) {
    const auto from = static_cast<std::size_t>(std::ranges::max_element(now) - now.begin());
    if (now[from] <= limit) break;
    auto best = p;
    auto least = now[from];  // of the longer of the two
    for (const auto vp : vps_of(p, all[from].number))
      for (std::size_t to = 0; to < all.size(); ++to) {
        auto tried = p;
        tried[vp] = all[to].number;
        const auto longer = std::max(load(tried, seconds, all[from]), load(tried, seconds, all[to]));
        if (longer < least) {
          least = longer;
          best = std::move(tried);
        }
      }
    if (best == p) break;
    p = std::move(best);
    now = loads(p, seconds, all);
  }
  if (std::ranges::max(now) > worth_it * before) return std::nullopt;
  return p;
}

std::optional<placement> balance::hear(const placement& p, const std::vector<double>& seconds,
                                       const std::vector<candidate>& all, time_point now) {
  const auto before = std::exchange(before_, seconds);
  if (before.size() != seconds.size()) return std::nullopt;
  auto since = seconds;
  for (std::size_t vp = 0; vp < since.size(); ++vp) since[vp] -= before[vp];
  const auto each = loads(p, since, all);
  if (all.empty()) return std::nullopt;
  const auto most = std::ranges::max_element(each);
  const auto mean = mean_of(since, all);
  if (*most > 0) evenness_ = std::min(1.0, mean / *most);
  if (*most <= too_long * mean) {
    times_ = 0;
    return std::nullopt;
  }
  const auto slowest = all[static_cast<std::size_t>(most - each.begin())].number;
  if (std::exchange(slowest_, slowest) != slowest) times_ = 0;
  if (++times_ < patience || (said_ && now - *said_ < pause)) return std::nullopt;
  times_ = 0;
  auto better = balanced(p, since, all);
  if (better) said_ = now;
  return better;
}

}  // namespace volley::runtime::cluster
