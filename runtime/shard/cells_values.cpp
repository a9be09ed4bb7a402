// Values of neurons as users set and read them.
#include <algorithm>
#include <array>
#include <optional>

#include "runtime/base/snapshot.hpp"
#include "runtime/shard/cells.hpp"

namespace volley::runtime {
namespace {

/// Cells of a block, and their positions in a set of nodes.
struct selection {
  std::vector<std::uint32_t> cells;
  std::vector<std::uint64_t> positions;
};

/// What changes how calcium decays, or what grows by it.
constexpr std::array calcium_keys{"Ca", "tau_Ca", "synaptic_elements", "synaptic_elements_param"};

/// The cells of a block that belong to `nodes`.
selection select_cells(const node_set& nodes, const local_ids& ids) {
  selection found;
  std::uint64_t before = 0;
  for (const auto& range : nodes.ranges) {
    const std::uint64_t low = std::max(range.first, ids.first), high = std::min(range.last, ids.last());
    if (ids.count != 0 && low <= high) {
      // From the first cell at or after `low` on.
      auto cell = static_cast<std::uint32_t>((low - ids.first + ids.stride - 1) / ids.stride);
      for (; cell < ids.count && ids[cell] <= high; ++cell) {
        if ((ids[cell] - range.first) % range.step != 0) continue;
        found.cells.push_back(cell);
        found.positions.push_back(before + (ids[cell] - range.first) / range.step);
      }
    }
    before += range.size();
  }
  return found;
}

}  // namespace

void cells::keep_values_of(block_ordinal b) {
  if (b.index() < before_.blocks && std::ranges::find(undo_, b, &saved_values::block) == undo_.end())
    undo_.push_back({b, block(b).values()});
}

void cells::set_values(const node_set& nodes, const dictionary& values, const value_reading& how, double now_ms) {
  for (block_ordinal b; b.index() < populations_.size(); ++b) {
    auto& block = this->block(b);
    const auto chosen = select_cells(nodes, block.ids());
    if (chosen.cells.empty()) continue;
    keep_values_of(b);
    if (std::ranges::any_of(calcium_keys, [&](const char* key) { return values.contains(key); }))
      block.keep_calcium(chosen.cells, now_ms);
    const auto effect = block.set(values, chosen.cells, chosen.positions, how);
    add_slots(b);
    for (const auto cell : effect.cleared) cleared_.push_back(targets_.blocks()[b].first_line + cell);
  }
}

bool cells::take(const attributes& others, const local_ids& ids, bool first) {
  std::optional<block_ordinal> here;
  std::vector<attributes::cell_pair> pairs;
  for (std::uint32_t there = 0; there < ids.count; ++there) {
    if (!holds(ids[there])) continue;
    const auto b = targets_.block_of(ids[there]);
    if (!b || (here && *here != *b)) snapshot_reader::refuse();
    here = b;
    pairs.push_back({block(*b).ids().cell(ids[there]), there});
  }
  if (!here) return false;
  block(*here).take(others, pairs, first);
  add_slots(*here);
  if (targets_.blocks()[*here].first_entry != 0)
    for (const auto& pair : pairs) entries_.put({*here, pair.here}, block(*here).values().entries(pair.here));
  return true;
}

void cells::note_targets(const node_set& nodes) {
  for (block_ordinal b; b.index() < populations_.size(); ++b) {
    if (block(b).model().lists.empty()) continue;
    const auto chosen = select_cells(nodes, block(b).ids());
    for (const auto cell : chosen.cells)
      if (block(b).note_connections(cell, true)) noted_.emplace_back(b, cell);
  }
}

value cells::column_of(block_ordinal b, const std::string& key, std::span<const std::uint32_t> which, step_t now,
                       const time_grid& time) const {
  const auto& block = this->block(b);
  const auto each = [&](auto&& of_cell) {
    std::vector<decltype(of_cell(0u))> column;
    for (const auto cell : which) column.push_back(of_cell(cell));
    return column;
  };
  // What spikes left behind, as it is now.
  const auto first_line = targets_.blocks()[b].first_line;
  const auto& tau_minus = block.values().node(&node_record::tau_minus);
  if (key == "Ca") return each([&](std::uint32_t cell) { return block.calcium(cell, time.to_ms(now)); });
  if (key == "post_trace")
    return each([&](std::uint32_t cell) {
      return histories_.trace(first_line + cell, now, tau_minus[cell], time.resolution_ms());
    });
  if (key == "archiver_length")
    return each([&](std::uint32_t cell) { return static_cast<std::int64_t>(histories_.length(first_line + cell)); });
  auto column = block.values().get(key, which);
  if (!column.is_none()) return column;
  return each([&](std::uint32_t cell) { return block.values().get(key, cell); });
}

std::vector<column_part> cells::get_values(const node_set& nodes, const std::vector<std::string>& keys, step_t now,
                                           const time_grid& time) const {
  std::vector<column_part> parts;
  for (block_ordinal b; b.index() < populations_.size(); ++b) {
    const auto& values = block(b).values();
    auto names = keys.empty() ? values.keys() : keys;
    std::erase_if(names, [&](const std::string& key) { return !values.has(key); });
    if (names.empty()) continue;
    const auto chosen = select_cells(nodes, block(b).ids());
    if (chosen.cells.empty()) continue;
    for (const auto& key : names) parts.push_back({key, chosen.positions, column_of(b, key, chosen.cells, now, time)});
  }
  return parts;
}

}  // namespace volley::runtime
