#include "runtime/space/position_spec.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "runtime/base/nearest_name.hpp"
#include "runtime/space/number_lists.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::runtime {
namespace {

constexpr std::int64_t most_nodes = 0xfffffffe;

[[noreturn]] void refuse(const std::string& text, error_kind kind = error_kind::BadProperty) {
  throw api_error(kind, "Create: positions: " + text);
}

point point_of(const value& v, const char* key, int dimensions) {
  const auto numbers = numbers_in(v);
  if (!numbers || numbers->size() != static_cast<std::size_t>(dimensions))
    refuse(std::string(key) + " = " + to_text(v) + " must be " + std::to_string(dimensions) + " numbers");
  point p{};
  for (int axis = 0; axis < dimensions; ++axis) {
    p[axis] = (*numbers)[static_cast<std::size_t>(axis)];
    if (!(std::fabs(p[axis]) <= largest_coordinate))
      refuse(std::string(key) + " = " + to_text(v) + " must be finite numbers of at most 1e100");
  }
  return p;
}

void read_grid(const value& shape, std::int64_t count, position_spec& to) {
  if (count > 1) refuse("a grid's shape says how many nodes there are; n cannot be given", error_kind::ValueError);
  const auto counts = integers_in(shape);
  if (!counts || counts->size() < 2 || counts->size() > 3)
    refuse("shape = " + to_text(shape) + " must be 2 or 3 integers");
  to.dimensions = static_cast<int>(counts->size());
  grid_shape grid;
  std::int64_t left = most_nodes;
  for (std::size_t axis = 0; axis < counts->size(); ++axis) {
    const auto n = grid.counts[axis] = (*counts)[axis];
    if (n < 1) refuse("shape = " + to_text(shape) + " must be positive integers");
    if (n > left)
      refuse("shape = " + to_text(shape) + " has more nodes than there are ids", error_kind::KernelException);
    left /= n;
  }
  to.nodes = grid.size();
  to.grid = grid;
}

void read_points(const matrix& rows, position_spec& to) {
  if (rows.rows == 0) refuse("there are none");
  if (rows.columns != 2 && rows.columns != 3)
    refuse("a position must have 2 or 3 coordinates, not " + std::to_string(rows.columns));
  for (std::size_t i = 0; i < rows.data.size(); ++i)
    if (!(std::fabs(rows.data[i]) <= largest_coordinate))
      refuse("position " + std::to_string(i / rows.columns) + ": " + to_text(value(rows.data[i])) +
             " must be a finite number of at most 1e100");
  to.dimensions = static_cast<int>(rows.columns);
  to.nodes = rows.rows;
  to.points = rows;
}

void read_parameters(const std::vector<value>& parts, std::int64_t count, position_spec& to) {
  if (parts.size() != 2 && parts.size() != 3)
    refuse("there must be a Parameter for each of 2 or 3 dimensions, not " + std::to_string(parts.size()));
  for (const value& part : parts) {
    const auto* p = part.get_if<parameter_ref>();
    parameter_ref one = p == nullptr ? nullptr : *p;
    if (one == nullptr) {
      const auto number = number_of(part);
      if (!number) refuse(to_text(part) + " must be a Parameter", error_kind::TypeMismatch);
      one = parameter::make_constant(*number);
    }
    if (one->is_spatial())
      refuse("a Parameter for positions cannot depend on positions", error_kind::BadParameterValue);
    to.coordinates.push_back(one);
  }
  to.dimensions = static_cast<int>(parts.size());
  to.nodes = static_cast<std::uint64_t>(count);
}

void read_free(const value& positions, std::int64_t count, position_spec& to) {
  if (const auto rows = rows_in(positions)) return read_points(*rows, to);
  const auto* parts = positions.get_if<std::vector<value>>();
  if (parts != nullptr && std::ranges::any_of(*parts, [](const value& v) { return v.is<parameter_ref>(); }))
    return read_parameters(*parts, count, to);
  refuse("they must be a list of points of 2 or 3 coordinates each, or of Parameters, not " + to_text(positions));
}

/// A box around the middle of points: of the given extent, or where nobody gave one, of theirs, rounded up to whole
/// numbers of at least 1.
frame frame_of(const position_spec& spec, const std::array<std::vector<double>, 3>& columns) {
  frame f{spec.dimensions, {}, {}, spec.wraps};
  if (!spec.extent && columns[0].size() == 1) refuse("a single node needs an extent", error_kind::KernelException);
  for (int axis = 0; axis < spec.dimensions; ++axis) {
    const auto& column = columns[static_cast<std::size_t>(axis)];
    for (const double x : column)
      if (!(std::fabs(x) <= largest_coordinate))
        refuse("a coordinate, " + to_text(value(x)) + ", is no finite number of at most 1e100");
    const auto [least, most] = std::ranges::minmax(column);
    f.extent[axis] = spec.extent ? (*spec.extent)[axis] : std::max(1.0, std::ceil(most - least));
    f.low[axis] = (least / 2 + most / 2) - f.extent[axis] / 2;
    if (most - least > f.extent[axis])
      refuse("the nodes reach from " + to_text(value(least)) + " to " + to_text(value(most)) +
             ", beyond the extent of " + to_text(value(f.extent[axis])));
  }
  return f;
}

}  // namespace

