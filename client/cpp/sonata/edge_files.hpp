// Connecting a SONATA network: HDF5 files of edges, read in parts, described by CSV files of edge types.
#pragma once
#include <cstdint>
#include <functional>

#include "client/cpp/session.hpp"
#include "client/cpp/sonata/node_files.hpp"

namespace volley::client::sonata {

/// Edges of a file that a kernel is told of before it places them. It keeps what it is told, several times what the
/// connections will take. So that this does not count beside the network, the connections of big files are made and
/// placed some sources after others: all of a source at once, since what comes later makes segments of its own in each
/// row. Parts that have edges of several of these sweeps are read for each of them.
inline constexpr std::uint64_t edges_at_once = std::uint64_t{1} << 23;

/// Reads and checks all enabled edge files. Returns what makes their connections between the nodes; then at most `part`
/// edges are in memory at a time, and in the kernel, beside what is placed, `at_once`, or a quarter of a file that is
/// not sorted by source. `session` must live as long as it. Throws builtins.BlockingIOError for a file that another
/// process has locked, KernelException for one that contradicts itself.
std::function<void(const populations&)> checked_edges(Session& session, const Dictionary& config,
                                                      const population_sizes& sizes, std::uint64_t part,
                                                      std::uint64_t at_once = edges_at_once);

}  // namespace volley::client::sonata
