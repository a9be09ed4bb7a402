// Who owns the draws of an expression: the site at which it is evaluated. The draws of one evaluation are numbered.
#pragma once
#include <array>
#include <cstdint>
#include <span>

#include "models/core/random.hpp"
#include "runtime/base/halves.hpp"
#include "runtime/values/site_geometry.hpp"

namespace volley::runtime {

/// `place` tells apart the values that one owner draws in one call (a weight and a delay of the same connection). A
/// block of random words makes two normal variates: an even place takes the first, the odd one after it the second.
struct draw_site {
  static constexpr std::uint32_t places = 1u << 12;  ///< place is below this
  static constexpr std::uint32_t draws_per_evaluation = 1u << 19;

  models::random_key key;
  std::array<std::uint32_t, 3> owner{};
  std::uint32_t place = 0;
  /// Where it is, and which entry of the columns: null for what has no position.
  const site_geometry* geometry = nullptr;
  std::size_t entry = 0;

  /// Philox counter of draw number `draw` of an evaluation.
  models::random_words counter(std::uint32_t draw) const { return {owner[0], owner[1], owner[2], place << 20 | draw}; }
  /// The same for a pair of normal variates. No other draw has this counter.
  models::random_words counter_of_normals(std::uint32_t draw) const {
    return {owner[0], owner[1], owner[2], (place & ~1u) << 20 | draws_per_evaluation | draw};
  }
  bool takes_second_normal() const { return place % 2 != 0; }
};

/// Whose draws the Parameters of one call are.
struct draws_of_call {
  std::uint32_t seed = 0, call = 0;
  template <class Snapshot> void snapshot(Snapshot& s) { s(seed, call); }
};

/// A value of a connection, or of a pair where `multapse` is 0. A degree belongs to one node and has 0, which no node
/// has as its id, for the other. Place 0 belongs to the connection rule.
inline draw_site connection_site(std::uint32_t seed, std::uint32_t call, std::uint64_t source, std::uint64_t target,
                                 std::uint32_t multapse, std::uint32_t place) {
  return {{seed, models::purpose::connection_parameter, call}, {low_half(source), low_half(target), multapse}, place};
}

/// A value that Create or set gives to a node.
inline draw_site node_site(const draws_of_call& draws, std::uint64_t node, std::uint32_t place) {
  return {{draws.seed, models::purpose::node_parameter, draws.call}, {low_half(node), high_half(node), 0}, place};
}

/// One value for its own sake: GetValue().
inline draw_site value_site(const draws_of_call& draws) {
  return {{draws.seed, models::purpose::value_parameter, draws.call}, {}, 0};
}

/// Many sites of one call with a common place. Each column of owners has one entry, which stands for all, or one per
/// site.
struct draw_sites {
  models::random_key key;
  std::array<std::span<const std::uint32_t>, 3> owners;
  std::uint32_t place = 0;
  const site_geometry* geometry = nullptr;  ///< null for what has no position

  draw_site operator[](std::size_t i) const {
    const auto entry = [i](std::span<const std::uint32_t> column) { return column[column.size() == 1 ? 0 : i]; };
    return {key, {entry(owners[0]), entry(owners[1]), entry(owners[2])}, place, geometry, i};
  }
};

/// Some of the sites, side by side. `geometry` gets theirs, where the sites have any.
inline draw_sites part_of(const draw_sites& sites, std::size_t begin, std::size_t n, site_geometry& geometry) {
  draw_sites part = sites;
  for (auto& column : part.owners)
    if (column.size() != 1) column = column.subspan(begin, n);
  if (sites.geometry == nullptr) return part;
  geometry = part_of(*sites.geometry, begin, n);
  part.geometry = &geometry;
  return part;
}

}  // namespace volley::runtime
