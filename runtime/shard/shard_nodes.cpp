// The nodes of a shard: blocks, their slots, and their values.
#include <algorithm>

#include "runtime/base/error.hpp"
#include "runtime/shard/shard.hpp"

namespace volley::runtime {
namespace {

input_form form_of(models::channel_kind kind) {
  switch (kind) {
    case models::channel_kind::by_sign: return input_form::by_sign;
    case models::channel_kind::sum: return input_form::sum;
    case models::channel_kind::current: return input_form::current;
    default: return input_form::count;
  }
}

/// The cells of a block that belong to `nodes`, and their positions in it.
void select_cells(const node_set& nodes, const local_ids& ids, std::vector<std::uint32_t>& cells, std::vector<std::uint64_t>& positions) {
  std::uint64_t before = 0;
  for (const auto& range : nodes.ranges) {
    const std::uint64_t low = std::max(range.first, ids.first), high = std::min(range.last, ids.last());
    if (ids.count != 0 && low <= high) {
      // From the first cell at or after `low` on.
      for (std::uint32_t cell = static_cast<std::uint32_t>((low - ids.first + ids.stride - 1) / ids.stride); cell < ids.count && ids[cell] <= high; ++cell) {
        if ((ids[cell] - range.first) % range.step != 0) continue;
        cells.push_back(cell);
        positions.push_back(before + (ids[cell] - range.first) / range.step);
      }
    }
    before += range.size();
  }
}

}  // namespace

shard::shard(const layout& place) : place_(place) {}
shard::~shard() = default;

void shard::add_population(std::uint64_t first, std::uint64_t last, const attributes& prototype) {
  const auto ids = local_part(first, last, place_);
  if (ids.count == 0) return;
  const auto block = static_cast<std::uint32_t>(populations_.size());
  const auto before = sizes_of_blocks();
  try {
    populations_.push_back(std::make_unique<population>(prototype, ids));
    targets_.add(slots_for(block, prototype.model(), ids));
    taps_.set_blocks(populations_.size());
  } catch (...) {
    cut_blocks(before);
    throw;
  }
}

target_lookup::block shard::slots_for(std::uint32_t block, const models::neuron_model& model, const local_ids& ids) {
  const auto cells = padded(ids.count);
  target_lookup::block made{ids, 0, {}};
  for (const auto& channel : model.channels) {
    const auto form = form_of(channel.kind);
    const bool currents = form == input_form::current;
    auto& space = currents ? current_slots_ : spike_slots_;
    const auto first = space.add(block, static_cast<std::uint32_t>(made.channels.size()), cells, form);
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
  undo_.clear();
}

void shard::drop_population(std::uint64_t first) {
  if (populations_.empty() || populations_.back()->ids().first < first) return;
  const auto& block = targets_.blocks().back();
  // Channels were handed out in order: the first of each space marks where the block began.
  block_sizes before{populations_.size() - 1, spike_slots_.size(), current_slots_.size(), block.first_line};
  for (const auto& channel : block.channels) {
    auto& begin = channel.currents ? before.current_slots : before.spike_slots;
    begin = std::min(begin, channel.first_slot);
  }
  cut_blocks(before);
}

void shard::drop_devices(std::uint32_t kept_stimulators, std::uint32_t kept_recorders) {
  const auto cut = [](auto& all, std::uint32_t kept) {
    if (all.size() > kept) all.erase(all.begin() + static_cast<std::ptrdiff_t>(kept), all.end());
  };
  cut(stimulators_, kept_stimulators);
  cut(injectors_, kept_stimulators);
  cut(recorders_, kept_recorders);
}

void shard::add_stimulator(stimulator s, bool injector) {
  stimulators_.push_back(std::move(s));
  injectors_.push_back(injector);
}

bool shard::is_generator(std::uint64_t id) const {
  const auto found = std::ranges::lower_bound(stimulators_, id, {}, &stimulator::id);
  const auto position = static_cast<std::size_t>(found - stimulators_.begin());
  return position < stimulators_.size() && found->id == id && !injectors_[position];
}

const population* shard::find(std::uint64_t id) const {
  const auto block = targets_.block_of(id);
  return block < 0 ? nullptr : populations_[static_cast<std::size_t>(block)].get();
}

void shard::set_values(const node_set& nodes, const dictionary& values, double now_ms, bool known_only) {
  undo_.clear();
  try {
    for (std::size_t b = 0; b < populations_.size(); ++b) {
      std::vector<std::uint32_t> cells;
      std::vector<std::uint64_t> positions;
      select_cells(nodes, populations_[b]->ids(), cells, positions);
      if (cells.empty()) continue;
      undo_.push_back({b, populations_[b]->image()});
      dictionary known;
      for (const auto& [key, v] : known_only ? values : dictionary())
        if (populations_[b]->values().refusal(key, false).empty()) known[key] = v;
      const auto& given = known_only ? known : values;
      if (given.contains("Ca") || given.contains("tau_Ca")) populations_[b]->keep_calcium(cells, now_ms);
      const auto effect = populations_[b]->set(given, cells, positions);
      for (const auto cell : effect.cleared) history_.clear(targets_.blocks()[b].first_line + cell);
    }
  } catch (...) {
    take_back_values();
    throw;
  }
}

void shard::take_back_values() {
  for (const auto& saved : undo_) populations_[saved.block]->restore(saved.image);
  undo_.clear();
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
    return each([&](std::uint32_t cell) { return history_.trace(first_line + cell, now, tau_minus[cell], resolution_ms); });
  if (key == "archiver_length")
    return each([&](std::uint32_t cell) { return static_cast<std::int64_t>(history_.length(first_line + cell)); });
  auto column = block.values().get(key, cells);
  if (!column.is_none()) return column;
  return each([&](std::uint32_t cell) { return block.values().get(key, cell); });
}

std::vector<column_part> shard::get_values(const node_set& nodes, const std::vector<std::string>& keys, step_t now) const {
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
