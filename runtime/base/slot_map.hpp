// The slot space of one shard: every spike channel of every (padded) cell has one input slot. Slots are handed out in
// multiples of 64, so that one small table of pages tells what lies behind a slot.
#pragma once
#include <cstdint>
#include <vector>

#include "models/core/input_form.hpp"
#include "runtime/base/column_view.hpp"
#include "runtime/base/ordinals.hpp"

namespace volley::runtime {

using models::input_form;

/// Behind a slot: a cell of a block (one Create call's nodes on this VP) and one of its receptors.
struct slot_owner {
  block_ordinal block;
  std::uint32_t cell;
  std::uint32_t receptor;
};

class slot_map {
 public:
  static constexpr std::uint32_t page = block_cells;

  /// Hands out `padded_cells` (a multiple of 64) slots for one receptor of a block; returns the first.
  input_slot add(block_ordinal block, std::uint32_t receptor, std::uint32_t padded_cells, input_form form) {
    const auto first = end();
    for (std::uint32_t cell = 0; cell < padded_cells; cell += page) pages_.push_back({block, cell, receptor, form});
    return first;
  }

  /// Takes back the slots from `first` on: nothing was connected to them yet.
  void cut(input_slot first) { pages_.resize(first.index() / page); }

  std::uint32_t size() const { return static_cast<std::uint32_t>(pages_.size()) * page; }
  /// The next to be handed out.
  input_slot end() const { return input_slot(size()); }
  input_form form(input_slot slot) const { return pages_[slot.index() / page].form; }
  slot_owner owner(input_slot slot) const {
    const auto& p = pages_[slot.index() / page];
    return {p.block, p.first_cell + slot.index() % page, p.receptor};
  }
  static constexpr std::uint64_t bytes_per_page = 16;
  std::uint64_t bytes() const { return pages_.capacity() * sizeof(entry); }
  /// Whether some slot has a second plane: amounts below zero go apart, or numbers.
  bool splits_by_sign() const {
    for (const auto& p : pages_)
      if (models::facts_of(p.form).has_second_plane()) return true;
    return false;
  }

 private:
  struct entry {
    block_ordinal block;
    std::uint32_t first_cell, receptor;
    input_form form;
  };
  static_assert(sizeof(entry) == bytes_per_page);
  std::vector<entry> pages_;
};

}  // namespace volley::runtime
