// A dry run: what calls do in a kernel that makes no neurons and no connections. Their arguments are checked and what they ask for
// is counted, so that a script runs to its end and the network's footprint is known. Devices are made, because they are small
// and have values to read; they record nothing.
#include <cmath>

#include "runtime/kernel/kernel.hpp"
#include "runtime/values/draw_site.hpp"
#include "runtime/values/node_columns.hpp"
#include "runtime/values/node_values.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::runtime {

// Values that differ over the nodes are those of the first node: one draw of a Parameter, the first entry of a list.
attributes kernel::first_values(const attributes& like, const dictionary& values) const {
  dictionary first;
  for (const auto& [key, v] : values) {
    if (const auto* p = v.get_if<parameter_ref>()) first[key] = (*p)->evaluate(value_site(1, 0));
    else first[key] = spread_length(v) == 0 ? v : entry_of(v, 0);
  }
  attributes changed(like, local_ids{1, 1, 1});
  changed.set(first);
  return changed;
}

outcome kernel::plan_neurons(const new_nodes& made) {
  const auto like = std::make_shared<const attributes>(first_values(*models_.node(made.model).neuron(), made.values));
  next_call();
  blocks_.push_back({made.first, made.last, made.model, -1, made.varied, like});
  return done(node_set{generation_, {{made.first, made.last, 1}}});
}

outcome kernel::plan_links(const std::vector<planned_connections>& plans) {
  for (const auto& plan : plans) {
    network_.add(plan, n_vps());
    n_connections_ += static_cast<std::uint64_t>(std::llround(plan.number));
  }
  note_delays(network_.delays());
  return done();
}

bool kernel::has_devices(const node_set& nodes) const {
  bool any = false;
  for_each_block(nodes, [&](const node_block& block, std::uint64_t) { any |= block.device >= 0; });
  return any;
}

// Part of a Create call's nodes cannot have values of its own here: all of them take the new ones.
void kernel::plan_values(const node_set& nodes, const dictionary& values) {
  std::vector<std::pair<std::size_t, std::shared_ptr<const attributes>>> changed;
  for_each_block(nodes, [&](const node_block& block, std::uint64_t) {
    if (block.like == nullptr) return;
    changed.emplace_back(static_cast<std::size_t>(&block - blocks_.data()), std::make_shared<const attributes>(first_values(*block.like, values)));
  });
  for (auto& [position, like] : changed) blocks_[position].like = std::move(like);
  note_varied(nodes, values);
}

void kernel::put_planned_values(const node_set& nodes, node_columns& to) const {
  std::uint64_t row = 0;
  for (const auto& r : nodes.ranges)
    for (auto id = r.first; id <= r.last; id += r.step, ++row) {
      const auto& block = block_of(id);
      if (block.like == nullptr) continue;
      if (to.keys().empty())
        for (const auto& [key, v] : block.like->get_all()) to.put(key, row, v);
      else
        for (const auto& key : to.keys())
          if (auto v = block.like->get(key); !v.is_none()) to.put(key, row, std::move(v));
    }
}

}  // namespace volley::runtime
