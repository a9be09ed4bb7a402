// Connections as clients name them.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "runtime/base/ordinals.hpp"

namespace volley::runtime {

/// A SynapseCollection: columns of equal length.
struct connection_columns {
  std::uint64_t generation = 0;
  std::vector<std::int64_t> sources, targets;
  std::vector<std::int64_t> models;  ///< ids of synapse models
  std::vector<std::int64_t> ports;   ///< multapse numbers
  std::size_t size() const { return sources.size(); }
  /// REQUIRES: the model is one.
  store_ordinal store(std::size_t i) const { return store_ordinal(models[i]); }
  bool operator==(const connection_columns&) const = default;
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(generation, sources, targets, models, ports);
    if constexpr (Snapshot::loads)
      if (targets.size() != size() || models.size() != size() || ports.size() != size()) s.refuse();
  }
};

}  // namespace volley::runtime
