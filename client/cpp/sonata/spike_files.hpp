// Spike trains for virtual nodes: HDF5 or CSV files that the configuration's `inputs` section names.
#pragma once
#include <string>
#include <vector>

#include "client/cpp/value.hpp"

namespace volley::client::sonata {

/// Per node of the population its spike times in ms, ascending; nodes without input have none. Throws
/// builtins.ValueError for a file that is not of a known form, or names a node that the population does not have.
std::vector<std::vector<double>> spike_trains(const Dictionary& config, const std::string& population,
                                              std::uint64_t nodes);

}  // namespace volley::client::sonata
