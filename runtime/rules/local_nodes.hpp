// The nodes of a set that live on one VP, in ascending order, without a look at the others.
#pragma once
#include <cstdint>

#include "runtime/base/layout.hpp"
#include "runtime/values/value.hpp"

namespace volley::runtime {

class local_nodes {
 public:
  struct entry {
    std::uint32_t position;  ///< in the set
    std::uint64_t id;
  };

  /// `nodes` must outlive this.
  local_nodes(const node_set& nodes, const layout& place) : nodes_(&nodes), place_(place) { enter_range(); }

  /// The next one into `out`; false at the end.
  bool next(entry& out);

 private:
  void enter_range();

  const node_set* nodes_;
  layout place_;
  std::size_t range_ = 0;
  std::uint64_t range_position_ = 0;  // position of the range's first node
  std::uint64_t index_ = 0;           // of the next local node within the range
  std::uint64_t period_ = 1;          // every so many nodes of the range are local
};

}  // namespace volley::runtime
