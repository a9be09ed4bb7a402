#include "runtime/space/geometry.hpp"

#include <cmath>

namespace volley::runtime {

double wrapped(double difference, double length) {
  const double half = length / 2;
  if (difference >= -half && difference < half) return difference;
  const double once = difference < 0 ? difference + length : difference - length;
  if (once >= -half && once < half) return once;
  const double rest = difference - length * std::floor(difference / length + 0.5);
  return rest < half ? rest : -half;  // rounding must not reach the open end
}

point displacement(const frame& in, const point& from, const point& to) {
  point d{to[0] - from[0], to[1] - from[1], to[2] - from[2]};
  if (in.wraps)
    for (int axis = 0; axis < in.dimensions; ++axis) d[axis] = wrapped(d[axis], in.extent[axis]);
  return d;
}

void wrap_all(const frame& in, int axis, std::span<double> differences) {
  if (!in.wraps) return;
  const double length = in.extent[axis], half = length / 2;
  bool outside = false;
  for (double& d : differences) {  // without a branch, so that vectors can do it
    const double low = d < -half ? d + length : d;
    d = low >= half ? low - length : low;
    outside |= !(d >= -half && d < half);
  }
  if (!outside) return;
  for (double& d : differences) d = wrapped(d, length);
}

void lengths(int dimensions, const point_columns& displacements, std::span<double> out) {
  const auto& [x, y, z] = displacements;
  if (dimensions == 2)
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = std::sqrt(x[i] * x[i] + y[i] * y[i]);
  else
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = std::sqrt(x[i] * x[i] + y[i] * y[i] + z[i] * z[i]);
}

double length(const point& d) { return std::sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]); }

}  // namespace volley::runtime
