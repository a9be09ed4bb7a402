#include "runtime/rules/listed_pairs.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <utility>

namespace volley::runtime {
namespace {

/// The pairs by source, then target.
// Long lists are those of files, most of which are sorted by source or by target. There they need not be compared.
std::vector<std::pair<std::uint64_t, std::uint64_t>> ascending(const std::vector<std::uint64_t>& sources,
                                                               const std::vector<std::uint64_t>& targets) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> pairs(sources.size());
  if (pairs.empty()) return pairs;
  const auto [lowest, highest] = std::ranges::minmax(sources);
  const auto span = highest - lowest + 1;
  const bool are_counted = span <= sources.size();
  std::vector<std::size_t> places(are_counted ? span + 1 : 0);  // of the next pair of each source
  if (are_counted) {
    for (const auto source : sources) ++places[source - lowest + 1];
    std::partial_sum(places.begin(), places.end(), places.begin());
  }
  for (std::size_t i = 0; i < sources.size(); ++i)
    pairs[are_counted ? places[sources[i] - lowest]++ : i] = {sources[i], targets[i]};
  if (!std::ranges::is_sorted(pairs)) std::ranges::sort(pairs);
  return pairs;
}

}  // namespace

listed_pairs listed(const std::vector<std::uint64_t>& sources, const std::vector<std::uint64_t>& targets) {
  listed_pairs all;
  const auto pairs = ascending(sources, targets);
  all.number = pairs.size();
  all.repeat = std::ranges::adjacent_find(pairs) != pairs.end();
  for (const auto& [source, target] : pairs) {
    if (all.reaches.empty() || all.reaches.back().first != source)
      all.reaches.push_back({source, source, target, target});
    all.reaches.back().highest = target;
  }
  all.targets = targets;
  if (!std::ranges::is_sorted(all.targets)) std::ranges::sort(all.targets);
  all.targets.erase(std::ranges::unique(all.targets).begin(), all.targets.end());
  return all;
}

void listed_pairs::include(const listed_pairs& others) {
  number += others.number;
  repeat |= others.repeat;
  const auto its_reaches = std::exchange(reaches, {});
  std::ranges::merge(its_reaches, others.reaches, std::back_inserter(reaches), {}, &source_reach::first,
                     &source_reach::first);
  std::size_t kept = 0;
  for (const auto& next : reaches) {
    if (kept > 0 && reaches[kept - 1].first == next.first) {
      auto& same = reaches[kept - 1];
      same.lowest = std::min(same.lowest, next.lowest);
      same.highest = std::max(same.highest, next.highest);
    } else {
      reaches[kept++] = next;
    }
  }
  reaches.resize(kept);
  const auto its_targets = std::exchange(targets, {});
  std::ranges::set_union(its_targets, others.targets, std::back_inserter(targets));
}

}  // namespace volley::runtime
