// What can bring a lost VP back: its image (runtime::shard::save), taken by all VPs at one step, the cut.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "runtime/base/time.hpp"

namespace volley::runtime::cluster {

using image = std::shared_ptr<const std::vector<std::byte>>;

/// Where a cut was made: in which placement and which of its runs, before which step. Later ones are greater.
struct cut_name {
  std::uint32_t placement = 0;
  std::uint64_t run = 0;
  step_t step = 0;
  auto operator<=>(const cut_name&) const = default;
  template <class Snapshot> void snapshot(Snapshot& s) { s(placement, run, step); }
};

}  // namespace volley::runtime::cluster
