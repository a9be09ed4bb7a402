// What the kernel itself knows of a node, whatever its model: nobody can set it, and no shard is asked.
#pragma once
#include <string_view>

#include "runtime/kernel/network.hpp"
#include "runtime/values/node_columns.hpp"

namespace volley::runtime {

/// On this rank, of several.
bool is_here(const network&, const node_block&, std::uint64_t id);

bool is_node_fact(std::string_view key);

/// The wanted facts of nodes. `by_their_ranks`: as the rank of each node tells them; else as this one does, which tells
/// less of nodes that live on others.
void put_node_facts(const network&, const node_set&, bool by_their_ranks, node_columns& to);

/// Neurons that live on other ranks have what their models have: columns for it, though nothing is known of it here.
void note_keys_elsewhere(const network&, const node_set&, node_columns& to);

}  // namespace volley::runtime
