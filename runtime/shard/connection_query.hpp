// Connections of one shard as users see them: listing, reading, changing and removing. A connection is named by its
// model, source, target and multapse number.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "runtime/connections/row_editor.hpp"
#include "runtime/shard/found_connections.hpp"
#include "runtime/shard/shard.hpp"
#include "runtime/values/connection_columns.hpp"

namespace volley::runtime {

/// The connections stored here that pass, by model and source; those of one source in no order that others could rely
/// on.
std::vector<found_connection> find_connections(shard& s, const connection_filter& filter);

/// Values of those of `list` that are stored here.
connection_values read_connections(const shard& s, const connection_columns& list, bool with_parameters);

/// Whose edit it is, for messages.
struct edit_names {
  const std::string& what;  ///< "set"
  const std::map<std::uint32_t, std::string>& of_stores;
};

/// Stages an edit of those of `list` that are stored here; returns the number of connections that will be left here.
/// Errors, of the first in the list that is refused, and then nothing is staged: InexistentConnection, BadProperty.
std::uint64_t stage_edit(shard& s, const connection_columns& list, const connection_edit& edit,
                         const edit_names& names);
std::uint64_t stage_removal(shard& s, const pair_removal& pairs);
/// Does what is staged.
void commit_edit(shard& s);
void drop_edit(shard& s);

}  // namespace volley::runtime
