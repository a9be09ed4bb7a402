// Entries of nodes that are made by their connections.
#include <string>

#include "runtime/base/error.hpp"
#include "runtime/connections/connection_numbers.hpp"
#include "runtime/shard/cells.hpp"

namespace volley::runtime {
namespace {

using entry_counts = std::map<block_ordinal, std::vector<std::uint32_t>>;  // by cell

/// What connections of `p` ask for.
entry_counts entries_for(const projection& p, const layout& place, const target_lookup& targets) {
  entry_counts counts;
  const number_column column(p, p.receptor, receptor_leaf);
  batch_numbers batch(p);
  std::vector<double> receptors;
  walk(p, place, [&](const id_batch& b) {
    batch.visit(b);
    batch.read(column, receptors);
    for (std::size_t i = 0; i < b.size(); ++i) {
      const auto at = targets.maker_of_entries(b.target(i), static_cast<std::uint32_t>(receptors[i]));
      if (!at) continue;
      auto& of_block = counts[at->block];
      of_block.resize(targets.blocks()[at->block].ids.count);
      ++of_block[at->cell];
    }
  });
  return counts;
}

}  // namespace

void cells::make_entries(const projection& p) {
  const auto* const one = std::get_if<double>(&p.receptor);
  if (!targets_.make_entries(one == nullptr ? std::nullopt : std::optional(static_cast<std::uint32_t>(*one)))) return;
  for (const auto& [b, more] : entries_for(p, place_, targets_)) {
    const auto& values = block(b).values();
    for (std::uint32_t cell = 0; cell < more.size(); ++cell)
      if (const auto id = block(b).ids()[cell]; !values.has_room_for(values.entries(cell) + more[cell]))
        throw api_error(error_kind::IllegalConnection,
                        "Creation of connection is not possible: node " + std::to_string(id) + ", a " +
                            std::string(values.model().name) + ", would have " +
                            std::to_string(values.entries(cell) + more[cell]) +
                            " connections with a variable each, more than it has room for",
                        id);
    keep_values_of(b);
    block(b).add_entries(more);
    add_slots(b);
  }
}

}  // namespace volley::runtime
