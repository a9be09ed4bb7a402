// Connections of one shard as users see them: listing, reading, changing and removing. A connection is named by its model,
// source, target and multapse number.
#pragma once
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "runtime/connections/row_editor.hpp"
#include "runtime/shard/shard.hpp"
#include "runtime/values/connection_columns.hpp"

namespace volley::runtime {

struct connection_filter {
  std::optional<node_set> sources, targets;
  std::optional<std::uint32_t> model;
};

struct found_connection {
  /// For `call`: connections of recorders, which follow the others of their source.
  static constexpr std::uint32_t of_recorder = ~std::uint32_t{0};
  std::uint32_t model, source, target, number;
  std::uint32_t call;  ///< as in connection_name
};

/// The connections stored here that pass, by model and source; those of one source in no order that others could rely on.
std::vector<found_connection> find_connections(shard& s, const connection_filter& filter);

/// Values of some connections of a list, as columns of equal length.
struct connection_values {
  std::vector<std::uint32_t> positions;  ///< in the list
  std::vector<double> weights;
  std::vector<std::uint32_t> delay_steps;
  std::vector<std::int32_t> receptors;
  std::size_t n_parameters = 0;    ///< of each, 0 where nobody wants them; static models have none and leave them out
  std::vector<double> parameters;  ///< parameters, then traces as they are
};

/// Values of those of `list` that are stored here.
connection_values read_connections(const shard& s, const connection_columns& list, bool with_parameters);

/// What speaks against an edit.
struct edit_verdict {
  static constexpr std::uint64_t none = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t missing = none;  ///< first position in the list that should be here and is not
  std::optional<illegal_connection> illegal;
  bool accepted() const { return missing == none && !illegal; }
};

/// One connection of each pair: the oldest.
struct pair_removal {
  std::uint32_t store;
  bool one_to_one;  ///< else all to all; pairs are counted source by source
  node_set sources, targets;
};

/// Stages an edit of those of `list` that are stored here; a refused one leaves nothing staged. What is in flight at step
/// `now` is fixed, which changes nothing by itself.
edit_verdict stage_edit(shard& s, const connection_columns& list, const connection_edit& edit, step_t now);
edit_verdict stage_removal(shard& s, const pair_removal& pairs, step_t now);
/// Does what is staged; returns the number of connections that are left here.
std::uint64_t commit_edit(shard& s);
void drop_edit(shard& s);

}  // namespace volley::runtime
