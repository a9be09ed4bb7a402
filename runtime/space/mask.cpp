#include "runtime/space/mask.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "models/core/trigonometry.hpp"

namespace volley::runtime {
namespace {

constexpr double slack_of_turned = 1e-12;

void turn(mask& m, double azimuth, double polar) {
  m.turned = azimuth != 0 || polar != 0;
  if (!m.turned) return;
  constexpr double degree = 3.14159265358979323846 / 180;
  const double ca = models::cos(azimuth * degree), sa = models::sin(azimuth * degree);
  const double cp = models::cos(polar * degree), sp = models::sin(polar * degree);
  m.axes = {point{ca * cp, sa * cp, -sp}, point{-sa, ca, 0}, point{ca * sp, sa * sp, cp}};
}

/// Displacements of some points from the center of a mask along one of its axes.
double along(const mask& m, int axis, const point& p) {
  const auto& a = m.axes[axis];
  return a[0] * (p[0] - m.center[0]) + a[1] * (p[1] - m.center[1]) + a[2] * (p[2] - m.center[2]);
}

bool in_box(const mask& m, const point& p) {
  if (!m.turned) {
    for (int axis = 0; axis < m.dimensions; ++axis)
      if (!(p[axis] >= m.bounds.low[axis] && p[axis] <= m.bounds.high[axis])) return false;
    return true;
  }
  for (int axis = 0; axis < m.dimensions; ++axis)
    if (!(std::fabs(along(m, axis, p)) <= m.half[axis] + slack_of_turned)) return false;
  return true;
}

bool in_ellipsoid(const mask& m, const point& p) {
  double squares = 0;
  if (m.half[0] == m.half[1] && (m.dimensions == 2 || m.half[0] == m.half[2])) {  // a ball: exact at its radius
    for (int axis = 0; axis < m.dimensions; ++axis) squares += (p[axis] - m.center[axis]) * (p[axis] - m.center[axis]);
    return squares <= m.half[0] * m.half[0];
  }
  for (int axis = 0; axis < m.dimensions; ++axis) {
    const double ratio = along(m, axis, p) / m.half[axis];
    squares += ratio * ratio;
  }
  return squares <= 1;
}

}  // namespace

bool mask::contains(const point& p) const {
  const auto local = [&] { return point{p[0] - center[0], p[1] - center[1], p[2] - center[2]}; };
  switch (kind) {
    case form::box: return in_box(*this, p);
    case form::ellipsoid: return in_ellipsoid(*this, p);
    case form::both: return first->contains(local()) && second->contains(local());
    case form::either: return first->contains(local()) || second->contains(local());
    case form::without: return first->contains(local()) && !second->contains(local());
    case form::grid: break;
  }
  return false;
}

void mask::contains(const point_columns& d, std::span<std::uint8_t> inside) const {
  const auto& [x, y, z] = d;
  const std::size_t n = inside.size();
  // The masks of nearly all networks, in loops for vectors; what they compute is as in contains().
  if (kind == form::ellipsoid && dimensions == 2 && half[0] == half[1]) {
    const double square = half[0] * half[0], cx = center[0], cy = center[1];
    for (std::size_t i = 0; i < n; ++i) {
      const double dx = x[i] - cx, dy = y[i] - cy;
      inside[i] = dx * dx + dy * dy <= square;
    }
  } else if (kind == form::box && dimensions == 2 && !turned) {
    for (std::size_t i = 0; i < n; ++i)
      inside[i] = static_cast<std::uint8_t>(int{x[i] >= bounds.low[0]} & int{x[i] <= bounds.high[0]} &
                                            int{y[i] >= bounds.low[1]} & int{y[i] <= bounds.high[1]});
  } else {
    for (std::size_t i = 0; i < n; ++i) inside[i] = contains({x[i], y[i], dimensions == 3 ? z[i] : 0.0});
  }
}

mask make_box(int dimensions, const point& low, const point& high, double azimuth, double polar) {
  mask m;
  m.kind = mask::form::box;
  m.dimensions = dimensions;
  m.bounds = {low, high};
  for (int axis = 0; axis < dimensions; ++axis) {
    m.center[axis] = low[axis] / 2 + high[axis] / 2;
    m.half[axis] = high[axis] / 2 - low[axis] / 2;
  }
  turn(m, azimuth, polar);
  if (!m.turned) return m;
  for (int axis = 0; axis < dimensions; ++axis) {
    double reach = 0;
    for (int own = 0; own < dimensions; ++own) reach += std::fabs(m.axes[own][axis]) * (m.half[own] + slack_of_turned);
    m.bounds.low[axis] = m.center[axis] - reach;
    m.bounds.high[axis] = m.center[axis] + reach;
  }
  return m;
}

mask make_ellipsoid(int dimensions, const point& radii, double azimuth, double polar) {
  mask m;
  m.kind = mask::form::ellipsoid;
  m.dimensions = dimensions;
  m.half = radii;
  turn(m, azimuth, polar);
  for (int axis = 0; axis < dimensions; ++axis) {
    double squares = 0;
    for (int own = 0; own < dimensions; ++own) squares += std::pow(m.axes[own][axis] * radii[own], 2);
    // Not less than what rounding may let in.
    const double reach = m.turned ? std::sqrt(squares) * (1 + 1e-12) : radii[axis];
    m.bounds.low[axis] = -reach;
    m.bounds.high[axis] = reach;
  }
  return m;
}

mask make_grid(int dimensions, const grid_cells& cells) {
  mask m;
  m.kind = mask::form::grid;
  m.dimensions = dimensions;
  m.cells = cells;
  return m;
}

mask make_joined(mask::form how, mask_ref first, mask_ref second) {
  mask m;
  m.kind = how;
  m.dimensions = first->dimensions;
  m.bounds = first->bounds;
  for (int axis = 0; axis < m.dimensions; ++axis) {
    double &low = m.bounds.low[axis], &high = m.bounds.high[axis];
    const double other_low = second->bounds.low[axis], other_high = second->bounds.high[axis];
    if (how == mask::form::either) {
      low = std::min(low, other_low);
      high = std::max(high, other_high);
    } else if (how == mask::form::both) {
      low = std::max(low, other_low);
      high = std::max(low, std::min(high, other_high));  // nothing is inside where they are apart
    }
  }
  m.first = std::move(first);
  m.second = std::move(second);
  return m;
}

mask shifted(mask m, const point& anchor) {
  for (int axis = 0; axis < m.dimensions; ++axis) {
    m.center[axis] += anchor[axis];
    m.bounds.low[axis] += anchor[axis];
    m.bounds.high[axis] += anchor[axis];
  }
  return m;
}

}  // namespace volley::runtime