position_spec read_positions(const dictionary& spec, std::int64_t count, unknown_keys& unknown) {
  position_spec to;
  const value *shape = spec.find("shape"), *positions = spec.find("positions");
  if ((shape == nullptr) == (positions == nullptr)) refuse("there must be either a shape or positions");
  std::vector<std::string> known{"extent", "edge_wrap"};
  if (shape != nullptr) {
    known.insert(known.end(), {"shape", "center"});
    read_grid(*shape, count, to);
  } else {
    known.push_back("positions");
    read_free(*positions, count, to);
  }
  for (const auto& [key, v] : spec)
    if (std::ranges::find(known, key) == known.end())
      unknown.add("positions", key, "Create: positions: " + unaccessed_entry(key, "these positions", known));
  if (const value* v = spec.find("extent"); v != nullptr && !v->is_none()) {
    to.extent = point_of(*v, "extent", to.dimensions);
    for (int axis = 0; axis < to.dimensions; ++axis)
      if (!((*to.extent)[axis] > 0)) refuse("extent = " + to_text(*v) + " must be > 0 in each dimension");
  }
  if (const value* v = spec.find("center"); v != nullptr && !v->is_none() && shape != nullptr)
    to.center = point_of(*v, "center", to.dimensions);
  if (const value* v = spec.find("edge_wrap"); v != nullptr && !v->is_none()) {
    if (!v->is<bool>()) refuse("edge_wrap = " + to_text(*v) + " must be a bool", error_kind::TypeMismatch);
    to.wraps = *v->get_if<bool>();
  }
  return to;
}

layer_ref make_layer(const position_spec& spec, std::uint64_t first, const draws_of_call& draws) {
  if (spec.grid) {
    frame f{spec.dimensions, {}, spec.extent.value_or(point{1, 1, 1}), spec.wraps};
    if (spec.dimensions == 2) f.extent[2] = 0;
    const point center = spec.center.value_or(point{});
    for (int axis = 0; axis < spec.dimensions; ++axis) f.low[axis] = center[axis] - f.extent[axis] / 2;
    return layer::on_grid(first, *spec.grid, f);
  }
  if (!spec.coordinates.empty()) {
    drawn_positions how{spec.coordinates, draws};
    auto columns = layer::draw(first, spec.nodes, how);
    const auto f = frame_of(spec, columns);
    return layer::drawn(first, std::move(how), std::move(columns), f);
  }
  std::array<std::vector<double>, 3> columns;
  for (std::size_t axis = 0; axis < spec.points.columns; ++axis) {
    columns[axis].resize(spec.points.rows);
    for (std::uint64_t i = 0; i < spec.points.rows; ++i)
      columns[axis][i] = spec.points.data[i * spec.points.columns + axis];
  }
  const auto f = frame_of(spec, columns);
  return layer::at_points(first, std::move(columns), f);
}

}  // namespace volley::runtime
