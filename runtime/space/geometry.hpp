// Points, the frame that a layer lies in, and what is between two points of it.
#pragma once
#include <array>
#include <cstdint>
#include <span>

namespace volley::runtime {

/// Coordinates beyond the dimensions of their layer are 0.
using point = std::array<double, 3>;

/// A point for each node: columns by dimension.
using point_columns = std::array<std::span<const double>, 3>;

/// Coordinates and extents are at most this, so that squares and sums of them are finite.
inline constexpr double largest_coordinate = 1e100;

/// The box that holds a layer. A layer that wraps goes on at its far side: it is a torus.
struct frame {
  std::int32_t dimensions = 2;
  point low = {}, extent = {};
  bool wraps = false;

  point center() const { return {low[0] + extent[0] / 2, low[1] + extent[1] / 2, low[2] + extent[2] / 2}; }
  bool operator==(const frame&) const = default;
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(dimensions, low[0], low[1], low[2], extent[0], extent[1], extent[2], wraps);
    if constexpr (Snapshot::loads)
      if (dimensions != 2 && dimensions != 3) s.refuse();
  }
};

/// A difference on a circle of the given length, in [-length / 2, length / 2).
double wrapped(double difference, double length);

/// `to` - `from`, the shorter way round where the frame wraps.
point displacement(const frame& in, const point& from, const point& to);

/// The same for many differences along one axis, in place.
void wrap_all(const frame& in, int axis, std::span<double> differences);

/// Lengths of displacements given by columns; `dimensions` of them.
void lengths(int dimensions, const point_columns& displacements, std::span<double> out);
double length(const point& displacement);

}  // namespace volley::runtime
