// Blocks of neurons and their slots; values are in cells_values.cpp.
#include "runtime/shard/cells.hpp"

#include "runtime/base/contract.hpp"

namespace volley::runtime {

const population* cells::find(std::uint64_t id) const {
  const auto block = targets_.block_of(id);
  return block ? &this->block(*block) : nullptr;
}

std::optional<receiver> cells::receiver_of(std::uint64_t id) const {
  const auto* const block = find(id);
  if (block == nullptr) return std::nullopt;
  const auto& model = block->model();
  return receiver{model.name, block->values().channels(block->ids().cell(id)), model.numbers_receptors(), model.name};
}

void cells::add(std::uint64_t first, std::uint64_t last, const attributes& prototype, double now_ms, layer_ref where) {
  expects(first <= last && (populations_.empty() || first > populations_.back()->ids().last()),
          "ids of new cells are above those of all others");
  const auto ids = local_part(first, last, place_);
  if (ids.count == 0) return;
  const block_ordinal block(populations_.size());
  populations_.push_back(std::make_unique<population>(prototype, ids));
  populations_.back()->lie_in(std::move(where));
  populations_.back()->begin_at(now_ms);
  const auto first_entry = prototype.model().makes_entries() ? prototype.channels().size() : 0;
  targets_.add({ids, histories_.add_lines(padded(ids.count)), {}, static_cast<std::uint32_t>(first_entry)});
  add_slots(block);
}

void cells::add_slots(block_ordinal block) {
  const auto& model = this->block(block).model();
  const auto& channels = model.channels;
  const auto& made = targets_.blocks()[block];
  const auto count = padded(made.ids.count);
  for (auto i = static_cast<std::uint32_t>(made.channels.size()); i < channels.size(); ++i) {
    const bool currents = channels[i].is_current();
    auto& space = currents ? current_slots_ : spike_slots_;
    const auto first = space.add(block, i, count, channels[i].form);
    if (!currents) histories_.add_slots(first, count, made.first_line);
    targets_.add_channel(block,
                         {static_cast<std::uint32_t>(channels[i].receptor), currents, first,
                          static_cast<std::uint32_t>(model.shown_receptor(channels[i])), channels[i].makes_entry});
  }
}

void cells::begin_change() {
  before_ = {populations_.size(), spike_slots_.end(), current_slots_.end(), history_line(targets_.lines())};
  undo_.clear();
  noted_.clear();
  cleared_.clear();
}

void cells::take_back() {
  for (auto& saved : undo_) block(saved.block).restore(std::move(saved.values));
  for (const auto& [b, cell] : noted_) block(b).note_connections(cell, false);
  cut(before_);
  begin_change();
}

void cells::cut(const mark& to) {
  spike_slots_.cut(to.spike_slots);
  current_slots_.cut(to.current_slots);
  histories_.cut(to.spike_slots, to.lines);
  populations_.resize(to.blocks);
  targets_.cut(to.blocks, to.spike_slots, to.current_slots);
}

void cells::keep() {
  for (const auto line : cleared_) histories_.clear(line);
  begin_change();
}

void cells::prepare(const time_grid& time) {
  for (auto& p : populations_) p->prepare(time);
  histories_.read_tau_minus(populations_, targets_);
}

void cells::count(shard_bytes& bytes) const {
  bytes.nodes += spike_slots_.bytes() + current_slots_.bytes();
  for (const auto& p : populations_) bytes.nodes += p->bytes();
  histories_.count(bytes);
}

}  // namespace volley::runtime
