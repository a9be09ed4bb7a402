// Where the sites of an expression are: what its spatial terms read.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace volley::runtime {

/// Columns by dimension, with one entry, which stands for all sites, or one a site; empty where nothing is known.
struct site_geometry {
  using columns = std::array<std::span<const double>, 3>;
  columns node = {};                 ///< of the node itself, where a node is given its value
  columns source = {}, target = {};  ///< of the ends, where a pair is
  columns apart = {};                ///< of a pair: how far from each other in each dimension, never negative
  std::span<const double> distance = {};
  bool of_pairs = false;  ///< what is given values is pairs, which functions of positions are for

  static double at(std::span<const double> column, std::size_t i) { return column[column.size() == 1 ? 0 : i]; }
};

/// That of some of the sites, side by side.
inline site_geometry part_of(const site_geometry& all, std::size_t begin, std::size_t n) {
  const auto cut = [&](std::span<const double>& column) {
    if (column.size() > 1) column = column.subspan(begin, n);
  };
  site_geometry part = all;
  for (auto* const columns : {&part.node, &part.source, &part.target, &part.apart})
    for (auto& column : *columns) cut(column);
  cut(part.distance);
  return part;
}

/// What the spatial terms of an expression read: a bit a dimension, the fourth for all beyond the third.
struct spatial_reads {
  std::uint8_t node = 0, source = 0, target = 0, apart = 0;
  bool distance = false;
  bool functions = false;  ///< of positions: they are for pairs alone

  bool of_pairs() const { return (source | target | apart) != 0 || distance || functions; }
  /// How many dimensions there must be.
  int dimensions() const {
    const int axes = node | source | target | apart;
    return axes >= 8 ? 4 : axes >= 4 ? 3 : axes >= 2 ? 2 : axes;
  }
};

}  // namespace volley::runtime
