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
  return receiver{block->model().name, block->values().channels(block->ids().cell(id))};
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
  targets_.add(slots_for(block, prototype.model(), ids));
}

target_lookup::block cells::slots_for(block_ordinal block, const models::neuron_model& model, const local_ids& ids) {
  const auto count = padded(ids.count);
  target_lookup::block made{ids, {}, {}};
  made.first_line = histories_.add_lines(count);
  for (const auto& channel : model.channels) {
    const bool currents = channel.is_current();
    auto& space = currents ? current_slots_ : spike_slots_;
    const auto first = space.add(block, static_cast<std::uint32_t>(made.channels.size()), count, channel.form);
    made.channels.push_back({static_cast<std::uint32_t>(channel.receptor), currents, first});
    if (!currents) histories_.add_slots(first, count, made.first_line);
  }
  return made;
}

void cells::begin_change() {
  before_ = {populations_.size(), spike_slots_.end(), current_slots_.end(), history_line(targets_.lines())};
  undo_.clear();
  cleared_.clear();
}

void cells::take_back() {
  for (auto& saved : undo_) block(saved.block).restore(std::move(saved.values));
  cut(before_);
  begin_change();
}

void cells::cut(const mark& to) {
  spike_slots_.cut(to.spike_slots);
  current_slots_.cut(to.current_slots);
  histories_.cut(to.spike_slots, to.lines);
  populations_.resize(to.blocks);
  targets_.cut(to.blocks);
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
