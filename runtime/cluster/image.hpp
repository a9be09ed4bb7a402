// What can bring a lost VP back: its image (runtime::shard::save), taken by all VPs at one step, the cut.
#pragma once
#include <cstdint>
#include <memory>

#include "runtime/base/time.hpp"
#include "runtime/shard/shard_image.hpp"

namespace volley::runtime::cluster {

using image = std::shared_ptr<const shard_image>;

/// Where a cut was made: in which placement and which of its runs, before which step. Later ones are greater.
struct cut_name {
  std::uint32_t placement = 0;
  std::uint64_t run = 0;
  step_t step = 0;
  auto operator<=>(const cut_name&) const = default;
  template <class Snapshot> void snapshot(Snapshot& s) { s(placement, run, step); }
};

/// An image that one worker brings another.
struct parcel {
  cut_name cut;
  std::uint32_t vp = 0;
  image content;
  std::uint64_t left_out = 0;  ///< the first pieces of its events: the receiver's image at the cut `base` has them
  cut_name base = {};
  /// All but the content.
  template <class Snapshot> void snapshot(Snapshot& s) { s(cut, vp, left_out, base); }
};

}  // namespace volley::runtime::cluster
