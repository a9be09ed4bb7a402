// Making the nodes of a SONATA network: one population per group of an HDF5 file, described by a CSV file of types.
#pragma once
#include <map>
#include <string>

#include "client/cpp/session.hpp"

namespace volley::client::sonata {

using populations = std::map<std::string, NodeCollection>;

/// Makes all nodes. The position in a collection is the node's id in the file. Throws builtins.ValueError for model
/// types that are no points, KernelException for files that contradict themselves.
populations create_nodes(Session& session, const Dictionary& config);

}  // namespace volley::client::sonata
