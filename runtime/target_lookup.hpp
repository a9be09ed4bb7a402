// What the builder of connections must know about a shard's nodes.
#pragma once
#include <algorithm>
#include <cstdint>
#include <functional>
#include <vector>

#include "runtime/slot_map.hpp"

namespace volley::runtime {

/// The nodes behind one page of slots.
struct page_owner {
  std::uint64_t first_id;
  std::uint32_t id_stride;
  input_form form;
};

struct target_lookup {
  std::function<std::uint32_t(std::uint64_t id, std::uint32_t receptor, bool currents)> slot;
  std::vector<page_owner> spike_pages, current_pages;  ///< by slot / slot_map::page

  const page_owner& page(std::uint32_t slot, bool currents) const {
    return (currents ? current_pages : spike_pages)[slot / slot_map::page];
  }
  input_form form(std::uint32_t slot, bool currents) const { return page(slot, currents).form; }
  std::uint64_t id(std::uint32_t slot, bool currents) const {
    const auto& p = page(slot, currents);
    return p.first_id + std::uint64_t{p.id_stride} * (slot % slot_map::page);
  }
  /// One more than the largest slot.
  std::uint64_t slot_limit() const { return std::max(spike_pages.size(), current_pages.size()) * slot_map::page; }
};

}  // namespace volley::runtime
