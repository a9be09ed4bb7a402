// The nodes of a shard as connections see them: which slots a node has, and which node lies behind a slot.
#pragma once
#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "runtime/base/layout.hpp"
#include "runtime/base/ordinals.hpp"
#include "runtime/base/slot_map.hpp"

namespace volley::runtime {

class target_lookup {
 public:
  /// One receptor of all nodes of a block.
  struct channel {
    std::uint32_t receptor;
    bool currents;             ///< its slots are among those for currents
    input_slot first_slot;     ///< of cell 0; the other cells follow
    std::uint32_t shown;       ///< what connections show as their receptor
    bool makes_entry = false;  ///< each connection has a channel of its own: those from block::first_entry on
  };
  /// The nodes of one Create call that live here.
  struct block {
    local_ids ids;
    history_line first_line;        ///< of cell 0; a line a cell
    std::vector<channel> channels;  ///< in the order of the model
    std::uint32_t first_entry = 0;  ///< the first channel of an entry that connections make
  };

  /// REQUIRES: the slot maps outlive this, and every slot belongs to a block that was added.
  target_lookup(const slot_map& spike_slots, const slot_map& current_slots)
      : spike_slots_(spike_slots), current_slots_(current_slots) {}

  /// Ids ascend from block to block.
  void add(block b) { blocks_.push_back(std::move(b)); }
  /// One more receptor of a block's nodes.
  void add_channel(block_ordinal b, const channel& c) { blocks_[b.index()].channels.push_back(c); }
  /// Takes back the blocks from `kept` on, and of the others the receptors with slots from these on.
  void cut(std::size_t kept, input_slot spikes, input_slot currents) {
    blocks_.resize(std::min(kept, blocks_.size()));
    for (block& b : blocks_)
      std::erase_if(b.channels,
                    [&](const channel& c) { return c.first_slot.index() >= (c.currents ? currents : spikes).index(); });
  }
  table_view<block_ordinal, const block> blocks() const { return {blocks_}; }

  /// The block that holds a node; none: it lives elsewhere, or is no neuron.
  std::optional<block_ordinal> block_of(std::uint64_t id) const;
  /// REQUIRES: a node of this shard, else broken_contract, with such a receptor.
  input_slot slot(std::uint64_t id, std::uint32_t receptor, bool currents) const;
  /// Where each connection to this receptor makes an entry of the node: its block and cell. None: the node lives
  /// elsewhere, or the receptor is no such one.
  struct place {
    block_ordinal block;
    std::uint32_t cell;
  };
  std::optional<place> maker_of_entries(std::uint64_t id, std::uint32_t receptor) const;
  /// Whether some node has such a receptor, this one where it is given.
  bool make_entries(std::optional<std::uint32_t> receptor = std::nullopt) const;
  input_slot slot_of_entry(const place& at, std::uint32_t entry) const {
    const block& b = blocks()[at.block];
    return b.channels[b.first_entry + entry].first_slot + at.cell;
  }
  /// Calls visit(slot, currents) for every slot of a node; for none if the node lives elsewhere.
  template <class Visit> void for_each_slot(std::uint64_t id, Visit&& visit) const {
    const auto at = block_of(id);
    if (!at) return;
    const block& b = blocks()[*at];
    for (const channel& c : b.channels) visit(c.first_slot + b.ids.cell(id), c.currents);
  }

  const slot_map& slots(bool currents) const { return currents ? current_slots_ : spike_slots_; }
  input_form form(input_slot slot, bool currents) const { return slots(currents).form(slot); }
  std::uint64_t id(input_slot slot, bool currents) const {
    const auto owner = slots(currents).owner(slot);
    return blocks()[owner.block].ids[owner.cell];
  }
  /// Nodes are numbered too: a line a node, with gaps.
  history_line line(input_slot slot, bool currents) const {
    const auto owner = slots(currents).owner(slot);
    return blocks()[owner.block].first_line + owner.cell;
  }
  /// REQUIRES: a node of this shard, else broken_contract.
  history_line line(std::uint64_t id) const {
    const block& b = block_with(id);
    return b.first_line + b.ids.cell(id);
  }
  std::uint32_t lines() const;
  /// The receptor behind a slot, as connections show it.
  std::uint32_t receptor(input_slot slot, bool currents) const {
    const auto owner = slots(currents).owner(slot);
    return blocks()[owner.block].channels[owner.receptor].shown;
  }
  /// The low 32 bits of many ids, from slots as columns hold them; those that ascend within one block take the short
  /// way.
  void ids(std::span<const std::uint32_t> slots, bool currents, std::span<std::uint32_t> out) const;
  /// One more than the largest slot.
  std::uint64_t slot_limit() const { return std::max(spike_slots_.size(), current_slots_.size()); }

 private:
  const block& block_with(std::uint64_t id) const;

  const slot_map& spike_slots_;
  const slot_map& current_slots_;
  std::vector<block> blocks_;
};

}  // namespace volley::runtime
