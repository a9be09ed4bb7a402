// The nodes of a shard: blocks, their slots, and their values.
#include <algorithm>

#include "runtime/base/contract.hpp"
#include "runtime/shard/shard.hpp"

namespace volley::runtime {
namespace {

/// The cells of a block that belong to `nodes`, and their positions in it.
void select_cells(const node_set& nodes, const local_ids& ids, std::vector<std::uint32_t>& cells,
                  std::vector<std::uint64_t>& positions) {
  std::uint64_t before = 0;
  for (const auto& range : nodes.ranges) {
    const std::uint64_t low = std::max(range.first, ids.first), high = std::min(range.last, ids.last());
    if (ids.count != 0 && low <= high) {
      // From the first cell at or after `low` on.
      for (std::uint32_t cell = static_cast<std::uint32_t>((low - ids.first + ids.stride - 1) / ids.stride);
           cell < ids.count && ids[cell] <= high; ++cell) {
        if ((ids[cell] - range.first) % range.step != 0) continue;
        cells.push_back(cell);
        positions.push_back(before + (ids[cell] - range.first) / range.step);
      }
    }
    before += range.size();
  }
}

}  // namespace

shard::shard(const layout& place, const model_catalog& catalog, record_files& files)
    : place_(place), catalog_(catalog), files_(files) {
  for (const auto& model : catalog.synapses) add_store(model);
}

shard::~shard() = default;

void shard::add_population(std::uint64_t first, std::uint64_t last, const attributes& prototype) {
  const auto ids = local_part(first, last, place_);
  if (ids.count == 0) return;
  const auto block = static_cast<std::uint32_t>(populations_.size());
  populations_.push_back(std::make_unique<population>(prototype, ids));
  targets_.add(slots_for(block, prototype.model(), ids));
  taps_.set_blocks(populations_.size());
}

target_lookup::block shard::slots_for(std::uint32_t block, const models::neuron_model& model, const local_ids& ids) {
  const auto cells = padded(ids.count);
  target_lookup::block made{ids, 0, {}};
  for (const auto& channel : model.channels) {
    const bool currents = channel.is_current();
    auto& space = currents ? current_slots_ : spike_slots_;
    const auto first = space.add(block, static_cast<std::uint32_t>(made.channels.size()), cells, channel.form);
    made.channels.push_back({static_cast<std::uint32_t>(channel.receptor), currents, first});
  }
  made.first_line = history_.add_lines(cells);
  line_of_page_.resize(spike_slots_.size() / slot_map::page);
  for (const auto& channel : made.channels) {
    if (channel.currents) continue;
    for (std::uint32_t page = 0; page < cells / slot_map::page; ++page)
      line_of_page_[channel.first_slot / slot_map::page + page] = made.first_line + page * slot_map::page;
  }
  return made;
}

shard::block_sizes shard::sizes_of_blocks() const {
  return {populations_.size(), spike_slots_.size(), current_slots_.size(), static_cast<std::uint32_t>(history_lines())};
}

void shard::cut_blocks(const block_sizes& to) {
  spike_slots_.cut(to.spike_slots);
  current_slots_.cut(to.current_slots);
  line_of_page_.resize(to.spike_slots / slot_map::page);
  history_.cut(to.lines);
  populations_.resize(to.blocks);
  targets_.cut(to.blocks);
  taps_.set_blocks(to.blocks);
}

void shard::add_stimulator(stimulator s, bool injector) {
  stimulators_.push_back(std::move(s));
  injectors_.push_back(injector);
}

bool shard::is_generator(std::uint64_t id) const {
  const auto found = std::ranges::lower_bound(stimulators_, id, {}, &stimulator::id);
  const auto position = static_cast<std::size_t>(found - stimulators_.begin());
  return position < stimulators_.size() && found->id() == id && !injectors_[position];
}

const population* shard::find(std::uint64_t id) const {
  const auto block = targets_.block_of(id);
  return block < 0 ? nullptr : populations_[static_cast<std::size_t>(block)].get();
}

void shard::set_values(const node_set& nodes, const dictionary& values, const value_reading& how, double now_ms) {
  for (std::size_t b = 0; b < populations_.size(); ++b) {
    std::vector<std::uint32_t> cells;
    std::vector<std::uint64_t> positions;
    select_cells(nodes, populations_[b]->ids(), cells, positions);
    if (cells.empty()) continue;
    if (b < before_.blocks.blocks) undo_.push_back({b, populations_[b]->values()});
    if (values.contains("Ca") || values.contains("tau_Ca")) populations_[b]->keep_calcium(cells, now_ms);
    const auto effect = populations_[b]->set(values, cells, positions, how);
    for (const auto cell : effect.cleared) cleared_.push_back(targets_.blocks()[b].first_line + cell);
  }
}

void shard::stage_stimulator(std::uint32_t position, stimulator s) {
  expects(position < stimulators_.size(), "a stimulator is set where there is one");
  staged_stimulators_.emplace_back(position, std::move(s));
}

void shard::stage_recorder(std::uint32_t position, recorder_spec spec, bool clears) {
  expects(position < recorders_.size(), "a recorder is set where there is one");
  staged_recorders_.push_back({position, std::move(spec), clears});
}

void shard::keep_values() {
  for (const auto line : cleared_) history_.clear(line);
  for (auto& [position, s] : staged_stimulators_) stimulators_[position] = std::move(s);
  for (auto& [position, spec, clears] : staged_recorders_) {
    recorders_[position].configure(std::move(spec));
    if (clears) recorders_[position].clear();
  }
  begin_change();
}

value shard::column_of(std::size_t b, const std::string& key, std::span<const std::uint32_t> cells, step_t now) const {
  const auto& block = *populations_[b];
  const auto each = [&](auto&& of_cell) {
    std::vector<decltype(of_cell(0u))> column;
    for (const auto cell : cells) column.push_back(of_cell(cell));
    return column;
  };
  // What spikes left behind, as it is now.
  const auto first_line = targets_.blocks()[b].first_line;
  const auto& tau_minus = block.values().node(&node_record::tau_minus);
  const double now_ms = plan_.time.to_ms(now), resolution_ms = plan_.time.resolution_ms();
  if (key == "Ca") return each([&](std::uint32_t cell) { return block.calcium(cell, now_ms); });
  if (key == "post_trace")
    return each(
        [&](std::uint32_t cell) { return history_.trace(first_line + cell, now, tau_minus[cell], resolution_ms); });
  if (key == "archiver_length")
    return each([&](std::uint32_t cell) { return static_cast<std::int64_t>(history_.length(first_line + cell)); });
  auto column = block.values().get(key, cells);
  if (!column.is_none()) return column;
  return each([&](std::uint32_t cell) { return block.values().get(key, cell); });
}

std::vector<column_part> shard::get_values(const node_set& nodes, const std::vector<std::string>& keys,
                                           step_t now) const {
  std::vector<column_part> parts;
  for (std::size_t b = 0; b < populations_.size(); ++b) {
    const auto& block = populations_[b];
    const auto& values = block->values();
    auto names = keys.empty() ? values.keys() : keys;
    std::erase_if(names, [&](const std::string& key) { return !values.has(key); });
    if (names.empty()) continue;
    std::vector<std::uint32_t> cells;
    std::vector<std::uint64_t> positions;
    select_cells(nodes, block->ids(), cells, positions);
    if (cells.empty()) continue;
    for (const auto& key : names) {
      parts.push_back({key, positions, column_of(b, key, cells, now)});
    }
  }
  return parts;
}

}  // namespace volley::runtime
