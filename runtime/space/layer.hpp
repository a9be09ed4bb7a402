// Where the nodes of one Create call are: on a grid, by formula; or free, by a list or by draws of each node. A layer
// is data that any VP can make the same positions of.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "runtime/base/snapshot.hpp"
#include "runtime/space/geometry.hpp"
#include "runtime/values/draw_site.hpp"
#include "runtime/values/value.hpp"

namespace volley::runtime {

class layer;
using layer_ref = std::shared_ptr<const layer>;

/// Nodes on a grid: column by column, from the top down, and front to back.
struct grid_shape {
  std::array<std::int64_t, 3> counts = {1, 1, 1};  ///< columns, rows, planes
  std::uint64_t size() const { return static_cast<std::uint64_t>(counts[0] * counts[1] * counts[2]); }
  bool operator==(const grid_shape&) const = default;
  template <class Snapshot> void snapshot(Snapshot& s) { s(counts[0], counts[1], counts[2]); }
};

/// Positions that are drawn for each node, a Parameter for each dimension.
struct drawn_positions {
  std::vector<parameter_ref> coordinates;
  draws_of_call draws;
  template <class Snapshot> void snapshot(Snapshot& s) { s(coordinates, draws); }
};

class layer {
 public:
  /// The nodes from `first` on. REQUIRES: counts that are positive, and as many nodes as the grid has.
  static layer_ref on_grid(std::uint64_t first, const grid_shape& shape, const frame& within);
  /// REQUIRES: as many coordinates in each column as there are nodes.
  static layer_ref at_points(std::uint64_t first, std::array<std::vector<double>, 3> columns, const frame& within);
  /// Of columns that draw() gave.
  static layer_ref drawn(std::uint64_t first, drawn_positions how, std::array<std::vector<double>, 3> columns,
                         const frame& within);
  static std::array<std::vector<double>, 3> draw(std::uint64_t first, std::uint64_t n, const drawn_positions& how);

  std::uint64_t first() const { return first_; }
  std::uint64_t size() const { return size_; }
  const frame& within() const { return frame_; }
  int dimensions() const { return frame_.dimensions; }
  const std::optional<grid_shape>& grid() const { return grid_; }

  /// Of node first() + index. REQUIRES: index < size().
  point operator[](std::uint64_t index) const;
  /// Coordinates of many nodes along one axis, given by ids. REQUIRES: nodes of the layer.
  void coordinates(int axis, std::span<const std::uint32_t> ids, std::span<double> out) const;
  /// In which cell of the grid a point lies, which may be outside. REQUIRES: a grid.
  std::array<std::int64_t, 3> cell_of(const point& at) const;

  /// Bytes that it takes.
  std::uint64_t bytes() const;

  void save(snapshot_writer& s) const;
  static layer_ref load(snapshot_reader& s);

 private:
  layer() = default;
  layer(layer&&) = default;  // of one that nobody shares yet
  double grid_coordinate(int axis, std::uint64_t index) const;
  void expect_columns() const;

  std::uint64_t first_ = 0, size_ = 0;
  frame frame_;
  std::optional<grid_shape> grid_;
  std::optional<drawn_positions> drawn_;
  /// Of free positions. Those that an image only says how to draw are drawn when they are first read.
  const std::array<std::vector<double>, 3>& columns() const;
  mutable std::array<std::vector<double>, 3> columns_;
  std::unique_ptr<std::once_flag> undrawn_;
};

}  // namespace volley::runtime
