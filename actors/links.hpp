// The ways between the workers of one placement: for the batches of intervals, and for images of VPs.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "protocol/words.hpp"
#include "runtime/cluster/message.hpp"
#include "runtime/exchange/exchange.hpp"

namespace volley::actors {

/// The messages of all batches, one after the other. What is one already stays where it lies.
inline protocol::body back_to_back(std::span<const protocol::body> batches) {
  if (batches.size() == 1) return batches[0];
  std::size_t words = 0;
  for (const auto& b : batches) words += b->size();
  auto all = protocol::words::of_size(words);
  auto* to = all.view().data();
  for (const auto& b : batches) to = std::ranges::copy(b->view(), to).out;
  return std::make_shared<const protocol::words>(std::move(all));
}

/// Whoever the frames are for. Thread safety: called by one thread at a time.
class link_listener {
 public:
  virtual ~link_listener() = default;
  /// A peer's frame: the messages of the batches of its VPs, back to back. Each interval's once, in their order.
  /// Throws protocol::malformed.
  virtual void take_frame(runtime::cluster::worker_number from, std::uint64_t interval, runtime::request_bits asked,
                          const protocol::body& batches) = 0;
  /// A connection stands with each peer.
  virtual void links_stand() = 0;
  virtual void link_broke(runtime::cluster::worker_number peer, const std::string& why) = 0;
};

/// Thread safety: any thread may call, none twice at once.
class links {
 public:
  virtual ~links() = default;
  /// One frame to each peer. Intervals follow each other.
  virtual void put_out(std::uint64_t interval, runtime::request_bits asked,
                       std::span<const protocol::body> batches) = 0;
  /// Frames are taken while a run is on; those of a peer that began before wait where they are.
  virtual void resume() = 0;
  virtual void rest() = 0;
  /// No call of the listener is on or follows.
  virtual void close() = 0;
};

/// Whoever images are for. Called by the thread of the sockets.
struct image_listener {
  std::function<void(runtime::cluster::parcel)> arrived;
  /// Some that were brought to this peer may not have come.
  std::function<void(runtime::cluster::worker_number peer)> lost;
  std::function<void(runtime::cluster::worker_number peer, const std::string& why)> unreachable;
};

/// Thread safety: any thread may call.
class image_carrier {
 public:
  virtual ~image_carrier() = default;
  /// To another worker, whether it holds VPs or not.
  virtual void bring(const runtime::cluster::told::place::peer& to, const runtime::cluster::parcel& what) = 0;
  /// No call of the listener follows.
  virtual void close() = 0;
};

/// Frames of batches, in all links of a process: those that were dropped; and, over TCP, those that were sent, to each
/// peer once, whatever a broken connection takes again.
struct frame_counts {
  std::uint64_t stale = 0, repeated = 0, sent = 0, sent_bytes = 0;
  frame_counts& operator+=(const frame_counts& more) {
    stale += more.stale;
    repeated += more.repeated;
    sent += more.sent;
    sent_bytes += more.sent_bytes;
    return *this;
  }
};

class link_maker {
 public:
  virtual ~link_maker() = default;
  /// Links from worker `me` to the other peers of a placement; the listener is told when they stand.
  virtual std::shared_ptr<links> open(runtime::cluster::fence at, runtime::cluster::worker_number me,
                                      const runtime::cluster::told::place& what,
                                      std::shared_ptr<link_listener> listener) = 0;
  /// For images of a placement, to and from worker `me`. Null: nobody keeps any.
  virtual std::shared_ptr<image_carrier> open_for_images(runtime::cluster::fence, runtime::cluster::worker_number,
                                                         const std::string& /*secret*/, image_listener) {
    return nullptr;
  }
  virtual frame_counts counts() const = 0;
};

}  // namespace volley::actors
