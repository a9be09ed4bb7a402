// Edits of the connections of one shard: changed and removed where they are stored. First staged, which may be
// refused, then committed or dropped.
#pragma once
#include <cstdint>
#include <map>
#include <string>

#include "runtime/connections/row_editor.hpp"
#include "runtime/shard/found_connections.hpp"
#include "runtime/shard/shard_parts.hpp"
#include "runtime/values/connection_columns.hpp"

namespace volley::runtime {

/// Whose edit it is, for messages.
struct edit_names {
  const std::string& what;  ///< "set"
  const std::map<store_ordinal, std::string>& of_stores;
};

/// Stages an edit of those of `list` that are stored here; returns the number of connections that will be left here.
/// Errors, of the first in the list that is refused, and then it must be dropped: InexistentConnection, BadProperty.
/// `edit` must live until then.
std::uint64_t stage_edit(shard_parts& shard, const connection_columns& list, const connection_edit& edit,
                         const edit_names& names);
std::uint64_t stage_removal(shard_parts& shard, const pair_removal& pairs);
/// Does what is staged.
void commit_edit(shard_parts& shard);
void drop_edit(shard_parts& shard);

}  // namespace volley::runtime
