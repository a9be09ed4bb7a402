// What can bring a lost shard back.
#pragma once
#include <algorithm>
#include <cstddef>
#include <memory>
#include <vector>

namespace volley::runtime {

using shared_bytes = std::shared_ptr<const std::vector<std::byte>>;

struct shard_image {
  shared_bytes state;                ///< all but the following
  std::vector<shared_bytes> events;  ///< that recorders keep in memory (runtime/shard/event_pieces.hpp)

  /// The same bytes, in the same pieces.
  friend bool operator==(const shard_image& a, const shard_image& b) {
    const auto same = [](const shared_bytes& x, const shared_bytes& y) { return x == y || *x == *y; };
    return same(a.state, b.state) && std::ranges::equal(a.events, b.events, same);
  }
};

}  // namespace volley::runtime
