// Parameters for their own sake: GetValue, and apply on nodes, or on one node and points.
#include <cmath>

#include "runtime/base/error.hpp"
#include "runtime/kernel/calls.hpp"
#include "runtime/kernel/steps.hpp"
#include "runtime/space/number_lists.hpp"
#include "runtime/space/pair_geometry.hpp"
#include "runtime/values/draw_site.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::runtime {
namespace {

constexpr std::uint32_t none = 0;

/// A value for each node.
std::vector<double> values_at(const network& net, const parameter& p, const node_set& nodes,
                              const draws_of_call& draws) {
  std::vector<std::uint32_t> low, high;
  for (const auto& r : nodes.ranges)
    for (auto id = r.first; id <= r.last; id += r.step) {
      low.push_back(low_half(id));
      high.push_back(high_half(id));
    }
  const auto where = net.nodes.layer_of(nodes);
  node_geometry geometry(where.get());
  const draw_sites sites{
      node_site(draws, 0, 0).key, {low, high, std::span(&none, 1)}, 0, p.is_spatial() ? geometry.of(low) : nullptr};
  std::vector<double> values(low.size());
  p.evaluate(sites, values);
  return values;
}

/// A value for the pair of one node with each of some points.
std::vector<double> values_between(const network& net, const parameter& p, const node_set& node, const matrix& targets,
                                   const draws_of_call& draws) {
  if (node.size() != 1)
    throw api_error(error_kind::ValueError,
                    "apply: positions need exactly one source node, not " + std::to_string(node.size()));
  const auto where = net.nodes.layer_of(node);
  if (where == nullptr)
    throw api_error(error_kind::LayerExpected, "apply: positions need a source node that has a position");
  const auto dimensions = static_cast<std::size_t>(where->dimensions());
  if (targets.columns != dimensions || p.reads().dimensions() > where->dimensions())
    throw api_error(error_kind::BadProperty, "apply: positions and Parameter must have the " +
                                                 std::to_string(dimensions) + " dimensions of the layer");
  std::array<std::vector<double>, 3> columns;
  std::vector<std::uint32_t> number(targets.rows);
  for (std::uint64_t i = 0; i < targets.rows; ++i) number[i] = static_cast<std::uint32_t>(i);
  for (std::size_t axis = 0; axis < dimensions; ++axis)
    for (std::uint64_t i = 0; i < targets.rows; ++i) {
      const double x = targets.data[i * dimensions + axis];
      if (!(std::fabs(x) <= largest_coordinate))
        throw api_error(error_kind::BadProperty, "apply: positions must be finite numbers of at most 1e100");
      columns[axis].push_back(x);
    }
  pair_geometry geometry(where->within(), p.reads());
  const auto id = node.ranges[0].first;
  const auto low = low_half(id), high = high_half(id);
  const draw_sites sites{
      node_site(draws, 0, 0).key,
      {std::span(&low, 1), std::span(&high, 1), number},
      0,
      &geometry.between((*where)[id - where->first()], {columns[0], columns[1], columns[2]}, targets.rows, true)};
  std::vector<double> values(targets.rows);
  p.evaluate(sites, values);
  return values;
}

}  // namespace

outcome begin(network& net, const api::evaluate& c) {
  if (c.nodes) check_nodes(net, *c.nodes, "apply");
  std::optional<matrix> targets;
  if (!c.targets.is_none()) {
    targets = rows_in(c.targets);
    if (!targets)
      throw api_error(error_kind::ValueError, "apply: positions must be points of as many coordinates each");
  }
  const draws_of_call draws{net.settings.rng_seed, next_call(net)};
  if (!c.nodes) return done(net, value(c.expression->evaluate(value_site(draws))));
  if (targets) return done(net, value(values_between(net, *c.expression, *c.nodes, *targets, draws)));
  return done(net, value(values_at(net, *c.expression, *c.nodes, draws)));
}

}  // namespace volley::runtime
