// The events that recorders keep in memory, for images of a shard that follow each other: in pieces that stay as they
// are, each with what came after the one before. Whoever has the image before needs the last piece alone.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "runtime/devices/recorder.hpp"
#include "runtime/shard/shard_image.hpp"

namespace volley::runtime {

class event_pieces {
 public:
  /// All events of these recorders: the pieces of the last call, and one with what has come since; others where a
  /// recorder has forgotten what it had. Errors: bad_alloc; nothing has changed.
  const std::vector<shared_bytes>& of(std::span<const recorder> all);
  /// Recorders get these events, and the next pieces follow them. REQUIRES: they have none. Errors:
  /// std::invalid_argument for bytes that are no such pieces; then events are those of any of them.
  void load(std::vector<shared_bytes> pieces, std::span<recorder> into);

 private:
  struct mark {
    std::uint64_t forgotten = 0;
    std::size_t events = 0;
  };
  bool follow(std::span<const recorder> all) const;
  void add_to(std::span<const recorder> all);

  std::vector<shared_bytes> pieces_;
  std::vector<mark> marks_;  // by recorder: what pieces have of it
};

}  // namespace volley::runtime
