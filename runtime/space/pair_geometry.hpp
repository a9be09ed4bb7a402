// What the spatial terms of an expression read of nodes and of pairs of nodes.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "runtime/space/layer.hpp"
#include "runtime/values/site_geometry.hpp"

namespace volley::runtime {

/// Of nodes, where each is given a value of its own.
class node_geometry {
 public:
  /// Null: the nodes have no positions.
  explicit node_geometry(const layer* where) : where_(where) {}

  /// Of nodes by id; null where they have no positions. Valid until the next call.
  const site_geometry* of(std::span<const std::uint32_t> ids);

 private:
  const layer* where_;
  std::array<std::vector<double>, 3> columns_;
  site_geometry geometry_;
};

/// Of one point and many.
class pair_geometry {
 public:
  /// `reads`: what will be read; the rest is left out. `wraps`: the frame of the displacements.
  pair_geometry(const frame& wraps, const spatial_reads& reads) : frame_(wraps), reads_(reads) {}

  /// For `one` source (or target) and n targets (or sources). Valid until the next call, as long as the columns.
  const site_geometry& between(const point& one, const point_columns& many, std::size_t n, bool many_are_targets);

 private:
  frame frame_;
  spatial_reads reads_;
  point one_ = {};
  std::array<std::vector<double>, 3> apart_;
  std::vector<double> distances_;
  site_geometry geometry_;
};

/// The same for connections that are known by ids.
class connection_geometry {
 public:
  connection_geometry(const layer& sources, const layer& targets, const frame& wraps, const spatial_reads& reads)
      : sources_(sources), targets_(targets), geometry_(wraps, reads) {}

  /// One of the two columns has one entry. REQUIRES: nodes of the layers.
  const site_geometry& between(std::span<const std::uint32_t> sources, std::span<const std::uint32_t> targets);

 private:
  const layer &sources_, &targets_;
  pair_geometry geometry_;
  std::array<std::vector<double>, 3> columns_;
};

}  // namespace volley::runtime
