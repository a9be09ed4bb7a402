// Making the nodes of a SONATA network: one population per group of an HDF5 file, described by a CSV file of types.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "client/cpp/session.hpp"

namespace volley::client::sonata {

using populations = std::map<std::string, NodeCollection>;
using population_sizes = std::map<std::string, std::uint64_t>;

/// Nodes as files describe them. The position in a collection is the node's id in the file.
struct planned_nodes {
  std::uint64_t count = 0;
  std::function<NodeCollection()> create;
  std::uint64_t size() const { return count; }
};
using planned_populations = std::vector<std::pair<std::string, planned_nodes>>;

/// All populations: their files and those of their inputs are read and checked. `session` must live as long as the
/// plan. Throws builtins.ValueError for model types that are no points, KernelException for files that contradict
/// themselves.
planned_populations read_nodes(Session& session, const Dictionary& config);

populations create_nodes(const planned_populations& planned);

/// Of populations that are planned or made.
population_sizes sizes_of(const auto& all) {
  population_sizes sizes;
  for (const auto& [name, nodes] : all) sizes[name] = nodes.size();
  return sizes;
}

}  // namespace volley::client::sonata
