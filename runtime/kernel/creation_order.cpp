#include "runtime/kernel/creation_order.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

namespace volley::runtime {
namespace {

constexpr std::uint64_t most_single_ids = 10'000, most_reaches = 1'000'000;
constexpr std::size_t most_chains = 256;

}  // namespace

// ---- sets of ids

id_spans::id_spans(const node_set& nodes) {
  std::uint64_t single = 0;
  for (const auto& r : nodes.ranges) single += r.step == 1 ? 1 : r.size();
  if (single > most_single_ids) {
    add(nodes.ranges.front().first, nodes.ranges.back().last);
    return;
  }
  for (const auto& r : nodes.ranges) {
    if (r.step == 1)
      add(r.first, r.last);
    else
      for (auto id = r.first; id <= r.last; id += r.step) add(id, id);
  }
}

void id_spans::add(std::uint64_t first, std::uint64_t last) {
  // What it touches becomes one with it.
  auto at = intervals_.upper_bound(first);
  if (at != intervals_.begin() && std::prev(at)->second + 1 >= first) --at;
  while (at != intervals_.end() && at->first <= last + 1) {
    first = std::min(first, at->first);
    last = std::max(last, at->second);
    at = intervals_.erase(at);
  }
  intervals_.emplace_hint(at, first, last);
}

void id_spans::add(const id_spans& more) {
  for (const auto& [first, last] : more.intervals_) add(first, last);
}

bool id_spans::contains(std::uint64_t id) const {
  const auto after = intervals_.upper_bound(id);
  return after != intervals_.begin() && std::prev(after)->second >= id;
}

bool id_spans::overlaps(const id_spans& other) const {
  const bool smaller = intervals_.size() < other.intervals_.size();
  const auto &few = smaller ? *this : other, &many = smaller ? other : *this;
  return std::ranges::any_of(few.intervals_, [&](const auto& interval) {
    const auto after = many.intervals_.upper_bound(interval.second);
    return after != many.intervals_.begin() && std::prev(after)->second >= interval.first;
  });
}

call_ends::call_ends(const node_set& source_nodes, const node_set& target_nodes)
    : sources(source_nodes), targets(target_nodes) {
  const auto lowest = target_nodes.ranges.front().first, highest = target_nodes.ranges.back().last;
  sources.for_each([&](std::uint64_t first, std::uint64_t last) { reaches.push_back({first, last, lowest, highest}); });
}

call_ends::call_ends(const node_set& source_nodes, const node_set& target_nodes, std::vector<source_reach> exact)
    : call_ends(source_nodes, target_nodes) {
  if (exact.size() <= most_reaches) reaches = std::move(exact);
}

// ---- marks

bool creation_order::high_marks::are_below(const source_reach& next) const {
  auto at = stretches_.upper_bound(next.first);
  if (at != stretches_.begin() && std::prev(at)->second.last >= next.first) --at;
  for (; at != stretches_.end() && at->first <= next.last; ++at)
    if (at->second.highest >= next.lowest) return false;
  return true;
}

// From here on no stretch reaches over the begin of a source.
void creation_order::high_marks::cut_at(std::uint64_t source) {
  const auto after = stretches_.lower_bound(source);
  if (after == stretches_.begin()) return;
  const auto before = std::prev(after);
  if (before->second.last < source) return;
  stretches_.emplace_hint(after, source, stretch{before->second.last, before->second.highest});
  before->second.last = source - 1;
}

void creation_order::high_marks::raise(const source_reach& to) {
  cut_at(to.first);
  cut_at(to.last + 1);
  auto highest = to.highest;
  auto at = stretches_.lower_bound(to.first);
  while (at != stretches_.end() && at->first <= to.last) {
    highest = std::max(highest, at->second.highest);
    at = stretches_.erase(at);
  }
  auto made = stretches_.emplace_hint(at, to.first, stretch{to.last, highest});
  // Neighbours with one mark are one: loops over sources leave a single stretch.
  if (made != stretches_.begin()) {
    const auto before = std::prev(made);
    if (before->second.last + 1 == to.first && before->second.highest == highest) {
      before->second.last = to.last;
      stretches_.erase(made);
    }
  }
}

// ---- chains

creation_order::place creation_order::place_of(const call_ends& ends) const {
  if (chains_.empty()) return place::in_new_chain;
  const auto meets = [&](const chain& c) {
    return ends.sources.overlaps(c.sources) && ends.targets.overlaps(c.targets);
  };
  if (std::any_of(chains_.begin(), chains_.end() - 1, meets)) return place::told;
  const chain& last = chains_.back();
  if (std::ranges::all_of(ends.reaches, [&](const auto& reach) { return last.marks.are_below(reach); }))
    return place::in_last_chain;
  return meets(last) || chains_.size() == most_chains ? place::told : place::in_new_chain;
}

void creation_order::add(const call_ends& ends, std::uint32_t ordinal) {
  const auto where = place_of(ends);
  if (where == place::in_new_chain) chains_.push_back({ordinal, {}, {}, {}});
  // Marked calls count among what is connected; unmarked ones of the same sources must not seem to be of earlier calls.
  chain& last = chains_.back();
  last.sources.add(ends.sources);
  last.targets.add(ends.targets);
  for (auto reach : ends.reaches) {
    if (where == place::told) reach.highest = std::numeric_limits<std::uint64_t>::max();
    last.marks.raise(reach);
  }
}

// The chain of an unmarked connection is the first that seems to contain it: later ones would have met it.
std::uint32_t creation_order::call_of(std::uint64_t source, std::uint64_t target) const {
  for (const auto& c : chains_)
    if (c.sources.contains(source) && c.targets.contains(target)) return c.ordinal;
  return 0;
}

}  // namespace volley::runtime
