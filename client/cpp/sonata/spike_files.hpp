// Spike trains for virtual nodes: HDF5 or CSV files that the configuration's `inputs` section names.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "client/cpp/sonata/node_files.hpp"

namespace volley::client::sonata {

/// For each population of virtual nodes, `sources`, per node its spike times in ms, ascending; nodes without input have
/// none. Throws builtins.ValueError for an input of no such population, or a file that is not of a known form, names a
/// node that the population does not have, or a time that is not after 0.
std::map<std::string, std::vector<std::vector<double>>> spike_trains(const Dictionary& config,
                                                                     const population_sizes& sources,
                                                                     const population_sizes& populations);

}  // namespace volley::client::sonata
