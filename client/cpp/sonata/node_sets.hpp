// Node sets of SONATA: names for populations and for some of their nodes.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "client/cpp/value.hpp"

namespace volley::client::sonata {

/// Nodes of one population.
struct chosen_nodes {
  std::string population;
  std::optional<std::vector<std::int64_t>> ids;  ///< ascending positions in it; absent: all
  bool has(std::int64_t id) const;
};

/// The file of node sets; empty without one. Circuits are published without it when their node sets are populations.
Dictionary read_node_sets(const Dictionary& config);

/// What a configuration means: the name of a node set or of a population, or {"population": ..., "node_id": [...]}.
/// Throws builtins.ValueError for a set that is chosen otherwise (by properties of nodes, or of several sets).
chosen_nodes node_set(const Value& what, const Dictionary& known);

}  // namespace volley::client::sonata
