// Synaptic elements by node, as shards tell them and are told of them.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "runtime/values/value.hpp"

namespace volley::runtime {

/// The nodes of one VP that have an element, ascending, and how many of it each has vacant.
struct element_counts {
  std::vector<std::uint32_t> ids;
  std::vector<std::int64_t> vacant;  ///< negative: more are connected than there are
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(ids, vacant);
    if constexpr (Snapshot::loads)
      if (ids.size() != vacant.size()) s.refuse();
  }
};

/// Connections that come to an element of some nodes, or that leave them.
struct element_use {
  std::string name;
  node_set nodes;
  std::vector<std::int64_t> more;  ///< one a node, or one for all; negative: connections that leave
  std::int64_t of(std::size_t position) const { return more[more.size() == 1 ? 0 : position]; }
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(name, nodes, more);
    if constexpr (Snapshot::loads)
      if (more.size() != 1 && more.size() != nodes.size()) s.refuse();
  }
};

}  // namespace volley::runtime
