// Connections as clients name them.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace volley::runtime {

/// A SynapseCollection: columns of equal length.
struct connection_columns {
  std::uint64_t generation = 0;
  std::vector<std::int64_t> sources, targets;
  std::vector<std::int64_t> models;  ///< ids of synapse models
  std::vector<std::int64_t> ports;   ///< multapse numbers
  std::size_t size() const { return sources.size(); }
  bool operator==(const connection_columns&) const = default;
};

}  // namespace volley::runtime
