// Calls about positions: where nodes are, how far from each other, and who is near (contract, section 13.6).
#include <algorithm>
#include <cmath>
#include <limits>

#include "runtime/base/error.hpp"
#include "runtime/kernel/calls.hpp"
#include "runtime/kernel/node_facts.hpp"
#include "runtime/kernel/steps.hpp"
#include "runtime/space/mask_reader.hpp"
#include "runtime/space/neighbour_search.hpp"
#include "runtime/space/number_lists.hpp"

namespace volley::runtime {
namespace {

/// Distances that differ by less, relative to the smaller, count as equal.
constexpr double tie = 1e-14;

layer_ref layer_for(const network& net, const node_set& nodes, const char* what) {
  check_nodes(net, nodes, what);
  auto found = net.nodes.layer_of(nodes);
  if (found == nullptr)
    throw api_error(error_kind::LayerExpected, std::string(what) + ": the nodes must have positions, all in one layer");
  return found;
}

/// Points by rows, checked.
std::vector<point> points_in(const value& v, int dimensions, const char* what) {
  const auto rows = rows_in(v);
  if (!rows || (rows->rows != 0 && rows->columns != static_cast<std::uint64_t>(dimensions)))
    throw api_error(error_kind::ValueError,
                    std::string(what) + ": points must be lists of " + std::to_string(dimensions) + " coordinates");
  std::vector<point> points(rows->rows, point{});
  for (std::uint64_t i = 0; i < rows->rows; ++i)
    for (std::uint64_t axis = 0; axis < rows->columns; ++axis) {
      const double x = rows->data[i * rows->columns + axis];
      if (!(std::fabs(x) <= largest_coordinate))
        throw api_error(error_kind::BadProperty,
                        std::string(what) + ": coordinates must be finite numbers of at most 1e100");
      points[i][axis] = x;
    }
  return points;
}

std::vector<point> positions_in(const layer& where, const node_set& nodes) {
  std::vector<point> all;
  all.reserve(nodes.size());
  for (const auto& r : nodes.ranges)
    for (auto id = r.first; id <= r.last; id += r.step) all.push_back(where[id - where.first()]);
  return all;
}

/// Of several ranks, each tells of its own.
std::vector<point> positions_here(const network& net, const layer& where, const node_set& nodes) {
  std::vector<point> some;
  net.nodes.for_each(nodes, [&](const node_block& block, std::uint64_t id, std::uint64_t) {
    if (is_here(net, block, id)) some.push_back(where[id - where.first()]);
  });
  return some;
}

matrix rows_of(const std::vector<point>& points, int dimensions) {
  matrix m{points.size(), static_cast<std::uint64_t>(dimensions), {}};
  m.data.reserve(points.size() * m.columns);
  for (const auto& p : points) m.data.insert(m.data.end(), p.begin(), p.begin() + dimensions);
  return m;
}

std::vector<double> some(const point& p, int dimensions) { return {p.begin(), p.begin() + dimensions}; }

/// The ids nearest to a point: the lowest, or all of them.
std::vector<std::int64_t> nearest(const frame& in, const std::vector<point>& points, const node_set& nodes,
                                  const point& location, bool all) {
  double least = std::numeric_limits<double>::infinity();
  for (const auto& p : points) least = std::min(least, length(displacement(in, location, p)));
  std::vector<std::int64_t> found;
  std::uint64_t i = 0;
  for (const auto& r : nodes.ranges)
    for (auto id = r.first; id <= r.last; id += r.step, ++i) {
      if (!(length(displacement(in, location, points[i])) <= least * (1 + tie))) continue;
      found.push_back(static_cast<std::int64_t>(id));
      if (!all) return found;
    }
  return found;
}

}  // namespace

outcome begin(network& net, const api::describe_space& c) {
  check_nodes(net, c.nodes, "spatial");
  const auto where = net.nodes.layer_of(c.nodes);
  if (where == nullptr) return done(net, value());
  const auto& in = where->within();
  dictionary told{{"network_size", static_cast<std::int64_t>(c.nodes.size())},
                  {"center", some(in.center(), in.dimensions)},
                  {"extent", some(in.extent, in.dimensions)},
                  {"edge_wrap", in.wraps}};
  if (where->grid()) {
    const auto& counts = where->grid()->counts;
    told["shape"] = std::vector<std::int64_t>(counts.begin(), counts.begin() + in.dimensions);
  } else {
    told["positions"] = rows_of(positions_here(net, *where, c.nodes), in.dimensions);
  }
  return done(net, value(std::move(told)));
}

outcome begin(network& net, const api::get_positions& c) {
  const auto where = layer_for(net, c.nodes, "GetPosition");
  return done(net, value(rows_of(positions_in(*where, c.nodes), where->dimensions())));
}

outcome begin(network& net, const api::displace& c) {
  const char* const what = c.distances ? "Distance" : "Displacement";
  const auto where = layer_for(net, c.to, what);
  std::vector<point> from;
  if (c.from.empty()) {
    from = points_in(c.points, where->dimensions(), what);
  } else {
    const auto others = layer_for(net, c.from, what);
    if (others->dimensions() != where->dimensions())
      throw api_error(error_kind::BadProperty, std::string(what) + ": the layers have different numbers of dimensions");
    from = positions_in(*others, c.from);
  }
  const auto to = positions_in(*where, c.to);
  if (from.size() != to.size() && from.size() != 1 && to.size() != 1)
    throw api_error(error_kind::ValueError, std::string(what) + ": " + std::to_string(from.size()) + " and " +
                                                std::to_string(to.size()) + " points; there must be as many, or one");
  if (from.empty()) throw api_error(error_kind::ValueError, std::string(what) + ": there are no points");
  std::vector<point> apart(std::max(from.size(), to.size()));
  for (std::size_t i = 0; i < apart.size(); ++i)
    apart[i] = displacement(where->within(), from[from.size() == 1 ? 0 : i], to[to.size() == 1 ? 0 : i]);
  if (!c.distances) return done(net, value(rows_of(apart, where->dimensions())));
  std::vector<double> distances;
  for (const auto& d : apart) distances.push_back(length(d));
  return done(net, value(std::move(distances)));
}

outcome begin(network& net, const api::find_nearest& c) {
  const char* const what = c.locations.is_none() ? "FindCenterElement" : "FindNearestElement";
  if (c.layer.empty()) throw api_error(error_kind::ValueError, std::string(what) + ": the layer has no nodes");
  const auto where = layer_for(net, c.layer, what);
  const auto locations = c.locations.is_none() ? std::vector<point>{where->within().center()}
                                               : points_in(c.locations, where->dimensions(), what);
  const auto points = positions_in(*where, c.layer);
  std::vector<value> found;
  std::vector<std::int64_t> first;
  for (const auto& location : locations) {
    auto ids = nearest(where->within(), points, c.layer, location, c.all);
    if (c.all)
      found.emplace_back(std::move(ids));
    else
      first.push_back(ids.front());
  }
  return done(net, c.all ? value(std::move(found)) : value(std::move(first)));
}

outcome begin(network& net, const api::select_by_mask& c) {
  const char* const what = "SelectNodesByMask";
  const auto where = layer_for(net, c.layer, what);
  const auto anchor = read_point(c.anchor, what, "anchor");
  unknown_keys unknown(net.settings.dict_miss_is_error);
  const laid_mask laid{read_mask(value(c.mask), what, unknown), where};
  if (laid.region->dimensions != where->dimensions() || anchor.dimensions != where->dimensions())
    throw api_error(error_kind::TypeMismatch, std::string(what) + ": mask and anchor must have the " +
                                                  std::to_string(where->dimensions()) + " dimensions of the layer");
  check_mask(*laid.region, *where, true, what);
  neighbour_search search(*where, c.layer, laid, neighbour_search::origin::at_point);
  search.find(anchor.at);
  std::vector<std::uint64_t> ids(search.ids().begin(), search.ids().end());
  std::ranges::sort(ids);
  return warned(unknown, done(net, node_set{net.generation, ranges_of(ids)}));
}

outcome begin(network& net, const api::test_mask& c) {
  unknown_keys unknown(net.settings.dict_miss_is_error);
  const auto m = read_mask(value(c.mask), "CreateMask", unknown);
  if (c.points.is_none()) return warned(unknown, done(net));
  if (m->kind == mask::form::grid)
    throw api_error(error_kind::KernelException,
                    "Inside: a grid mask has no place in space; it needs a layer on a grid");
  const auto rows = rows_in(c.points);
  if (!rows || rows->columns != static_cast<std::uint64_t>(m->dimensions))
    throw api_error(error_kind::KernelException,
                    "Inside: a point must have the " + std::to_string(m->dimensions) + " coordinates of the mask");
  booleans inside;
  for (const auto& p : points_in(c.points, m->dimensions, "Inside")) inside.data.push_back(m->contains(p));
  return warned(unknown, done(net, value(std::move(inside))));
}

}  // namespace volley::runtime
