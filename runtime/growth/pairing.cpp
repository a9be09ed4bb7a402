#include "runtime/growth/pairing.hpp"

#include <algorithm>
#include <numeric>

#include "runtime/base/contract.hpp"
#include "runtime/base/halves.hpp"

namespace volley::runtime {
namespace {

/// The first `count` become a random choice of all, in random order.
template <class T> void shuffle_front(std::vector<T>& all, std::size_t count, structural_draws& draws) {
  for (std::size_t i = 0; i < count; ++i) std::swap(all[i], all[i + draws.below(all.size() - i)]);
}

/// Each node as often as it has vacant elements.
std::vector<std::uint64_t> vacant_ones(const element_table& elements) {
  std::vector<std::uint64_t> all;
  all.reserve(elements.n_vacant());
  for (const auto& [id, vacant] : elements.entries())
    if (vacant > 0) all.insert(all.end(), static_cast<std::size_t>(vacant), id);
  return all;
}

}  // namespace

structural_draws::structural_draws(std::uint32_t seed, step_t now, std::uint32_t synapse, choice of)
    : key_{seed, models::purpose::structural_change, synapse},
      counter_{low_half(static_cast<std::uint64_t>(now)), high_half(static_cast<std::uint64_t>(now)), 0,
               static_cast<std::uint32_t>(of)} {}

// Of 2^64 numbers so few favour anybody that no test would see it.
std::uint64_t structural_draws::below(std::uint64_t n) {
  expects(n > 0, "something can be drawn");
  const auto words = models::draw(key_, counter_);
  ++counter_[2];
  const auto number = std::uint64_t{words[0]} << 32 | words[1];
  return static_cast<std::uint64_t>(static_cast<unsigned __int128>(number) * n >> 64);
}

element_table::element_table(std::span<const element_counts* const> by_vp) {
  for (const auto* part : by_vp)
    for (std::size_t i = 0; i < part->ids.size(); ++i) entries_.push_back({part->ids[i], part->vacant[i]});
  std::ranges::sort(entries_, {}, &entry::id);
}

const element_table::entry* element_table::find(std::uint64_t id) const {
  const auto at = std::ranges::lower_bound(entries_, id, {}, &entry::id);
  return at == entries_.end() || at->id != id ? nullptr : &*at;
}

std::int64_t element_table::vacant(std::uint64_t id) const {
  const auto* const found = find(id);
  return found == nullptr ? 0 : found->vacant;
}

void element_table::free(std::uint64_t id, std::int64_t more) {
  if (const auto* const found = find(id)) const_cast<entry*>(found)->vacant += more;
}

std::uint64_t element_table::n_vacant() const {
  return std::accumulate(entries_.begin(), entries_.end(), std::uint64_t{0}, [](std::uint64_t sum, const entry& one) {
    return sum + static_cast<std::uint64_t>(std::max<std::int64_t>(one.vacant, 0));
  });
}

std::vector<std::uint64_t> element_table::overfull() const {
  std::vector<std::uint64_t> ids;
  for (const auto& one : entries_)
    if (one.vacant < 0) ids.push_back(one.id);
  return ids;
}

std::vector<std::size_t> chosen_to_go(std::span<const std::uint64_t> nodes, const element_table& elements,
                                      structural_draws& draws) {
  std::vector<std::size_t> chosen, mine;
  for (std::size_t begin = 0; begin < nodes.size();) {
    std::size_t end = begin + 1;
    while (end < nodes.size() && nodes[end] == nodes[begin]) ++end;
    const auto surplus = static_cast<std::size_t>(std::max<std::int64_t>(-elements.vacant(nodes[begin]), 0));
    mine.resize(end - begin);
    std::iota(mine.begin(), mine.end(), begin);
    const auto count = std::min(surplus, mine.size());
    shuffle_front(mine, count, draws);
    chosen.insert(chosen.end(), mine.begin(), mine.begin() + static_cast<std::ptrdiff_t>(count));
    begin = end;
  }
  std::ranges::sort(chosen);
  return chosen;
}

std::vector<node_pair> paired(const element_table& pre, const element_table& post, structural_draws& draws) {
  auto sources = vacant_ones(pre), targets = vacant_ones(post);
  const auto n = std::min(sources.size(), targets.size());
  shuffle_front(sources.size() > targets.size() ? sources : targets, n, draws);
  std::vector<node_pair> pairs;
  pairs.reserve(n);
  for (std::size_t i = 0; i < n; ++i) pairs.emplace_back(sources[i], targets[i]);
  std::ranges::sort(pairs);
  return pairs;
}

}  // namespace volley::runtime
