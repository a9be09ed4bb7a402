// Connections of one shard as users see them: listing and reading. A connection is named by its model, source, target
// and multapse number.
#pragma once
#include <vector>

#include "runtime/shard/found_connections.hpp"
#include "runtime/shard/shard_parts.hpp"
#include "runtime/values/connection_columns.hpp"

namespace volley::runtime {

/// The connections stored here that pass, by model and source; those of one source in no order that others could rely
/// on. Counts as a question for target_index.
std::vector<found_connection> find_connections(shard_parts& shard, const connection_filter& filter);

/// Values of those of `list` that are stored here.
connection_values read_connections(const shard_parts& shard, const connection_columns& list, bool with_parameters);

}  // namespace volley::runtime
