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
    block_slots_.push_back(slots_for(block, prototype.model(), padded(ids.count)));
    taps_.set_blocks(populations_.size());
  } catch (...) {
    cut_blocks(before);
    throw;
  }
}

shard::block_slots shard::slots_for(std::uint32_t block, const models::neuron_model& model, std::uint32_t cells) {
  block_slots slots;
  std::uint32_t receptor = 0;
  for (const auto& channel : model.channels) {
    const auto form = form_of(channel.kind);
    auto& space = form == input_form::current ? current_slots_ : spike_slots_;
    slots.by_channel.push_back(space.add(block, receptor++, cells, form));
  }
  slots.history = history_.add_lines(cells);
  line_of_page_.resize(spike_slots_.size() / slot_map::page);
  for (std::size_t c = 0; c < slots.by_channel.size(); ++c) {
    if (model.channels[c].kind == models::channel_kind::current) continue;
    for (std::uint32_t page = 0; page < cells / slot_map::page; ++page)
      line_of_page_[slots.by_channel[c] / slot_map::page + page] = slots.history + page * slot_map::page;
  }
  return slots;
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
  block_slots_.resize(to.blocks);
  taps_.set_blocks(to.blocks);
  undo_.clear();
}

void shard::drop_population(std::uint64_t first) {
  if (populations_.empty() || populations_.back()->ids().first < first) return;
  const auto& slots = block_slots_.back();
  const auto& channels = populations_.back()->model().channels;
  // Channels were handed out in order: the first of each space marks where the block began.
  block_sizes before{populations_.size() - 1, spike_slots_.size(), current_slots_.size(), slots.history};
  for (std::size_t c = 0; c < channels.size(); ++c) {
    auto& begin = channels[c].kind == models::channel_kind::current ? before.current_slots : before.spike_slots;
    begin = std::min(begin, slots.by_channel[c]);
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

std::int64_t shard::block_of(std::uint64_t id) const {
  // Blocks lie in the order of their ids.
  const auto after = std::upper_bound(populations_.begin(), populations_.end(), id,
                                      [](std::uint64_t x, const auto& p) { return x < p->ids().first; });
  if (after == populations_.begin() || !(*(after - 1))->ids().contains(id)) return -1;
  return after - 1 - populations_.begin();
}

const population* shard::find(std::uint64_t id) const {
  const auto block = block_of(id);
  return block < 0 ? nullptr : populations_[static_cast<std::size_t>(block)].get();
}

std::uint32_t shard::slot_of(std::uint64_t id, std::uint32_t receptor, bool currents) const {
  const auto block = static_cast<std::size_t>(block_of(id));
  const auto& cells = *populations_[block];
  const auto& channels = cells.model().channels;
  for (std::size_t c = 0; c < channels.size(); ++c) {
    if ((channels[c].kind == models::channel_kind::current) != currents || static_cast<std::uint32_t>(channels[c].receptor) != receptor) continue;
    return block_slots_[block].by_channel[c] + cells.ids().cell(id);
  }
  throw api_error(error_kind::InternalError, "a connection to a receptor that the target does not have was not refused");
}

std::uint64_t shard::id_of_slot(std::uint32_t slot, bool currents) const {
  const auto owner = slots(currents).owner(slot);
  return populations_[owner.block]->ids()[owner.cell];
}

void shard::set_values(const node_set& nodes, const dictionary& values) {
  undo_.clear();
  try {
    for (std::size_t b = 0; b < populations_.size(); ++b) {
      std::vector<std::uint32_t> cells;
      std::vector<std::uint64_t> positions;
      select_cells(nodes, populations_[b]->ids(), cells, positions);
      if (cells.empty()) continue;
      undo_.push_back({b, populations_[b]->image()});
      const auto effect = populations_[b]->set(values, cells, positions);
      for (const auto cell : effect.cleared) history_.clear(block_slots_[b].history + cell);
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

std::vector<column_part> shard::get_values(const node_set& nodes, const std::vector<std::string>& keys) const {
  std::vector<column_part> parts;
  for (const auto& block : populations_) {
    const auto& values = block->values();
    auto names = keys.empty() ? values.keys() : keys;
    std::erase_if(names, [&](const std::string& key) { return !values.has(key); });
    if (names.empty()) continue;
    std::vector<std::uint32_t> cells;
    std::vector<std::uint64_t> positions;
    select_cells(nodes, block->ids(), cells, positions);
    if (cells.empty()) continue;
    for (const auto& key : names) {
      auto column = values.get(key, cells);
      if (column.is_none()) {
        std::vector<value> list;
        for (const auto cell : cells) list.push_back(values.get(key, cell));
        column = std::move(list);
      }
      parts.push_back({key, positions, std::move(column)});
    }
  }
  return parts;
}

}  // namespace volley::runtime
