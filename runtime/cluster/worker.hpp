// What everybody in a cluster calls a worker, and what it is known by.
#pragma once
#include <cstdint>

#include "runtime/base/ordinal.hpp"

namespace volley::runtime::cluster {

/// Counted since the supervisor began; 0 is the supervisor's own process. No number is given twice.
using worker_number = ordinal<struct worker_tag>;
inline constexpr worker_number own_process{0};

/// What makes messages of an earlier life recognisable: each kernel of a server has an epoch of its own, each
/// placement of its VPs a version, and both only grow.
struct fence {
  std::uint64_t epoch = 0;
  std::uint32_t placement = 0;
  auto operator<=>(const fence&) const = default;
  template <class Snapshot> void snapshot(Snapshot& s) { s(epoch, placement); }
};

}  // namespace volley::runtime::cluster
