// The arithmetic of sets of node ids as ascending, disjoint ranges: no cost per node while ids are regular.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace volley::client {

/// Ids first, first + step, ..., last (included and reached).
struct node_range {
  std::uint64_t first = 0, last = 0, step = 1;
  std::uint64_t size() const { return (last - first) / step + 1; }
  std::uint64_t operator[](std::uint64_t i) const { return first + i * step; }
  bool operator==(const node_range&) const = default;
};

using node_ranges = std::vector<node_range>;

std::uint64_t count(const node_ranges& ranges);

/// REQUIRES: position < count(ranges).
std::uint64_t id_at(const node_ranges& ranges, std::uint64_t position);

/// Where `id` stands; nothing when it is not there.
std::optional<std::uint64_t> position_of(const node_ranges& ranges, std::uint64_t id);

/// Strictly ascending ids as ranges: runs of neighbours, and of at least three ids with one step.
node_ranges compress(std::span<const std::uint64_t> ids);

std::vector<std::uint64_t> expand(const node_ranges& ranges);

/// Positions first, first + step, ... below last. REQUIRES: first < last <= count(ranges), step >= 1.
node_ranges slice(const node_ranges& ranges, std::uint64_t first, std::uint64_t last, std::uint64_t step);

/// Both sets in order of ids, neighbouring runs joined; nothing when they share an id. Costs per id only where ranges
/// interleave.
std::optional<node_ranges> unite(const node_ranges& a, const node_ranges& b);

/// The same ids, however they are cut into ranges.
bool same_ids(const node_ranges& a, const node_ranges& b);

}  // namespace volley::client
