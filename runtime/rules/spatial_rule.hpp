// What a rule asks of nodes with positions: where they are, the mask, and chances that depend on both ends.
#pragma once
#include <memory>
#include <string>

#include "runtime/space/neighbour_search.hpp"
#include "runtime/values/value.hpp"

namespace volley::runtime {

struct spatial_rule {
  layer_ref sources, targets;
  laid_mask mask;
  /// The mask's origin is at the target, and it lies over the sources; else the other way round.
  bool origin_at_target = false;
  /// Fixed degrees: how likely a node is chosen, relative to others. Null: all are alike.
  parameter_ref chance;

  /// The frame in which ends are apart.
  const frame& within() const { return mask.pool->within(); }
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(sources, targets, mask, origin_at_target, chance);
    if constexpr (Snapshot::loads)
      if (sources == nullptr || targets == nullptr) s.refuse();
  }
};

}  // namespace volley::runtime
