// Regions that are laid over a layer with their origin at a node: who may be connected with it. Balls, boxes and
// ellipsoids (circles, rectangles and ellipses in the plane), turned and shifted, and what is in both, in either, or in
// one alone.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "runtime/base/snapshot.hpp"
#include "runtime/space/geometry.hpp"

namespace volley::runtime {

struct mask;
using mask_ref = std::shared_ptr<const mask>;

/// Both corners belong to it.
struct bounding_box {
  point low = {}, high = {};
  template <class Snapshot> void snapshot(Snapshot& s) { s(low[0], low[1], low[2], high[0], high[1], high[2]); }
};

/// Some cells of a grid: `anchor` is the one that lies on the node.
struct grid_cells {
  std::array<std::int64_t, 3> counts = {1, 1, 1}, anchor = {};
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(counts[0], counts[1], counts[2], anchor[0], anchor[1], anchor[2]);
  }
};

struct mask {
  enum class form : std::uint8_t { box, ellipsoid, both, either, without, grid };

  form kind = form::box;
  std::int32_t dimensions = 2;
  /// Boxes and ellipsoids: a displacement p is inside if |axes (p - center)| is at most `half` along each axis, or in
  /// the sum of squares of the ratios.
  point center = {}, half = {};
  std::array<point, 3> axes = {point{1, 0, 0}, point{0, 1, 0}, point{0, 0, 1}};
  bool turned = false;
  bounding_box bounds;     ///< of what is inside; of a box that is not turned, the same
  mask_ref first, second;  ///< of both, either, without: shifted by `center`
  grid_cells cells;        ///< grid: the whole mask, and no part of one

  /// REQUIRES: no grid.
  bool contains(const point& displacement) const;
  /// Which of the displacements, columns of one size, are inside. The first bit of each says so.
  void contains(const point_columns& displacements, std::span<std::uint8_t> inside) const;

  template <class Snapshot> void snapshot(Snapshot& s) {
    s.enumerator(kind, form::grid);
    s(dimensions, center[0], center[1], center[2], half[0], half[1], half[2], turned);
    for (auto& axis : axes) s(axis[0], axis[1], axis[2]);
    s(bounds, first, second, cells);
    if constexpr (Snapshot::loads)
      if ((dimensions != 2 && dimensions != 3) || is_joined() != (first != nullptr && second != nullptr)) s.refuse();
  }
  bool is_joined() const { return kind == form::both || kind == form::either || kind == form::without; }
};

/// Boundaries are inside; those of turned boxes with some slack for the rounding of the turn. `polar` turns about the y
/// axis, `azimuth` then about the z axis, in degrees, about the center. REQUIRES: low < high, radii > 0.
mask make_box(int dimensions, const point& low, const point& high, double azimuth, double polar);
mask make_ellipsoid(int dimensions, const point& radii, double azimuth, double polar);
mask make_grid(int dimensions, const grid_cells& cells);
/// REQUIRES: masks of the same dimensions, no grids.
mask make_joined(mask::form how, mask_ref first, mask_ref second);
/// The mask, its origin at `anchor`.
mask shifted(mask m, const point& anchor);

}  // namespace volley::runtime
