// Synaptic elements of the cells of one VP.
#include <algorithm>

#include "runtime/base/halves.hpp"
#include "runtime/shard/cells.hpp"
#include "runtime/shard/listed_connections.hpp"

namespace volley::runtime {

void cells::grow(double now_ms) {
  for (auto& p : populations_) p->grow(now_ms);
}

element_counts cells::count_elements(const std::string& name) const {
  element_counts counts;
  for (const auto& p : populations_) {
    const auto& elements = p->values().elements();
    const auto element = elements.find(name);
    for (std::uint32_t cell = 0; element && cell < p->size(); ++cell) {
      if (!elements.has(*element, cell)) continue;
      counts.ids.push_back(low_half(p->ids()[cell]));
      counts.vacant.push_back(elements.vacant(*element, cell));
    }
  }
  return counts;
}

void cells::occupy(std::span<const element_use> uses) {
  for (const auto& use : uses) {
    std::uint64_t position = 0;
    for_each_id(use.nodes, [&](std::uint64_t id) {
      const auto more = use.of(position++);
      const auto b = targets_.block_of(id);
      if (!b) return;
      auto& elements = block(*b).elements();
      const auto cell = block(*b).ids().cell(id);
      const auto element = elements.find(use.name);
      if (element && elements.has(*element, cell)) elements.occupy(*element, cell, more);
    });
  }
}

void cells::decay_vacant() {
  for (auto& p : populations_)
    for (std::uint32_t cell = 0; !p->elements().empty() && cell < p->size(); ++cell) p->elements().decay_vacant(cell);
}

}  // namespace volley::runtime
