// What the builder of connections must know about a shard's nodes.
#pragma once
#include <algorithm>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "runtime/base/slot_map.hpp"

namespace volley::runtime {

/// The nodes behind one page of slots: slot s is that of node first_id + id_stride * (s - first_slot), in all of a block.
struct page_owner {
  std::uint64_t first_id;
  std::uint32_t first_slot, id_stride;
  input_form form;

  std::uint64_t id(std::uint32_t slot) const { return first_id + std::uint64_t{id_stride} * (slot - first_slot); }
};

struct target_lookup {
  std::function<std::uint32_t(std::uint64_t id, std::uint32_t receptor, bool currents)> slot;
  std::vector<page_owner> spike_pages, current_pages;  ///< by slot / slot_map::page

  const page_owner& page(std::uint32_t slot, bool currents) const {
    return (currents ? current_pages : spike_pages)[slot / slot_map::page];
  }
  input_form form(std::uint32_t slot, bool currents) const { return page(slot, currents).form; }
  std::uint64_t id(std::uint32_t slot, bool currents) const { return page(slot, currents).id(slot); }
  /// The low 32 bits of many ids; slots that ascend within one block take the short way.
  void ids(std::span<const std::uint32_t> slots, bool currents, std::span<std::uint32_t> out) const {
    const auto& first = page(slots.front(), currents);
    const bool one_block = page(slots.back(), currents).first_slot == first.first_slot;
    const auto origin = static_cast<std::uint32_t>(first.id(0));
    std::uint32_t descents = 0;
    for (std::size_t i = 1; i < slots.size(); ++i) descents |= slots[i] < slots[i - 1];  // to the end, and so on vectors
    if (one_block && !descents)
      for (std::size_t i = 0; i < slots.size(); ++i) out[i] = origin + first.id_stride * slots[i];
    else
      for (std::size_t i = 0; i < slots.size(); ++i) out[i] = static_cast<std::uint32_t>(id(slots[i], currents));
  }
  /// One more than the largest slot.
  std::uint64_t slot_limit() const { return std::max(spike_pages.size(), current_pages.size()) * slot_map::page; }
};

}  // namespace volley::runtime
