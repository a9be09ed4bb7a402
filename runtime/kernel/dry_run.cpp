// A dry run: what calls do in a kernel that makes no neurons and no connections. Their arguments are checked and what
// they ask for is counted, so that a script runs to its end and the network's footprint is known. Devices are made,
// because they are small and have values to read; they record nothing.
#include <cmath>

#include "runtime/kernel/dry_run.hpp"
#include "runtime/kernel/memory.hpp"
#include "runtime/kernel/new_nodes.hpp"
#include "runtime/kernel/steps.hpp"
#include "runtime/nodes/attribute_lists.hpp"
#include "runtime/space/pair_geometry.hpp"
#include "runtime/values/draw_site.hpp"
#include "runtime/values/node_columns.hpp"
#include "runtime/values/node_values.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::runtime {
namespace {

// Values that differ over the nodes are those of the first node: one draw of a Parameter, the first entry of a list.
attributes first_values(const attributes& like, const dictionary& values, const layer* where, std::uint64_t id) {
  dictionary first;
  for (const auto& [key, v] : values) {
    if (!like.refusal(key, false).empty()) continue;
    const value mine = has_entry_a_node(like, key, v) ? entry_of(v, 0) : v;
    if (mine.is_none()) continue;
    if (const auto* p = mine.get_if<parameter_ref>()) {
      node_geometry geometry(where);
      const auto low = low_half(id);
      auto site = value_site({1, 0});
      site.geometry = geometry.of({&low, 1});
      first[key] = (*p)->evaluate(site);
    } else
      first[key] = mine;
  }
  attributes changed(like, local_ids{1, 1, 1});
  changed.set(first);
  return changed;
}

}  // namespace

outcome plan_neurons(network& net, const new_nodes& made) {
  const auto like = std::make_shared<const attributes>(
      first_values(*net.models.node(made.model).neuron(), made.values.by_key, made.where.get(), made.first));
  if (has_parameters(made.values.by_key)) next_call(net);
  net.nodes.add({made.first, made.last, made.model, -1, made.varied, like, made.where});
  return done(net, node_set{net.generation, {{made.first, made.last, 1}}});
}

outcome plan_links(network& net, const new_connections& made) {
  for (const auto& plan : made.plans) {
    net.size.add(plan, net.n_vps());
    net.n_connections += static_cast<std::uint64_t>(std::llround(plan.number));
    net.n_connections_here = net.n_connections;
  }
  net.extrema.include(net.size.delays());
  note_taps(net, made.taps);
  note_trains(net, made.trains);
  return done(net);
}

bool has_devices(const network& net, const node_set& nodes) {
  bool any = false;
  net.nodes.for_each_block(nodes, [&](const node_block& block, const node_range&) { any |= block.device >= 0; });
  return any;
}

// Part of a Create call's nodes cannot have values of its own here: all of them take the new ones.
void plan_values(network& net, const node_set& nodes, const dictionary& values) {
  std::vector<std::pair<std::size_t, std::shared_ptr<const attributes>>> changed;
  net.nodes.for_each_block(nodes, [&](const node_block& block, const node_range&) {
    if (block.like == nullptr) return;
    changed.emplace_back(
        static_cast<std::size_t>(&block - net.nodes.blocks().data()),
        std::make_shared<const attributes>(first_values(*block.like, values, block.where.get(), block.first)));
  });
  for (auto& [position, like] : changed) net.nodes.blocks()[position].like = std::move(like);
  note_varied(net, nodes, values);
}

void put_planned_values(const network& net, const node_set& nodes, node_columns& to) {
  std::uint64_t row = 0;
  for (const auto& r : nodes.ranges)
    for (auto id = r.first; id <= r.last; id += r.step, ++row) {
      const auto& block = net.nodes.block_of(id);
      if (block.like == nullptr) continue;
      if (to.keys().empty())
        for (const auto& [key, v] : block.like->get_all()) to.put(key, row, v);
      else
        for (const auto& key : to.keys())
          if (auto v = block.like->get(key); !v.is_none()) to.put(key, row, std::move(v));
    }
}

}  // namespace volley::runtime
