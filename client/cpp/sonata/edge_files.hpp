// Connecting a SONATA network: HDF5 files of edges, read in parts, described by CSV files of edge types.
#pragma once
#include <cstdint>

#include "client/cpp/session.hpp"
#include "client/cpp/sonata/node_files.hpp"

namespace volley::client::sonata {

/// Makes the connections of all enabled edge files; at most `part` edges are in memory at a time. All files are read
/// and checked before the first connection is made. Throws builtins.BlockingIOError for a file that another process has
/// locked, KernelException for one that contradicts itself.
void connect_edges(Session& session, const Dictionary& config, const populations& nodes, std::uint64_t part);

}  // namespace volley::client::sonata
