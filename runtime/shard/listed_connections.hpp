// The connections of a list that one VP stores, row by row; those of recorders apart.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "runtime/connections/row_reader.hpp"
#include "runtime/shard/shard_parts.hpp"
#include "runtime/shard/taps.hpp"
#include "runtime/values/connection_columns.hpp"

namespace volley::runtime {

/// The label of the connections of a segment in the row of `source`. REQUIRES: a labelled model.
inline double label_of(const connection_store& rows, const models::synapse_model& model, std::uint64_t source,
                       std::uint64_t segment) {
  return rows.parameter_set(rows.cohort_of(rows.first_segment(source) + segment).parameters)[model.n_params - 1];
}

/// One that is in a row, and its position in the list.
struct listed_connection {
  store_ordinal model;
  std::uint32_t source;
  sought_connection sought;
  std::uint32_t position;
  auto operator<=>(const listed_connection&) const = default;
};

struct listed_connections {
  std::vector<listed_connection> in_rows;  ///< ascending; whether the rows have them is not known
  std::vector<taps::place> of_recorders;
  std::vector<std::uint64_t> missing;  ///< of recorders: positions of those that should be here
};

/// Those of `list` that this VP would store.
listed_connections local_part(const shard_parts& shard, const connection_columns& list);

/// Calls visit(model, source, connections) for each row.
template <class Visit> void for_each_row(std::span<const listed_connection> list, Visit&& visit) {
  for (std::size_t i = 0; i < list.size();) {
    std::size_t end = i + 1;
    while (end < list.size() && list[end].model == list[i].model && list[end].source == list[i].source) ++end;
    visit(list[i].model, list[i].source, list.subspan(i, end - i));
    i = end;
  }
}

template <class Visit> void for_each_id(const node_set& nodes, Visit&& visit) {
  for (const auto& r : nodes.ranges)
    for (auto id = r.first; id <= r.last; id += r.step) visit(id);
}

}  // namespace volley::runtime
