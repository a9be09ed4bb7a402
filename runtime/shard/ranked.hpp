// What the kernels of several ranks have to agree on: each obeys its own orders on its own shards, and what shards
// count or refuse counts for all.
#pragma once
#include <algorithm>
#include <cstdint>
#include <optional>

#include "runtime/connections/delay_extrema.hpp"
#include "runtime/rules/listed_pairs.hpp"

namespace volley::runtime {

/// Who hears what shards reply to an order.
enum class audience : std::uint8_t {
  all,    ///< each rank, the replies of all VPs: the order is one that all ranks give
  first,  ///< rank 0, those of all VPs; each other rank, those of its own
  own     ///< the order is this rank's alone, and so are the replies
};

/// What a rank alone knows, and all have to: agreed on before each call that all make.
struct agreed_facts {
  std::uint8_t due = 0;                    ///< what shards have to do before a run (a kernel's shard_work)
  delay_extrema delays;                    ///< of connections so far
  std::optional<listed_pairs> pairs = {};  ///< of a call to which each rank gives its own
  void include(const agreed_facts& other) {
    due = std::max(due, other.due);
    delays.include(other.delays);
    if (pairs && other.pairs)
      pairs->include(*other.pairs);
    else if (other.pairs)
      pairs = other.pairs;
  }
  template <class Snapshot> void snapshot(Snapshot& s) { s(due, delays, pairs); }
};

}  // namespace volley::runtime
